"""Cells that contradict the other cells of their group: the majority is right when it is clear."""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, own, place
from assessments.quality.repairs.groups import beside, most_frequent, replaced
from assessments.quality.repairs.registry import register

# More than half of a group, and at least two rows: what is right where nobody says otherwise.
MAJORITY: Mapping[str, Any] = {"majority": 0.5, "rows": 2}
FILL = Parameter(
    "fill",
    "flag",
    gettext_lazy("Empty cells get the value of their group too."),
    default=False,
    label=gettext_lazy("Fill empty cells"),
)


@register
class CollapseDescriptions(Repair):
    name = "collapse_descriptions"
    label = gettext_lazy("One description for each code")
    help = gettext_lazy(
        "Each code gets its most frequent description. First the code, then the columns that describe it."
    )
    least_columns, most_columns = 2, 20
    column_labels, several_at = (gettext_lazy("Code"), gettext_lazy("Descriptions")), 1
    parameters = (FILL,)

    def meaning(self, step: Step) -> str:
        text = _(
            "All rows of one “%(code)s” get its most frequent %(columns)s; of equally frequent ones, the first in the "
            "table. Rows without a code stay."
        ) % {"code": step.columns[0], "columns": ", ".join(step.columns[1:])}
        return text + " " + (_("Empty cells are filled in.") if self.read(step)["fill"] else _("Empty cells stay."))

    def apply(self, scope: Scope, step: Step) -> Change:
        fill, joined, columns = self.read(step)["fill"], scope.table, {}
        code = scope.column(step.columns[0])
        for position, name in enumerate(step.columns[1:]):
            best = most_frequent(scope.table, [code], scope.column(name), scope.table[scope.row])
            best = best.select(**{own("code"): best.k0, own(f"best{position}"): best.best})
            joined = joined.left_join(best, joined[step.columns[0]] == best[own("code")]).drop(own("code"))
        for position, name in enumerate(step.columns[1:]):
            right = ibis.coalesce(joined[own(f"best{position}")], joined[name])
            columns[name] = right if fill else ibis.ifelse(joined[name].isnull(), joined[name], right)
        return Change(replaced(scope, joined, columns))


