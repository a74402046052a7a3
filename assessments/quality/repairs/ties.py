"""Events at one time, whose order would otherwise be up to chance."""

from datetime import datetime

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, own
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.registry import register


@ibis.udf.scalar.builtin(name="epoch_us")  # type: ignore[untyped-decorator]
def _microseconds(time: datetime) -> int: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="make_timestamp")  # type: ignore[untyped-decorator]
def _time(microseconds: int) -> datetime: ...  # type: ignore[empty-body]


TIED, PLACE = own("tied"), own("place")


@register
class BreakTimeTies(Repair):
    """Each event of a group is at least one microsecond after the one before it."""

    name = "break_time_ties"
    label = gettext_lazy("Break ties in time")
    help = gettext_lazy("Events of one user at the same time get an order: each a microsecond after the one before.")
    parameters = (
        Parameter(
            "of",
            "names",
            gettext_lazy("The columns within which times must differ; the user's column when left out."),
            label=gettext_lazy("Within"),
        ),
        Parameter(
            "by",
            "names",
            gettext_lazy("The columns whose values say which of two tied rows is first; else the order of the table."),
            label=gettext_lazy("In order of"),
        ),
    )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        order = ", ".join([*(values["by"] or []), _("the order of the table")])
        text = _(
            "Within each %(of)s, rows at the same “%(time)s” are put in order by: %(order)s. The first keeps its time, "
            "each other one is set a microsecond after the one before it. Rows without a time stay."
        )
        of = ", ".join(values["of"]) if values["of"] else _("user")
        return text % {"of": of, "time": step.columns[0], "order": order}

    def apply(self, scope: Scope, step: Step) -> Change:
        values, time = self.read(step), scope.column(step.columns[0])
        kind = time.type()
        if not kind.is_timestamp():
            raise GovernError(
                _("The column “%(name)s” holds %(type)s, not times.") % {"name": step.columns[0], "type": kind},
                where=_("column “%(name)s”") % {"name": step.columns[0]},
                hint=_("A date has no room for an order within a day."),
            )
        of = [scope.column(name) for name in values["of"] or ([scope.roles["user"]] if "user" in scope.roles else [])]
        by = [scope.column(name) for name in values["by"] or ()]
        plain = time.cast("timestamp") if kind.timezone else time
        numbered = scope.table.mutate(
            **{TIED: _microseconds(plain)}, **{own(f"of{n}"): key for n, key in enumerate(of)}
        )
        return Change(self._apart(scope, numbered, step.columns[0], [own(f"of{n}") for n in range(len(of))], by))

    def _apart(self, scope: Scope, table: ir.Table, name: str, groups: list[str], by: list[ir.Column]) -> ir.Table:
        """A time is the greatest of what it was and of the times before it plus the rows between: a running maximum."""
        keys = [*(table[group] for group in groups), table[TIED].isnull()]
        order = [table[TIED], *(table[column.get_name()] for column in by), table[scope.row]]
        placed = table.mutate(**{PLACE: ibis.row_number().over(ibis.window(group_by=keys, order_by=order))})
        keys = [*(placed[group] for group in groups), placed[TIED].isnull()]
        before = ibis.cumulative_window(group_by=keys, order_by=placed[PLACE])
        apart = placed[PLACE] + (placed[TIED] - placed[PLACE]).max().over(before)
        moved = _time(apart).cast(placed[name].type())
        return replaced(scope, placed, {name: ibis.ifelse(apart == placed[TIED], placed[name], moved)})
