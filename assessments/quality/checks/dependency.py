"""One code, one description."""

from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import NULLS, Check, QueryPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import all_there, cells, filled, first_row, keyed, shown, whole
from assessments.quality.checks.registry import register
from assessments.quality.checks.uniqueness import COUNT
from assessments.quality.specs import RuleSpec


@register
class FunctionalDependency(Check):
    """Rows with equal values in the columns have one value in the dependent column."""

    name = "functional_dependency"
    label = gettext_lazy("One code, one description")
    help = gettext_lazy(
        "Rows that are equal in the columns (a code) are equal in the dependent column too (its description)."
    )
    dimension = "consistency"
    characteristic = "consistency"
    measured_by = "query"
    most_columns = 10
    parameters = (
        Parameter(
            "dependent",
            "column",
            gettext_lazy("The column that the others decide."),
            required=True,
            label=gettext_lazy("Column that is decided"),
        ),
        COUNT,
        NULLS,
    )
    example = {"columns": ["item_id"], "parameters": {"dependent": "title"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if values["dependent"] in spec.columns:
            raise GovernError(
                _("The column “%(name)s” cannot decide itself.") % {"name": values["dependent"]},
                where=place(spec),
                hint=_("Name another column as “dependent”."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        if values["nulls"] == "fail":
            rows = _("Rows with a code; an empty description fails.")
        else:
            rows = _("Rows with a code and a description.")
        return rows + " " + odd_ones_in_words(values["count"])

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        keys = keyed({name: scope.column(name) for name in spec.columns}, spec.columns)
        table = cells(scope, **keys, value=filled(scope.column(values["dependent"])))
        names = {**dict(zip(keys, spec.columns, strict=True)), "value": values["dependent"]}
        return one_value_each(table, list(keys), names, values["count"], values["nulls"])


def odd_ones_in_words(count: str) -> str:
    if count == "members":
        return _("When a code has several descriptions, all its rows fail.")
    return _(
        "When a code has several descriptions, its rows fail that do not have the most frequent one (of equally "
        "frequent ones, the first in the order of values)."
    )


def one_value_each(table: ir.Table, keys: list[str], names: dict[str, str], count: str, nulls: str) -> QueryPlan:
    """The plan of a rule that each key has one ``value``.

    ``table`` has the columns ``keys``, ``value`` and perhaps ``row``; ``names`` are the names to show. Rows with an
    empty key are not looked at. Samples hold the first row of each value that is one too many.
    """
    there = table.filter(all_there(table, keys))
    pairs = there.group_by([*keys, "value"]).aggregate(n=there.count(), **first_row(there))
    has = pairs.value.notnull()
    groups = pairs.group_by(keys).aggregate(
        rows=whole(pairs.n.sum(where=has)),
        most=whole(pairs.n.max(where=has)),
        kinds=pairs.n.count(where=has),
        empty=whole(pairs.n.sum(where=~has)),
    )
    odd = groups.kinds > 1
    failing = groups.rows - groups.most if count == "surplus" else groups.rows
    empty = groups.empty.sum() if nulls == "fail" else ibis.literal(0)
    summary = groups.aggregate(
        checked=whole(groups.rows.sum()) + whole(empty),
        failing=whole(failing.sum(where=odd)) + whole(empty),
        groups=groups.count(where=groups.kinds > 0),
        groups_in_violation=groups.count(where=odd),
        most_values_of_one_group=whole(groups.kinds.max()),
        rows_with_an_empty_value=whole(groups.empty.sum()),
    )
    return QueryPlan(summary, _odd_rows(pairs, keys, names, count, nulls))


def _odd_rows(pairs: ir.Table, keys: list[str], names: dict[str, str], count: str, nulls: str) -> ir.Table:
    """The first row of each pair of key and value that fails; the window is over groups, a key at a time."""
    has = pairs.value.notnull()
    ranked = pairs.mutate(
        place=ibis.row_number().over(group_by=keys, order_by=[has.desc(), pairs.n.desc(), pairs.value]),
        kinds=pairs.n.count(where=has).over(group_by=keys),
    )
    fails = ranked.value.notnull() & (ranked.kinds > 1)
    if count == "surplus":
        fails = fails & (ranked.place > 0)
    if nulls == "fail":
        fails = fails | ranked.value.isnull()
    return shown(ranked.filter(fails), names)
