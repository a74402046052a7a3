"""Rows that lead nowhere."""

from typing import Any

import ibis
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import require_column
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import KEEP, Change, Repair, Scope, Step, own, place
from assessments.quality.repairs.groups import beside, replaced
from assessments.quality.repairs.registry import register


@register
class DropOrphans(Repair):
    name = "drop_orphans"
    label = gettext_lazy("Drop rows without their counterpart")
    help = gettext_lazy("Rows whose values are not found in another dataset are left out.")
    most_columns = 10
    parameters = (
        Parameter(
            "dataset",
            "text",
            gettext_lazy("The name of the other dataset."),
            required=True,
            label=gettext_lazy("Other dataset"),
        ),
        Parameter(
            "columns",
            "names",
            gettext_lazy("The columns of the other dataset, in the same order; the same names when left out."),
            label=gettext_lazy("Its columns"),
        ),
        Parameter(
            "nulls",
            "choice",
            gettext_lazy("Rows with an empty cell there: keep them or drop them."),
            default="keep",
            choices=("keep", "drop"),
            label=gettext_lazy("Rows with an empty cell"),
            shown=(
                gettext_lazy("stay"),
                gettext_lazy("are left out"),
            ),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        if values["columns"] is not None and len(values["columns"]) != len(step.columns):
            raise GovernError(
                _("The parameter “columns” names %(theirs)d columns and the repair %(ours)d.")
                % {"theirs": len(values["columns"]), "ours": len(step.columns)},
                where=place(step),
                hint=_("Name one column of the other dataset for each column of the repair."),
            )

    def datasets(self, step: Step) -> tuple[str, ...]:
        return (str(step.parameters.get("dataset", "")),)

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        text = _("Rows whose %(columns)s are not in the newest snapshot of “%(dataset)s” are left out.") % {
            "columns": ", ".join(step.columns),
            "dataset": values["dataset"],
        }
        if values["nulls"] == "keep":
            return text + " " + _("Rows with an empty cell there are kept.")
        return text + " " + _("So are rows with an empty cell there.")

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        other = scope.other(values["dataset"])
        theirs = [other[require_column(name, tuple(other.columns))] for name in values["columns"] or step.columns]
        ours = [scope.column(name) for name in step.columns]
        for mine, their in zip(ours, theirs, strict=True):
            if mine.type().is_string() != their.type().is_string():
                raise GovernError(
                    _("“%(name)s” holds %(ours)s here and %(theirs)s in “%(dataset)s”.")
                    % {
                        "name": mine.get_name(),
                        "ours": mine.type(),
                        "theirs": their.type(),
                        "dataset": values["dataset"],
                    },
                    where=place(step),
                    hint=_("Register both with the same type."),
                )
        known = other.select(**{f"k{n}": their for n, their in enumerate(theirs)}).drop_null().distinct()
        joined = beside(scope, known.mutate(found=True), ours)
        empty = ibis.or_(*(joined[name].isnull() for name in step.columns))
        keep = ibis.ifelse(empty, values["nulls"] == "keep", joined[own("found")].fill_null(False))
        return Change(replaced(scope, joined, {}, **{KEEP: keep}))
