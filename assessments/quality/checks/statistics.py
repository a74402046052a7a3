"""Is the column as a whole what it should be: so many different values, such a mean?"""

from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, QueryPlan, RowPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import require_order
from assessments.quality.checks.registry import register
from assessments.quality.numbers import as_number, is_finite
from assessments.quality.specs import RuleSpec

STATISTICS = ("mean", "sum", "min", "max", "deviation")


@register
class DistinctCount(Check):
    """A column has at least so many different values, and at most so many; counted exactly, never estimated."""

    name = "distinct_count"
    label = gettext_lazy("As many different values as expected")
    help = gettext_lazy("The number of different values is between a least and a greatest one.")
    dimension = "completeness"
    characteristic = "completeness"
    measured_by = "query"
    parameters = (
        Parameter(
            "min", "whole", gettext_lazy("The least number of different values."), label=gettext_lazy("At least")
        ),
        Parameter(
            "max", "whole", gettext_lazy("The greatest number of different values."), label=gettext_lazy("At most")
        ),
    )
    example = {"columns": ["user_id"], "parameters": {"min": 1000}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        _require_bound(spec, values)

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Rows whose cell is not empty; they fail together when there are too few or too many different values. "
            "An empty cell is no value; NaN is one."
        )

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        column = scope.column(spec.columns[0])
        values = self.read(spec)
        summary = scope.table.aggregate(checked=column.count(), distinct=column.nunique()).mutate(failing=0)

        def judge(rows: int, _failing: int, found: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
            distinct = int(found["distinct"] or 0)
            return rows, 0 if _within(distinct, values) else rows, {"distinct": distinct}

        return QueryPlan(summary=summary, judge=judge)


@register
class Statistic(Check):
    """The mean, sum, least or greatest value or standard deviation of a column of numbers is within bounds."""

    name = "statistic"
    label = gettext_lazy("Mean or sum in a range")
    help = gettext_lazy("A statistic of the whole column is between a least and a greatest value.")
    dimension = "validity"
    characteristic = "accuracy"
    parameters = (
        Parameter(
            "statistic",
            "choice",
            gettext_lazy("What is measured; deviation is the standard deviation of a sample."),
            default="mean",
            choices=STATISTICS,
            label=gettext_lazy("Statistic"),
            shown=(
                gettext_lazy("mean"),
                gettext_lazy("sum"),
                gettext_lazy("least value"),
                gettext_lazy("greatest value"),
                gettext_lazy("standard deviation"),
            ),
        ),
        Parameter("min", "number", gettext_lazy("The least value of the statistic."), label=gettext_lazy("At least")),
        Parameter("max", "number", gettext_lazy("The greatest value of the statistic."), label=gettext_lazy("At most")),
    )
    example = {"columns": ["price"], "parameters": {"statistic": "mean", "min": 5, "max": 500}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        _require_bound(spec, values)

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Rows that hold a finite number; they fail together when the statistic is out of bounds. Empty cells, NaN, "
            "infinities and texts that are not numbers are left out and counted apart."
        )

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        number = as_number(column, scope.dialect)
        counted = is_finite(number).fill_null(False)
        extra = {
            "value": _statistic(number.cast("float64"), values["statistic"], counted),
            "left_out_rows": scope.table.count(where=~counted),
        }

        def judge(rows: int, _failing: int, found: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
            value = None if found["value"] is None else float(found["value"])
            wrong = value is not None and not _within(value, values)
            return rows, rows if wrong else 0, {**found, "value": value, "statistic": values["statistic"]}

        return RowPlan(checked=counted, failing=counted & ~counted, extra=extra, judge=judge)


def _statistic(number: ir.FloatingValue, statistic: str, where: ir.BooleanValue) -> ir.Scalar:
    if statistic == "deviation":
        return number.std(where=where, how="sample")
    found: ir.Scalar = getattr(number, statistic)(where=where)
    return found


def _within(value: float, bounds: dict[str, Any]) -> bool:
    least, most = bounds["min"], bounds["max"]
    return (least is None or value >= least) and (most is None or value <= most)


def _require_bound(spec: RuleSpec, values: dict[str, Any]) -> None:
    if values["min"] is None and values["max"] is None:
        raise GovernError(
            _("The rule has no bound."), where=place(spec), hint=_("Give the parameter “min” or “max”, or both.")
        )
    require_order(spec, values, "min", "max")
