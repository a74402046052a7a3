"""Is the value there?"""

from functools import reduce
from operator import or_

import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.base import Check, RowPlan, Scope
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec

BLANK = Parameter(
    "blank",
    "choice",
    gettext_lazy("What a text of nothing but spaces means: present counts it as a value, missing does not."),
    default="present",
    choices=("present", "missing"),
    label=gettext_lazy("Nothing but spaces"),
    shown=(gettext_lazy("is a value"), gettext_lazy("is missing")),
)


@register
class Completeness(Check):
    """A row fails when one of the columns is empty; NaN is empty too, since it holds no value."""

    name = "completeness"
    label = gettext_lazy("Complete")
    help = gettext_lazy("Every row has a value in each of the columns.")
    dimension = "completeness"
    characteristic = "completeness"
    most_columns = 100
    parameters = (BLANK,)
    example = {"columns": ["user_id", "item_id"]}

    def meaning(self, spec: RuleSpec) -> str:
        if self.read(spec)["blank"] == "missing":
            return _("All rows; a row fails when one of the columns is empty, NaN, or nothing but spaces.")
        return _("All rows; a row fails when one of the columns is empty or NaN.")

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        blank = self.read(spec)["blank"]
        empty = [missing(scope.column(name), blank) for name in spec.columns]
        first = scope.column(spec.columns[0])
        return RowPlan(checked=first.isnull() | first.notnull(), failing=reduce(or_, empty))


def missing(column: ir.Column, blank: str) -> ir.BooleanValue:
    """Whether the cell is empty: null, NaN, and with ``blank`` "missing" a text of nothing but spaces."""
    if column.type().is_floating():
        return column.isnull() | column.isnan().fill_null(False)
    if column.type().is_string() and blank == "missing":
        return column.isnull() | (column.strip() == "").fill_null(False)
    return column.isnull()
