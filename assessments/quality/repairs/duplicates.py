"""Rows that are there twice."""

import ibis
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step
from assessments.quality.repairs.registry import register


@register
class DropDuplicates(Repair):
    name = "drop_duplicates"
    label = gettext_lazy("Drop duplicate rows")
    help = gettext_lazy("Of rows that are equal, in all columns or in the chosen ones, one is kept.")
    least_columns, most_columns = 0, 100
    parameters = (
        Parameter(
            "keep",
            "choice",
            gettext_lazy("Which of the equal rows is kept: the first or the last of the table."),
            default="first",
            choices=("first", "last"),
            label=gettext_lazy("Which row stays"),
            shown=(
                gettext_lazy("the first"),
                gettext_lazy("the last"),
            ),
        ),
        Parameter(
            "nulls",
            "choice",
            gettext_lazy("Empty cells: count treats two empty cells as equal, skip keeps every row that has one."),
            default="count",
            choices=("count", "skip"),
            label=gettext_lazy("Empty cells"),
            shown=(
                gettext_lazy("count as equal"),
                gettext_lazy("keep their row"),
            ),
        ),
    )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        kept = _("the first is kept") if values["keep"] == "first" else _("the last is kept")
        if step.columns:
            text = _("Of the rows that are equal in %(columns)s, %(kept)s; the surplus rows are left out.") % {
                "columns": ", ".join(step.columns),
                "kept": kept,
            }
        else:
            text = _("Of the rows that are equal in every column, %(kept)s; the surplus rows are left out.") % {
                "kept": kept
            }
        if values["nulls"] == "skip":
            return text + " " + _("Rows with an empty cell there are all kept.")
        return text + " " + _("Empty cells are equal to each other.")

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        columns = {f"k{position}": scope.column(name) for position, name in enumerate(step.columns or scope.names)}
        keys = scope.table.select(**columns, r=scope.table[scope.row])
        groups = keys.group_by(list(columns)).aggregate(
            kept=keys.r.min() if values["keep"] == "first" else keys.r.max()
        )
        stays = scope.table.semi_join(groups, scope.table[scope.row] == groups.kept)
        if values["nulls"] == "skip":
            empty = ibis.or_(*(scope.column(name).isnull() for name in (step.columns or scope.names)))
            full = scope.table.filter(~empty)
            firsts = full.semi_join(groups, full[scope.row] == groups.kept)
            stays = ibis.union(scope.table.filter(empty), firsts)
        return Change(stays)
