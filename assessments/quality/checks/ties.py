"""Events of one user at one time: which of them is the last?"""

from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.base import Check, QueryPlan, Scope
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import (
    all_there,
    by_role,
    cells,
    filled,
    first_row,
    require_whole,
    shown,
    whole,
)
from assessments.quality.checks.registry import register
from assessments.quality.checks.timeliness import UNIT, moment
from assessments.quality.specs import RuleSpec


@register
class TimeTies(Check):
    """A user's last events are told from those before them by their time."""

    name = "time_ties"
    label = gettext_lazy("Last events are not tied in time")
    help = gettext_lazy(
        "Each user's last event has a later time than the one before it. Where two share a time, the order of rows in "
        "the file decides which one a recommender is tested on: sort the file in another way and every ranking metric "
        "changes, though no data did."
    )
    dimension = "timeliness"
    characteristic = "precision"
    measured_by = "query"
    least_columns, most_columns = 0, 1
    parameters = (
        Parameter(
            "user",
            "column",
            gettext_lazy("The column of users; the one with that role when left out."),
            label=gettext_lazy("Column of users"),
        ),
        Parameter(
            "last",
            "whole",
            gettext_lazy("How many last events of each user are held out for testing; the tie before them counts."),
            default=1,
            label=gettext_lazy("Last events of each user"),
        ),
        UNIT,
    )
    example = {"columns": ["time"], "parameters": {"user": "user_id", "last": 1}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_whole(spec, values, "last", 1, 1_000)

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Users with more than %(last)d events, not rows; a user fails when event %(last)d from the end and the "
            "event before it have the same time, so that the order of rows decides which of them is held out. Rows "
            "without a user or a readable time are left out."
        ) % {"last": self.read(spec)["last"]}

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        user = by_role(scope, values["user"], "user", "user", spec)
        time = by_role(scope, spec.columns[0] if spec.columns else None, "time", "columns", spec)
        when = moment(scope.column(time), values["unit"], scope.dialect)
        table = cells(scope, user=filled(scope.column(user)), time=when)
        table = table.filter(all_there(table, ["user", "time"]))
        moments = table.group_by(["user", "time"]).aggregate(n=table.count(), **first_row(table))
        tied = _tied(moments, values["last"])
        users = tied.group_by("user").aggregate(
            events=whole(tied.n.sum()), in_ties=whole(tied.n.sum(where=tied.n > 1)), tied=tied.boundary.any()
        )
        long = users.events > values["last"]
        events, tied_rows = whole(users.events.sum()), whole(users.in_ties.sum())
        failing = users.count(where=long & users.tied)
        summary = users.aggregate(
            checked=users.count(where=long),
            failing=failing,
            users=users.count(),
            share_of_all_users=failing.cast("float64") / users.count().nullif(0),
            rows=events,
            rows_in_ties=tied_rows,
            share_of_rows_in_ties=tied_rows.cast("float64") / events.nullif(0),
        )
        return QueryPlan(summary, shown(tied.filter(tied.boundary), {"user": user, "time": time}))


def _tied(moments: ir.Table, last: int) -> ir.Table:
    """Each user's moments, with ``boundary`` for the one that lies on both sides of the cut before the last events.

    The window runs over the moments of one user at a time.
    """
    from_end = ibis.window(group_by="user", order_by=moments.time.desc(), preceding=None, following=0)
    until = moments.mutate(until=moments.n.sum().over(from_end).cast("int64"))
    return until.mutate(boundary=(until.until > last) & (until.until - until.n < last))
