"""Do times run forwards?"""

from typing import Any

import ibis
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, QueryPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import all_there, by_role, cells, filled, keyed, shown, whole
from assessments.quality.checks.registry import register
from assessments.quality.checks.timeliness import UNIT, moment
from assessments.quality.specs import RuleSpec


@register
class TimeOrder(Check):
    """Within a key, in the order of a sequence, no time is before the one that precedes it."""

    name = "time_order"
    label = gettext_lazy("Times do not go backwards")
    help = gettext_lazy(
        "Within a user or an order, in the order of a sequence column, no time is before the time of the row before it."
    )
    dimension = "timeliness"
    characteristic = "consistency"
    measured_by = "query"
    parameters = (
        Parameter(
            "within",
            "names",
            gettext_lazy("The columns within which times are in order; the user when left out."),
            label=gettext_lazy("In order within"),
        ),
        Parameter(
            "sequence",
            "column",
            gettext_lazy("The column that says which row comes first; the order of the file when left out."),
            label=gettext_lazy("Column of the sequence"),
        ),
        UNIT,
    )
    example = {"columns": ["time"], "parameters": {"within": ["order_id"], "sequence": "step"}}

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Rows whose key, sequence and readable time are not empty; a row fails when its time is before that of the "
            "row before it with the same key. Rows at the same place in the sequence are taken in the order of time."
        )

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        time = spec.columns[0]
        names = values["within"] or [by_role(scope, None, "user", "within", spec)]
        keys = keyed({name: scope.column(name) for name in names}, names)
        sequence = self._sequence(scope, values, spec)
        table = cells(scope, **keys, time=moment(scope.column(time), values["unit"], scope.dialect), sequence=sequence)
        table = table.filter(all_there(table, [*keys, "time", "sequence"]))
        earlier = table.time.lag().over(group_by=list(keys), order_by=[table.sequence, table.time])
        judged = table.mutate(back=(table.time < earlier).fill_null(False))
        groups = judged.group_by(list(keys)).aggregate(n=judged.count(), back=judged.count(where=judged.back))
        summary = groups.aggregate(
            checked=whole(groups.n.sum()),
            failing=whole(groups.back.sum()),
            groups=groups.count(),
            groups_in_violation=groups.count(where=groups.back > 0),
        )
        failing = judged.filter(judged.back)
        return QueryPlan(summary, shown(failing, {**dict(zip(keys, names, strict=True)), "time": time}))

    def _sequence(self, scope: Scope, values: dict[str, Any], spec: RuleSpec) -> ibis.Column:
        if values["sequence"]:
            return filled(scope.column(values["sequence"]))
        if scope.row is None:
            raise GovernError(
                _("The rows of this table have no order of their own."),
                where=place(spec),
                hint=_("Name the column that says which row comes first with the parameter “sequence”."),
            )
        return scope.row
