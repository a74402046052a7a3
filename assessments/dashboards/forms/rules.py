"""A rule of one check: its columns, the parameters that the check takes, how severe it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments.dashboards.forms.fields import PageForm
from assessments.quality.checks.base import Check
from assessments.quality.models import Rule, Severity
from assessments.quality.rule_fields import rule_fields, rule_initial, rule_problems, rule_values
from assessments.quality.specs import RuleSpec


class RuleForm(PageForm):
    """``types`` are the columns to choose from, with their types; {} for a dataset that has not been read.

    ``columns`` are those that a rule has: they are offered even when they are gone, so that saving another field does
    not lose them unseen.
    """

    def __init__(
        self, *args: Any, check: Check, types: Mapping[str, str], columns: Sequence[str] = (), **kwargs: Any
    ) -> None:
        self.check, self.types = check, types
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=200, help_text=_("What should hold, for example: price is positive.")
        )
        self.fields |= rule_fields(check, types, columns)
        self.fields["severity"] = forms.ChoiceField(
            label=_("Severity"), choices=Severity.choices, initial=Severity.WARNING
        )
        self.fields["threshold"] = forms.FloatField(
            label=_("Least share of rows that must pass, in percent"), min_value=0, max_value=100, initial=100
        )
        self.fields["enabled"] = forms.BooleanField(label=_("In use"), required=False, initial=True)
        self.style()
        for field in self.fields.values():
            if "data-code" in field.widget.attrs:
                field.widget.attrs["class"] += " font-monospace"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            columns, parameters = rule_values(self.check, data)
            spec = RuleSpec(data["name"], self.check.name, columns, parameters)
            for name, error in rule_problems(self.check, spec, self.types):
                text = " ".join(part for part in (error.message, error.hint) if part)
                self.add_error(name if name in self.fields else None, text)
        return data

    def arguments(self) -> dict[str, Any]:
        """What ``rule_save`` takes."""
        data = self.cleaned_data
        columns, parameters = rule_values(self.check, data)
        return {
            "name": data["name"],
            "check": self.check.name,
            "columns": columns,
            "parameters": parameters,
            "severity": data["severity"],
            "threshold": data["threshold"] / 100,
            "enabled": data["enabled"],
        }


def initial_of(rule: Rule, check: Check) -> dict[str, Any]:
    """The form's values for a rule that is there."""
    return rule_initial(rule, check) | {
        "name": rule.name,
        "severity": rule.severity,
        "threshold": round(rule.threshold * 100, 6),
        "enabled": rule.enabled,
    }
