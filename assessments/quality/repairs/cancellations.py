"""Orders that were taken back."""

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import KEEP, Change, Repair, Scope, Step, number_column, own, place
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.netting import Netted, net
from assessments.quality.repairs.registry import register


@register
class NetCancellations(Repair):
    name = "net_cancellations"
    label = gettext_lazy("Net cancellations against their orders")
    help = gettext_lazy(
        "A row with a negative quantity takes its quantity from the latest earlier order of the same user and item. "
        "The column is the quantity."
    )
    parameters = (
        Parameter(
            "user",
            "column",
            gettext_lazy("The user's column; the one with that role when left out."),
            label=gettext_lazy("Column of users"),
        ),
        Parameter(
            "item",
            "column",
            gettext_lazy("The item's column; the one with that role when left out."),
            label=gettext_lazy("Column of items"),
        ),
        Parameter(
            "time",
            "column",
            gettext_lazy("The column of times; the one with that role when left out."),
            label=gettext_lazy("Column of times"),
        ),
    )

    def meaning(self, step: Step) -> str:
        return _(
            "Rows whose “%(quantity)s” is negative are cancellations. Each takes its quantity from the latest earlier "
            "order of the same user and item, then from the one before, in parts where it must. Orders and "
            "cancellations that are used up are left out. A cancellation without an earlier order stays, and so do "
            "rows without a user, an item or a time."
        ) % {"quantity": step.columns[0]}

    def apply(self, scope: Scope, step: Step) -> Change:
        quantity, name = number_column(scope, step.columns[0]), step.columns[0]
        keys = [scope.column(self._named(scope, step, role)) for role in ("user", "item", "time")]
        netted = net(self._events(scope, quantity, keys))
        rows = sorted(netted.quantities)
        held = scope.hold(
            pa.table(
                {
                    own("row"): pa.array(rows, pa.int64()),
                    own("left"): pa.array([netted.quantities[row] for row in rows], pa.float64()),
                }
            )
        )
        joined = scope.table.left_join(held, scope.table[scope.row] == held[own("row")])
        left = ibis.ifelse(joined[own("row")].isnull(), joined[name], joined[own("left")].cast(quantity.type()))
        keep = joined[own("row")].isnull() | (joined[own("left")] != 0)
        return Change(replaced(scope, joined, {name: left}, **{KEEP: keep}), notes=_notes(netted))

    def _named(self, scope: Scope, step: Step, role: str) -> str:
        name = self.read(step)[role] or scope.roles.get(role)
        if name is None:
            raise GovernError(
                _("Nobody has said which column is the %(role)s.") % {"role": role},
                where=place(step),
                hint=_("Add the parameter “%(role)s”, or confirm the roles of the columns.") % {"role": role},
            )
        return str(name)

    def _events(
        self, scope: Scope, quantity: ir.NumericColumn, keys: list[ir.Column]
    ) -> Iterator[tuple[str, int, float]]:
        """The events of each user and item that has a cancellation, in order of time, then of the table."""
        user, item, time = keys
        events = scope.table.select(u=user, i=item, t=time, q=quantity.cast("float64"), r=scope.table[scope.row])
        events = events.drop_null()
        cancelled = events.filter(events.q < 0).select("u", "i").distinct().view()
        wanted = events.semi_join(cancelled, [events.u == cancelled.u, events.i == cancelled.i])
        ordered = wanted.mutate(u=wanted.u.cast("string"), i=wanted.i.cast("string")).order_by(["u", "i", "t", "r"])
        for batch in scope.reader.batches(
            ordered.select("u", "i", "r", "q"), scope.progress, _("Matching cancellations")
        ):
            columns = [batch.column(n).to_pylist() for n in ("u", "i", "r", "q")]
            yield from (((u, i), r, q) for u, i, r, q in zip(*columns, strict=True))  # type: ignore[misc]


def _notes(netted: Netted) -> tuple[str, ...]:
    words = {
        "all": f"{netted.cancellations:,}",
        "matched": f"{netted.matched:,}",
        "partly": f"{netted.partly:,}",
        "unmatched": f"{netted.unmatched:,}",
    }
    text = _(
        "Of %(all)s cancellations with user, item and time, %(matched)s were netted, %(partly)s in part; %(unmatched)s "
        "have no earlier order and stay."
    )
    return (text % words,)
