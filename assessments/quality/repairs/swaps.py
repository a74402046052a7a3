"""Values of two columns that stand in each other's place."""

import ibis
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.repairs.base import Change, Repair, Scope, Step, own, place, text_column
from assessments.quality.repairs.discovery.swaps import HOME, LEAST_HOME, MOST_VALUES, at_home
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.registry import register


@register
class SwapBack(Repair):
    """Only rows in which both values belong to the other column."""

    name = "swap_back"
    label = gettext_lazy("Swap values back")
    help = gettext_lazy(
        "Where a town stands in the column of states and the state in that of towns, they change places."
    )
    least_columns = most_columns = 2

    def meaning(self, step: Step) -> str:
        return _(
            "Where “%(first)s” holds a value of “%(second)s” and the other way round, the two change places. A value "
            "belongs to the column in which at least %(rows)d rows have it, and %(times)d times as many as in the "
            "other."
        ) % {"first": step.columns[0], "second": step.columns[1], "rows": LEAST_HOME, "times": HOME}

    def apply(self, scope: Scope, step: Step) -> Change:
        one, other = (self._counts(scope, name, step) for name in step.columns)
        first = self._held(scope, own("first"), at_home(other, one) & one.keys())
        second = self._held(scope, own("second"), at_home(one, other) & other.keys())
        names = step.columns
        joined = scope.table.left_join(first, scope.table[names[0]] == first[own("first")])
        joined = joined.left_join(second, joined[names[1]] == second[own("second")])
        both = joined[own("first")].notnull() & joined[own("second")].notnull()
        columns = {
            names[0]: ibis.ifelse(both, joined[names[1]], joined[names[0]]),
            names[1]: ibis.ifelse(both, joined[names[0]], joined[names[1]]),
        }
        return Change(replaced(scope, joined, columns))

    def _held(self, scope: Scope, name: str, values: set[str]) -> ibis.expr.types.Table:
        return scope.hold(pa.table({name: pa.array(sorted(values), pa.string())}))

    def _counts(self, scope: Scope, name: str, step: Step) -> dict[str, int]:
        values = scope.table.select(v=text_column(scope, name)).drop_null()
        counted = values.group_by("v").aggregate(n=values.count())
        rows = scope.reader.rows(counted.order_by("v").limit(MOST_VALUES + 1))
        if len(rows) > MOST_VALUES:
            raise GovernError(
                _("“%(name)s” has more than %(limit)d different values.") % {"name": name, "limit": MOST_VALUES},
                where=place(step),
                hint=_("Choose two columns with fewer different values."),
            )
        return {row["v"]: row["n"] for row in rows}
