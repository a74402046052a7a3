"""Do two cells of a row fit together?"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, RowPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec

OPERATORS: Mapping[str, Callable[[Any, Any], ir.BooleanValue]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


@register
class CompareColumns(Check):
    """The first cell of each row compared with the second."""

    name = "compare_columns"
    label = gettext_lazy("Two columns compared")
    help = gettext_lazy("In every row the first column is below, equal to or above the second.")
    dimension = "consistency"
    characteristic = "consistency"
    least_columns = most_columns = 2
    column_labels = (gettext_lazy("First column"), gettext_lazy("Second column"))
    parameters = (
        Parameter(
            "operator",
            "choice",
            gettext_lazy("How the first column must stand to the second."),
            required=True,
            choices=tuple(OPERATORS),
            label=gettext_lazy("Comparison"),
            shown=(
                gettext_lazy("< below"),
                gettext_lazy("≤ below or equal"),
                gettext_lazy("= equal"),
                gettext_lazy("≠ not equal"),
                gettext_lazy("≥ above or equal"),
                gettext_lazy("> above"),
            ),
        ),
        Parameter(
            "tolerance",
            "number",
            gettext_lazy("For numbers: by how much the comparison may be missed."),
            default=0,
            label=gettext_lazy("Tolerance"),
        ),
        Parameter(
            "nulls",
            "choice",
            gettext_lazy(
                "What an empty cell means: skip leaves the row out, fail counts it as failing, equal takes two empty "
                "cells as equal and one as failing."
            ),
            default="skip",
            choices=("skip", "fail", "equal"),
            label=gettext_lazy("Empty cells"),
            shown=(
                gettext_lazy("leave the row out"),
                gettext_lazy("the row fails"),
                gettext_lazy("two empty cells are equal"),
            ),
        ),
    )
    example = {"columns": ["ordered_at", "delivered_at"], "parameters": {"operator": "<="}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if values["tolerance"] < 0:
            raise GovernError(_("The tolerance is below 0."), where=place(spec), hint=_("It must be 0 or above."))

    def meaning(self, spec: RuleSpec) -> str:
        rows = {
            "skip": _("Rows in which neither cell is empty."),
            "fail": _("All rows; a row with an empty cell fails."),
            "equal": _("All rows; two empty cells are equal, and a row with one empty cell fails."),
        }[self.read(spec)["nulls"]]
        return rows + " " + _("NaN fails. Texts are compared letter by letter, by the codes of their characters.")

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        first, second = (scope.column(name) for name in spec.columns)
        one, two = alike(first, second, spec)
        passes = _compared(one, two, values, spec).fill_null(False)
        both = first.notnull() & second.notnull()
        if values["nulls"] == "skip":
            return RowPlan(checked=both, failing=~passes)
        if values["nulls"] == "equal" and values["operator"] in ("<=", "=", ">="):
            passes = passes | (first.isnull() & second.isnull())
        return RowPlan(checked=both | ~both, failing=~passes)


def alike(first: ir.Column, second: ir.Column, spec: RuleSpec) -> tuple[ir.Value, ir.Value]:
    """Both columns in one type; GovernError when they have none in common."""
    types = (first.type(), second.type())
    if all(kind.is_numeric() and not kind.is_boolean() for kind in types):
        if any(kind.is_floating() for kind in types):
            return first.cast("float64"), second.cast("float64")
        return first, second
    if all(kind.is_timestamp() or kind.is_date() for kind in types):
        return first.cast("timestamp(6)"), second.cast("timestamp(6)")
    if all(kind.is_string() for kind in types) or all(kind.is_boolean() for kind in types):
        return first, second
    raise GovernError(
        _("The column “%(first)s” holds %(first_type)s and “%(second)s” holds %(second_type)s.")
        % {
            "first": first.get_name(),
            "first_type": types[0],
            "second": second.get_name(),
            "second_type": types[1],
        },
        where=place(spec),
        hint=_("Compare two columns of numbers, two of times or two of texts."),
    )


def _compared(one: Any, two: Any, values: Mapping[str, Any], spec: RuleSpec) -> ir.BooleanValue:
    how, tolerance = values["operator"], values["tolerance"]
    if not one.type().is_numeric() or one.type().is_boolean():
        if tolerance:
            raise GovernError(
                _("A tolerance is for numbers."), where=place(spec), hint=_("Leave the parameter “tolerance” out.")
            )
        return OPERATORS[how](one, two)
    exact = OPERATORS[how](one, two)
    if tolerance:
        gap = one.cast("float64") - two.cast("float64")
        if how == "=":
            exact = exact | (gap.abs() <= tolerance)
        elif how == "!=":
            exact = gap.abs() > tolerance
        else:
            exact = exact | OPERATORS[how](gap, tolerance if how in ("<", "<=") else -tolerance)
    for number in (one, two):
        if number.type().is_floating():
            exact = exact & ~number.isnan()
    return exact
