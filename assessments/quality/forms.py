"""The form in which an administrator writes a rule; verified by the same registry as rule packs and scans."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks import all_checks, check_named
from assessments.quality.models import Rule
from assessments.quality.services import rule_verify
from assessments.quality.specs import RuleSpec


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic class at run time
    """Columns are one a line or separated by commas; parameters are JSON."""

    check_name = forms.ChoiceField(label=gettext_lazy("check"))
    columns = forms.CharField(
        label=gettext_lazy("columns"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line. A check of whole rows takes none."),
    )
    parameters = forms.JSONField(
        label=gettext_lazy("parameters"),
        required=False,
        initial=dict,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    threshold = forms.FloatField(
        label=gettext_lazy("threshold"),
        initial=1.0,
        help_text=gettext_lazy("The least share of checked rows that must pass: a number from 0 to 1."),
    )

    class Meta:
        model = Rule
        fields = [
            "dataset",
            "name",
            "check_name",
            "columns",
            "parameters",
            "dimension",
            "severity",
            "threshold",
            "enabled",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["check_name"].choices = [(check.name, check.label) for check in all_checks()]  # type: ignore[attr-defined]
        self.fields["parameters"].help_text = parameters_help()
        if self.instance.pk:
            self.initial["columns"] = "\n".join(self.instance.columns)

    def clean_columns(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["columns"].splitlines() if line.strip()]

    def clean_parameters(self) -> dict[str, Any]:
        parameters = self.cleaned_data["parameters"] or {}
        if not isinstance(parameters, dict):
            raise ValidationError(_('Write the parameters as a JSON object, such as {"min": 1}.'))
        return parameters

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors or "dataset" not in data:
            return data
        try:
            rule_verify(dataset=data["dataset"], spec=spec_from(data))
        except GovernError as error:
            text = " ".join(part for part in (error.message, error.hint) if part)
            self.add_error(self._at_fault(data), text)
        return data

    def _at_fault(self, data: dict[str, Any]) -> str:
        """The field that the refusal is about: the columns, unless only the threshold or the parameters are wrong."""
        if not 0 <= data["threshold"] <= 1:
            return "threshold"
        spec = spec_from(data)
        check = check_named(spec.check)
        try:
            check.require_columns(spec)
        except GovernError:
            return "columns"
        try:
            check.read(spec)
        except GovernError:
            return "parameters"
        return "columns"


def spec_from(data: dict[str, Any]) -> RuleSpec:
    return RuleSpec(
        name=data["name"],
        check=data["check_name"],
        columns=tuple(data["columns"]),
        parameters=data["parameters"],
        dimension=data["dimension"],
        severity=data["severity"],
        threshold=data["threshold"],
    )


def parameters_help() -> str:
    """One line for each check with the names of what it takes."""
    lines = [_("JSON. What each check takes:")]
    for check in all_checks():
        names = [f"{parameter.name}{'*' if parameter.required else ''}" for parameter in check.parameters]
        lines.append(f"{check.name}: {', '.join(names) or '–'}")
    return " · ".join(lines)
