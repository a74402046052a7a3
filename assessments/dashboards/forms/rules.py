"""A rule of one check: its columns, the parameters that the check takes, how severe it is."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments.dashboards.forms.fields import PageForm
from assessments.quality.checks.base import Check
from assessments.quality.checks.parameters import Parameter
from assessments.quality.models import Rule, Severity

PREFIX = "parameter-"


class RuleForm(PageForm):
    def __init__(self, *args: Any, check: Check, columns: Sequence[str], **kwargs: Any) -> None:
        self.check = check
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=200, help_text=_("What should hold, for example: price is positive.")
        )
        if check.most_columns:
            many = check.most_columns > 1
            chooser = forms.MultipleChoiceField if many else forms.ChoiceField
            self.fields["columns"] = chooser(
                label=_("Columns") if many else _("Column"),
                choices=[(name, name) for name in columns],
                required=check.least_columns > 0,
                widget=forms.SelectMultiple(attrs={"size": min(len(columns), 8)}) if many else forms.Select(),
            )
        for parameter in check.parameters:
            self.fields[PREFIX + parameter.name] = parameter_field(parameter)
        self.fields["severity"] = forms.ChoiceField(
            label=_("Severity"), choices=Severity.choices, initial=Severity.WARNING
        )
        self.fields["threshold"] = forms.FloatField(
            label=_("Least share of rows that must pass, in percent"), min_value=0, max_value=100, initial=100
        )
        self.fields["enabled"] = forms.BooleanField(label=_("In use"), required=False, initial=True)
        for field in self.fields.values():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            box = isinstance(field.widget, forms.CheckboxInput)
            field.widget.attrs["class"] = "form-check-input d-block" if box else kind

    def arguments(self) -> dict[str, Any]:
        """What ``rule_save`` takes."""
        data = self.cleaned_data
        columns = data.get("columns") or []
        return {
            "name": data["name"],
            "check": self.check.name,
            "columns": [columns] if isinstance(columns, str) else columns,
            "parameters": self.parameters(),
            "severity": data["severity"],
            "threshold": data["threshold"] / 100,
            "enabled": data["enabled"],
        }

    def parameters(self) -> dict[str, Any]:
        """Those that were given; the check's own defaults stand for the others."""
        given = {}
        for parameter in self.check.parameters:
            value = self.cleaned_data[PREFIX + parameter.name]
            if value not in (None, ""):
                given[parameter.name] = typed(parameter, value)
        return given


def parameter_field(parameter: Parameter) -> forms.Field:
    common: dict[str, Any] = {
        "label": str(parameter.help).rstrip(".。"),
        "required": parameter.required,
        "help_text": _("In rule packs: %(name)s.") % {"name": parameter.name},
    }
    if parameter.kind == "choice":
        usual = _("no") if parameter.default is None else parameter.default
        blank = [] if parameter.required else [("", _("as usual (%(default)s)") % {"default": usual})]
        return forms.ChoiceField(choices=[*blank, *((c, c) for c in parameter.choices)], **common)
    if parameter.kind == "flag":
        shown = _("yes") if parameter.default else _("no")
        choices = [("", _("as usual (%(default)s)") % {"default": shown}), ("true", _("yes")), ("false", _("no"))]
        return forms.ChoiceField(choices=choices, **common)
    if parameter.kind == "values":
        common["help_text"] += " " + _("One on each line.")
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **common)
    return forms.CharField(max_length=2000, strip=False, **common)


def typed(parameter: Parameter, value: str) -> Any:
    """The text of a form as the parameter's type: what is no number stays a text, and the check says what is wrong."""
    if parameter.kind == "flag":
        return value == "true"
    if parameter.kind == "values":
        return [scalar(line.strip()) for line in value.splitlines() if line.strip()]
    if parameter.kind == "names":
        return [name.strip() for name in value.split(",") if name.strip()]
    if parameter.kind in {"number", "duration"}:
        return scalar(value.strip())
    return value


def scalar(text: str) -> Any:
    """A number when it is written as one, else the text."""
    try:
        number = json.loads(text)
    except ValueError:
        return text
    return number if isinstance(number, int | float) and not isinstance(number, bool) else text


def initial_of(rule: Rule) -> dict[str, Any]:
    """The form's values for a rule that is there."""
    shown: dict[str, Any] = {}
    for name, value in rule.parameters.items():
        if isinstance(value, bool):
            shown[PREFIX + name] = str(value).lower()
        elif isinstance(value, list):
            shown[PREFIX + name] = "\n".join(str(each) for each in value)
        else:
            shown[PREFIX + name] = value
    columns = rule.columns if len(rule.columns) != 1 else rule.columns[0]
    return shown | {
        "name": rule.name,
        "columns": columns,
        "severity": rule.severity,
        "threshold": round(rule.threshold * 100, 6),
        "enabled": rule.enabled,
    }
