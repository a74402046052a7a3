"""Is it a value that can be?"""

from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import NULLS, Check, RowPlan, Scope, by_row, nulls_in_words, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.numbers import as_number
from assessments.quality.regex import regex_problem
from assessments.quality.specs import RuleSpec

LARGEST = 2**63 - 1


@register
class Range(Check):
    """A number between bounds. NaN fails every range; an infinity is compared like any number."""

    name = "range"
    label = gettext_lazy("Number in a range")
    help = gettext_lazy("The number is between the least and the greatest value.")
    dimension = "validity"
    characteristic = "accuracy"
    parameters = (
        Parameter("min", "number", gettext_lazy("The least value."), label=gettext_lazy("At least")),
        Parameter("max", "number", gettext_lazy("The greatest value."), label=gettext_lazy("At most")),
        Parameter(
            "min_exclusive",
            "flag",
            gettext_lazy("The least value itself fails too."),
            default=False,
            label=gettext_lazy("Without the least value"),
        ),
        Parameter(
            "max_exclusive",
            "flag",
            gettext_lazy("The greatest value itself fails too."),
            default=False,
            label=gettext_lazy("Without the greatest value"),
        ),
        NULLS,
    )
    example = {"columns": ["price"], "parameters": {"min": 0, "min_exclusive": True}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        least, most = values["min"], values["max"]
        if least is None and most is None:
            raise GovernError(
                _("A range needs “min”, “max” or both."), where=place(spec), hint=_("Add the parameter “min” or “max”.")
            )
        if least is None or most is None:
            return
        if least > most or (least == most and (values["min_exclusive"] or values["max_exclusive"])):
            raise GovernError(
                _("No number is in the range: “min” is %(min)s and “max” is %(max)s.") % {"min": least, "max": most},
                where=place(spec),
                hint=_("The parameter “min” must be below “max”."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        return nulls_in_words(self.read(spec)["nulls"]) + " " + _("NaN fails, and so does a text that is not a number.")

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        number = as_number(column, scope.dialect)
        passes = number.notnull()
        if number.type().is_floating():
            passes = passes & ~number.isnan()
        if values["min"] is not None:
            bound = _literal(values["min"])
            passes = passes & ((number > bound) if values["min_exclusive"] else (number >= bound))
        if values["max"] is not None:
            bound = _literal(values["max"])
            passes = passes & ((number < bound) if values["max_exclusive"] else (number <= bound))
        return by_row(column, passes, values["nulls"])


@register
class Pattern(Check):
    """A text that a regular expression (RE2, linear in time) finds, or must not find."""

    name = "pattern"
    label = gettext_lazy("Text of a pattern")
    help = gettext_lazy("The text matches a regular expression (RE2), or does not match it.")
    dimension = "validity"
    characteristic = "accuracy"
    parameters = (
        Parameter(
            "regex",
            "text",
            gettext_lazy("The regular expression, in the syntax of RE2."),
            required=True,
            label=gettext_lazy("Regular expression"),
        ),
        Parameter(
            "match",
            "choice",
            gettext_lazy("search finds the expression anywhere in the text; full must cover the whole text."),
            default="search",
            choices=("search", "full"),
            label=gettext_lazy("Where it is looked for"),
            shown=(gettext_lazy("anywhere in the text"), gettext_lazy("the whole text")),
        ),
        Parameter(
            "expect",
            "choice",
            gettext_lazy("match: a row fails without the pattern; no_match: a row fails with it."),
            default="match",
            choices=("match", "no_match"),
            label=gettext_lazy("A row fails"),
            shown=(gettext_lazy("without the pattern"), gettext_lazy("with the pattern")),
        ),
        Parameter(
            "personal_data",
            "choice",
            gettext_lazy("Failing rows hold unprotected personal data of this kind; the score has a gate on it."),
            choices=("email", "phone", "name", "address", "identity", "payment", "other"),
            label=gettext_lazy("Personal data in failing rows"),
            shown=(
                gettext_lazy("e-mail address"),
                gettext_lazy("telephone number"),
                gettext_lazy("name of a person"),
                gettext_lazy("postal address"),
                gettext_lazy("number of an identity document"),
                gettext_lazy("means of payment"),
                gettext_lazy("other"),
            ),
        ),
        NULLS,
    )
    example = {"columns": ["invoice"], "parameters": {"regex": "[0-9]{6}", "match": "full"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        reason = regex_problem(values["regex"])
        if reason:
            raise GovernError(
                _("The parameter “regex” is not a regular expression of RE2: %(reason)s.") % {"reason": reason},
                where=place(spec),
                hint=_("RE2 has no look-ahead, look-behind or back-references."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        if values["expect"] == "no_match":
            outcome = _("A row fails when its text matches; other values are read as text.")
        else:
            outcome = _("A row fails when its text does not match; other values are read as text.")
        return nulls_in_words(values["nulls"]) + " " + outcome

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        text = column if column.type().is_string() else column.cast("string")
        match = scope.dialect.full_match if values["match"] == "full" else scope.dialect.search
        found = match(text, values["regex"])
        return by_row(column, ~found if values["expect"] == "no_match" else found, values["nulls"])


@register
class AllowedValues(Check):
    """One of a list of values; upper and lower case differ unless told otherwise."""

    name = "allowed_values"
    label = gettext_lazy("One of the allowed values")
    help = gettext_lazy("The value is one of a list.")
    dimension = "validity"
    characteristic = "accuracy"
    parameters = (
        Parameter("values", "values", gettext_lazy("The allowed values."), required=True, label=gettext_lazy("Values")),
        Parameter(
            "case",
            "choice",
            gettext_lazy("exact: upper and lower case differ; ignore: they are the same."),
            default="exact",
            choices=("exact", "ignore"),
            label=gettext_lazy("Upper and lower case"),
            shown=(gettext_lazy("differ"), gettext_lazy("are the same")),
        ),
        NULLS,
    )
    example = {"columns": ["event"], "parameters": {"values": ["view", "cart", "purchase"]}}

    def meaning(self, spec: RuleSpec) -> str:
        return nulls_in_words(self.read(spec)["nulls"]) + " " + _("A row fails when its value is not in the list.")

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        allowed = _of_type(column, values["values"], spec)
        value = column
        if values["case"] == "ignore" and column.type().is_string():
            value, allowed = column.lower(), [one.lower() for one in allowed]
        return by_row(column, value.isin(allowed), values["nulls"])


def _literal(bound: float) -> float:
    return float(bound) if isinstance(bound, int) and abs(bound) > LARGEST else bound


def _of_type(column: ir.Column, values: list[Any], spec: RuleSpec) -> list[Any]:
    """The allowed values in the column's own type; raises GovernError for one that cannot be."""
    kind = column.type()
    if kind.is_boolean():
        wrong = [value for value in values if not isinstance(value, bool)]
    elif kind.is_numeric():
        wrong = [value for value in values if isinstance(value, bool | str)]
    elif kind.is_string():
        return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    else:
        wrong = values
    if wrong:
        raise GovernError(
            _("The parameter “values” has %(value)s, but the column “%(name)s” holds %(type)s.")
            % {"value": repr(wrong[0])[:80], "name": column.get_name(), "type": kind},
            where=place(spec),
            hint=_("Write values of the column's own type."),
        )
    return [_literal(value) for value in values]
