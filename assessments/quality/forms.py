"""The form in which an administrator writes a rule: its fields are made from the chosen check and dataset."""

from typing import Any

from django import forms
from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.datasets.models import Dataset
from assessments.quality.checks import all_checks
from assessments.quality.checks.base import Check
from assessments.quality.models import Rule
from assessments.quality.rule_fields import (
    column_types,
    rule_columns,
    rule_fields,
    rule_initial,
    rule_problems,
    rule_values,
)
from assessments.quality.specs import RuleSpec


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic class at run time
    """Made for one check and one dataset by ``rule_form``; without them it asks for those first."""

    check: Check | None = None
    dataset: Dataset | None = None
    types: dict[str, str] = {}

    check_name = forms.ChoiceField(label=gettext_lazy("Check"))
    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)
    threshold = forms.FloatField(
        label=gettext_lazy("Threshold"),
        initial=1.0,
        help_text=gettext_lazy("The least share of checked rows that must pass: a number from 0 to 1."),
    )

    class Meta:
        model = Rule
        fields = ["dataset", "name", "dimension", "severity", "threshold", "enabled"]
        labels = {"dataset": gettext_lazy("Dataset")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "check_name" in self.fields:
            choices = [("", _("choose")), *((check.name, check.label) for check in all_checks())]
            self.fields["check_name"].choices = choices  # type: ignore[attr-defined]
        if self.check is not None:
            self.fields["shown_for"].initial = self.drawn_for
            if self.instance.pk:
                self.initial = {**self.initial, **rule_initial(self.instance, self.check)}

    @property
    def drawn_for(self) -> str:
        """What the fields belong to; "" while the check or the dataset has not been chosen."""
        return f"{self.dataset.pk}:{self.check.name}" if self.check and self.dataset else ""

    def full_clean(self) -> None:
        """A form that was sent with the fields of another check is shown again, with those of the chosen one."""
        super().full_clean()
        if self.is_bound and self.drawn_for and self.data.get("shown_for", "") != self.drawn_for:
            words = _("These are the fields of the check that you chose. Fill them in and save again.")
            self.errors.clear()
            self.errors["__all__"] = ErrorList([words])
            self.data = {**self.data.dict(), "shown_for": self.drawn_for}  # type: ignore[attr-defined]  # a QueryDict

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors or self.check is None or self.dataset is None:
            return data
        spec = self.spec()
        if not 0 <= spec.threshold <= 1:
            self.add_error("threshold", _("The threshold is not a share: it is a number from 0 to 1."))
        for name, error in rule_problems(self.check, spec, self.types):
            text = " ".join(part for part in (error.message, error.hint) if part)
            self.add_error(name if name in self.fields else None, text)
        namesakes = Rule.objects.filter(dataset=self.dataset, name=spec.name.strip()).exclude(pk=self.instance.pk)
        if namesakes.exists():
            self.add_error("name", _("Another rule of this dataset has this name."))
        return data

    def spec(self) -> RuleSpec:
        assert self.check is not None  # noqa: S101  asked only for a form that has its check
        data = self.cleaned_data
        columns, parameters = rule_values(self.check, data)
        return RuleSpec(
            name=data["name"],
            check=self.check.name,
            columns=columns,
            parameters=parameters,
            dimension=data["dimension"],
            severity=data["severity"],
            threshold=data["threshold"],
        )


def rule_form(check: Check | None, dataset: Dataset | None, rule: Rule | None) -> type[RuleForm]:
    """The form for rules of this check; a ``rule`` that is there keeps its check and its dataset."""
    attributes: dict[str, Any] = {"check": check, "dataset": dataset}
    if check is not None and dataset is not None:
        attributes["types"] = column_types(dataset)
        attributes |= rule_fields(check, attributes["types"], rule_columns(rule, check) if rule else ())
    if rule is not None:
        attributes["check_name"] = None
    return type("RuleForm", (RuleForm,), attributes)
