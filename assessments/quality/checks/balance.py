"""Is each class there often enough to learn it?"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.base import Check, QueryPlan, Scope
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import cells, filled, require_order, require_share, together, whole
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec


@register
class LabelBalance(Check):
    """No class is too rare, and none is nearly everything."""

    name = "label_balance"
    label = gettext_lazy("Balanced classes")
    help = gettext_lazy("The rarest and the most frequent value of a column have shares within bounds.")
    dimension = "validity"
    characteristic = "credibility"
    measured_by = "query"
    parameters = (
        Parameter(
            "min_share",
            "number",
            gettext_lazy("The least share of the rarest value: 0.01 is 1 %."),
            0.01,
            label=gettext_lazy("Least share of the rarest value"),
        ),
        Parameter(
            "max_share",
            "number",
            gettext_lazy("The greatest share of the most frequent value."),
            0.99,
            label=gettext_lazy("Greatest share of the most frequent value"),
        ),
        Parameter(
            "classes",
            "whole",
            gettext_lazy("How many different values there are; not looked at when left out."),
            label=gettext_lazy("Number of different values"),
        ),
    )
    example = {"columns": ["purchased"], "parameters": {"min_share": 0.05}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_share(spec, values, "min_share", "max_share")
        require_order(spec, values, "min_share", "max_share")

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Rows whose cell is not empty; they fail together when the rarest value is too rare, the most frequent one "
            "too frequent, or the number of values another."
        )

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        table = cells(scope, value=filled(scope.column(spec.columns[0])))
        table = table.filter(table.value.notnull())
        groups = table.group_by("value").aggregate(n=table.count())
        summary = groups.aggregate(
            checked=whole(groups.n.sum()),
            classes=groups.count(),
            rarest_rows=whole(groups.n.min()),
            most_frequent_rows=whole(groups.n.max()),
        ).mutate(failing=0)

        def judge(rows: int, _failing: int, found: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
            if not rows:
                return 0, 0, found
            rarest, commonest = found["rarest_rows"] / rows, found["most_frequent_rows"] / rows
            fits = values["min_share"] <= rarest and commonest <= values["max_share"]
            fits = fits and values["classes"] in (None, found["classes"])
            return *together(rows, not fits), {**found, "rarest_share": rarest, "most_frequent_share": commonest}

        return QueryPlan(summary, judge=judge)