@register
class CorrectByDependency(Repair):
    """A functional dependency: the last column follows from the others."""

    name = "correct_by_dependency"
    label = gettext_lazy("Correct by a dependency")
    help = gettext_lazy(
        "The last column follows from the others: where most rows of a group agree, the few that do not are corrected."
    )
    least_columns, most_columns = 2, 10
    column_labels, several_at = (gettext_lazy("Columns that decide"), gettext_lazy("Column that follows from them")), 0
    parameters = (
        Parameter(
            "majority",
            "number",
            gettext_lazy("The share of a group, from 0.2 to 1, above which its most frequent value is right."),
            default=MAJORITY["majority"],
            label=gettext_lazy("Least share that agrees"),
        ),
        Parameter(
            "rows",
            "number",
            gettext_lazy("The least rows that must agree."),
            default=MAJORITY["rows"],
            label=gettext_lazy("Fewest rows that agree"),
        ),
        FILL,
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        if not 0.2 <= values["majority"] < 1 or values["rows"] < 1:
            raise GovernError(
                _("A clear majority is a share from 0.2 to below 1, of at least one row."),
                where=place(step),
                hint=_("Leave “majority” and “rows” out for more than half, and at least two rows."),
            )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        text = ngettext(
            "Rows that agree in %(by)s should agree in “%(column)s”. Where more than %(share)s %% of a group, and at "
            "least %(rows)s row, have one value, the others of the group get it; other groups stay.",
            "Rows that agree in %(by)s should agree in “%(column)s”. Where more than %(share)s %% of a group, and at "
            "least %(rows)s rows, have one value, the others of the group get it; other groups stay.",
            int(values["rows"]),
        ) % {
            "by": ", ".join(step.columns[:-1]),
            "column": step.columns[-1],
            "share": f"{values['majority'] * 100:g}",
            "rows": f"{values['rows']:g}",
        }
        return text + " " + (_("Empty cells are filled in.") if values["fill"] else _("Empty cells stay."))

    def apply(self, scope: Scope, step: Step) -> Change:
        values, name = self.read(step), step.columns[-1]
        keys = [scope.column(each) for each in step.columns[:-1]]
        best = most_frequent(scope.table, keys, scope.column(name), scope.table[scope.row])
        joined = beside(scope, best, keys)
        n, total, second = (joined[own(name)] for name in ("n", "total", "second"))
        clear = _is_clear(n, total, second, values).fill_null(False)
        change = clear if values["fill"] else clear & joined[name].notnull()
        unclear = best.filter((best.n < best.total) & ~_is_clear(best.n, best.total, best.second, values))
        left = scope.reader.rows(unclear.aggregate(n=unclear.count()))[0]["n"]
        notes = ngettext(
            "%(count)d group disagrees without a clear majority and stays as it is.",
            "%(count)d groups disagree without a clear majority and stay as they are.",
            left,
        ) % {"count": left}
        corrected = ibis.ifelse(change, joined[own("best")], joined[name])
        return Change(replaced(scope, joined, {name: corrected}), notes=(notes,) if left else ())


def _is_clear(n: ir.Column, total: ir.Column, second: ir.Column, values: Mapping[str, Any]) -> ir.BooleanValue:
    """Whether the most frequent value of a group is right: ``n`` rows of ``total`` have it, more than any other value.

    The one idea of a majority that all corrections share. More than half is more than any other by itself; a smaller
    share, for sources that err each in their own way, is not.
    """
    return (n > values["majority"] * total) & (n >= values["rows"]) & (n > second)


@register
class CorrectByVotes(Repair):
    """Several dependencies of one column: a wrong code in one of them then cannot carry its error over."""

    name = "correct_by_votes"
    label = gettext_lazy("Correct by several dependencies")
    help = gettext_lazy(
        "The last column follows from each of the others by itself: a cell is corrected when they agree against it."
    )
    least_columns, most_columns = 2, 10
    column_labels, several_at = (gettext_lazy("Columns that decide"), gettext_lazy("Column that follows from them")), 0
    parameters = (FILL,)

    def meaning(self, step: Step) -> str:
        text = _(
            "Each of %(by)s says which “%(column)s” a row should have: the one that more than half of the rows, and at "
            "least two, have that agree with it there. A cell is corrected when all that say something say the same "
            "and it is another; where one of them says that it is right, or they disagree, it stays."
        ) % {"by": ", ".join(f"“{name}”" for name in step.columns[:-1]), "column": step.columns[-1]}
        return text + " " + (_("Empty cells are filled in.") if self.read(step)["fill"] else _("Empty cells stay."))

    def apply(self, scope: Scope, step: Step) -> Change:
        fill, name, joined = self.read(step)["fill"], step.columns[-1], scope.table
        votes = [own(f"says{place}") for place in range(len(step.columns) - 1)]
        for vote, by in zip(votes, step.columns[:-1], strict=True):
            best = most_frequent(scope.table, [scope.column(by)], scope.column(name), scope.table[scope.row])
            clear = best.filter(_is_clear(best.n, best.total, best.second, MAJORITY))
            clear = clear.select(**{own("by"): clear.k0, vote: clear.best})
            joined = joined.left_join(clear, joined[by] == clear[own("by")]).drop(own("by"))
        said = [joined[vote] for vote in votes]
        agreed = ibis.coalesce(*said)
        together = agreed.notnull()
        for vote in said:
            together = together & (vote.isnull() | (vote == agreed))
        change = (together if fill else together & joined[name].notnull()).fill_null(False)
        return Change(replaced(scope, joined, {name: ibis.ifelse(change, agreed, joined[name])}))
