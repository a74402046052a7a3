"""Are there enough events of each user and item, and is each item ever seen?"""

from typing import Any

import ibis
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.base import Check, QueryPlan, Scope
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import (
    cells,
    column_of,
    comparable,
    filled,
    first_row,
    require_whole,
    shown,
    whole,
)
from assessments.quality.checks.reconciliation import DATASET
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec


@register
class ColdStart(Check):
    """Each user, or item, has at least some events: little can be learnt of one with fewer."""

    name = "cold_start"
    label = gettext_lazy("Enough events of each user or item")
    help = gettext_lazy("Each value of the column (a user, an item) has at least some rows.")
    dimension = "completeness"
    characteristic = "completeness"
    measured_by = "query"
    parameters = (
        Parameter(
            "min_events",
            "whole",
            gettext_lazy("The least number of rows of each user or item."),
            default=5,
            label=gettext_lazy("Fewest rows of each"),
        ),
    )
    example = {"columns": ["user_id"], "parameters": {"min_events": 5}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_whole(spec, values, "min_events", 1, 1_000_000_000)

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Different values of the column, not rows; a value fails when it has fewer than %(least)d rows. Empty "
            "cells are left out."
        ) % {"least": self.read(spec)["min_events"]}

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        least = self.read(spec)["min_events"]
        table = cells(scope, value=filled(scope.column(spec.columns[0])))
        table = table.filter(table.value.notnull())
        groups = table.group_by("value").aggregate(n=table.count(), **first_row(table))
        cold = groups.n < least
        summary = groups.aggregate(
            checked=groups.count(),
            failing=groups.count(where=cold),
            rows=whole(groups.n.sum()),
            rows_of_cold=whole(groups.n.sum(where=cold)),
            fewest_rows=whole(groups.n.min()),
            most_rows=whole(groups.n.max()),
        )
        return QueryPlan(summary, shown(groups.filter(cold), {"value": spec.columns[0]}))


@register
class NeverSeen(Check):
    """Each item of the table of items occurs in the events."""

    name = "never_seen"
    label = gettext_lazy("Each item of another dataset occurs here")
    help = gettext_lazy("Each value of a column of another dataset (the items on sale) occurs in this one's column.")
    dimension = "completeness"
    characteristic = "completeness"
    measured_by = "query"
    parameters = (
        DATASET,
        Parameter(
            "column",
            "text",
            gettext_lazy("The other dataset's column; the same name when left out."),
            label=gettext_lazy("Its column"),
        ),
    )
    example = {"columns": ["item_id"], "parameters": {"dataset": "items"}}

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Different values of the other dataset's column, not rows; a value fails when no row here has it. Empty "
            "cells are left out."
        )

    def datasets(self, spec: RuleSpec) -> tuple[str, ...]:
        return (self.read(spec)["dataset"],)

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        ours = scope.column(spec.columns[0])
        other = scope.other(values["dataset"])
        theirs = column_of(other, values["column"] or spec.columns[0], values["dataset"], spec)
        comparable(ours, theirs, spec)
        table = cells(scope, value=filled(ours))
        seen = table.filter(table.value.notnull()).select("value").distinct().mutate(seen=ibis.literal(True))
        listed = other.select(listed=filled(theirs))
        listed = listed.filter(listed.listed.notnull()).distinct()
        both = listed.left_join(seen, listed.listed == seen.value)
        unseen = both.seen.isnull()
        summary = both.aggregate(checked=both.count(), failing=both.count(where=unseen))
        return QueryPlan(summary, shown(both.filter(unseen), {"listed": spec.columns[0]}))
