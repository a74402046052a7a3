"""Are there as many rows as there should be?"""

from typing import Any

import ibis
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, QueryPlan, RowPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import cells, earlier_of, require_order, together
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec


@register
class Volume(Check):
    """The table has at least so many rows, and at most so many."""

    name = "volume"
    label = gettext_lazy("As many rows as expected")
    help = gettext_lazy("The number of rows is between a least and a greatest one.")
    dimension = "completeness"
    characteristic = "completeness"
    least_columns = most_columns = 0
    parameters = (
        Parameter("min", "whole", gettext_lazy("The least number of rows."), label=gettext_lazy("At least")),
        Parameter("max", "whole", gettext_lazy("The greatest number of rows."), label=gettext_lazy("At most")),
    )
    example = {"parameters": {"min": 100_000}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if values["min"] is None and values["max"] is None:
            raise GovernError(
                _("The rule has no bound."), where=place(spec), hint=_("Give the parameter “min” or “max”, or both.")
            )
        require_order(spec, values, "min", "max")

    def meaning(self, spec: RuleSpec) -> str:
        return _("All rows; they fail together when there are too few or too many. An empty table counts as one row.")

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)

        def judge(rows: int, _failing: int, found: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
            fits = (values["min"] or 0) <= rows <= (values["max"] if values["max"] is not None else rows)
            return *together(rows, not fits), {**found, "rows": rows}

        return RowPlan(checked=ibis.literal(True), failing=ibis.literal(False), judge=judge)


@register
class VolumeChange(Check):
    """The table has not shrunk or grown too much since the snapshot before."""

    name = "volume_change"
    label = gettext_lazy("No sudden change in the number of rows")
    help = gettext_lazy("The number of rows, divided by that of the snapshot before, is within bounds.")
    dimension = "completeness"
    characteristic = "completeness"
    measured_by = "query"
    needs_earlier = True
    least_columns = most_columns = 0
    parameters = (
        Parameter(
            "min_ratio",
            "number",
            gettext_lazy("The least ratio: 0.5 allows half of the rows to go."),
            0.5,
            label=gettext_lazy("Least ratio"),
        ),
        Parameter(
            "max_ratio",
            "number",
            gettext_lazy("The greatest ratio: 2 allows twice as many rows."),
            2.0,
            label=gettext_lazy("Greatest ratio"),
        ),
    )
    example = {"parameters": {"min_ratio": 0.8, "max_ratio": 1.5}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_order(spec, values, "min_ratio", "max_ratio")

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "All rows; they fail together when the ratio to the number of rows of the snapshot before is out of "
            "bounds. An empty table counts as one row. Without a snapshot before, nothing is measured. Of a table that "
            "stays in its database it is the number of rows at the look before."
        )

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        before = ibis.literal(scope.looked.rows) if scope.looked else earlier_of(scope, spec).count()
        return counts_compared(scope, before, self.read(spec), "rows_before")


def counts_compared(
    scope: Scope, theirs: ibis.expr.types.IntegerScalar, values: dict[str, Any], name: str
) -> QueryPlan:
    """The plan of a rule that the rows of this table, divided by another count, are within bounds."""
    ours = cells(scope, one=ibis.literal(1))
    summary = ours.aggregate(checked=ours.count()).cross_join(theirs.name("theirs").as_table()).mutate(failing=0)

    def judge(rows: int, _failing: int, found: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
        other = int(found["theirs"])
        ratio = rows / other if other else None
        fits = rows == other if ratio is None else values["min_ratio"] <= ratio <= values["max_ratio"]
        return *together(rows, not fits), {"rows": rows, name: other, "ratio": ratio}

    return QueryPlan(summary, judge=judge)
