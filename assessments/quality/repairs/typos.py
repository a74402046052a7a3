"""Rare writings of frequent values."""

from typing import Any

import ibis
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, own, place, text_column
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.registry import register
from assessments.quality.repairs.spelling import LENGTH_PER_EDIT, MOST_VALUES, corrections, word_corrections


@register
class CorrectTypos(Repair):
    name = "correct_typos"
    label = gettext_lazy("Correct typing errors")
    help = gettext_lazy("In a column of few values, rare values that are an edit or two from a frequent one become it.")
    most_columns = 20
    parameters = (
        Parameter(
            "of",
            "choice",
            gettext_lazy("What is compared: cells as a whole, or their words one by one."),
            default="cells",
            choices=("cells", "words"),
            label=gettext_lazy("What is compared"),
            shown=(
                gettext_lazy("whole cells"),
                gettext_lazy("the words of cells, one by one"),
            ),
        ),
        Parameter(
            "edits",
            "number",
            gettext_lazy("How many characters may differ, 1 to 3."),
            default=2,
            label=gettext_lazy("Characters that may differ"),
        ),
        Parameter(
            "ratio",
            "number",
            gettext_lazy("How many times more frequent the right value must be than the wrong one, at least 2."),
            default=10,
            label=gettext_lazy("How many times more frequent"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        if values["edits"] not in (1, 2, 3) or values["ratio"] < 2:
            raise GovernError(
                _("“edits” must be 1, 2 or 3, and “ratio” at least 2."),
                where=place(step),
                hint=_("Leave them out for 2 and 10."),
            )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        rule = _(
            "A value of “%(columns)s” becomes one that is at least %(ratio)s times as frequent (and in at least five "
            "rows) when at most %(edits)s characters differ, one for every %(length)d characters; one character that "
            "stands for another throughout counts once. What stays: values near two values, values whose numbers, "
            "single letters or acronyms differ, and values with whole words more."
        ) % {
            "columns": ", ".join(step.columns),
            "ratio": f"{values['ratio']:g}",
            "edits": f"{values['edits']:g}",
            "length": LENGTH_PER_EDIT,
        }
        if values["of"] == "words":
            return rule + " " + _("Each word of letters between spaces is looked at as a value.")
        return rule

    def apply(self, scope: Scope, step: Step) -> Change:
        values, joined = self.read(step), scope.table
        for position, name in enumerate(step.columns):
            counts = self._counts(scope, name, step)
            correct = word_corrections if values["of"] == "words" else corrections
            found = correct(counts, edits=int(values["edits"]), ratio=values["ratio"])
            held = scope.hold(
                pa.table(
                    {
                        own(f"wrong{position}"): pa.array(list(found), pa.string()),
                        own(f"right{position}"): pa.array(list(found.values()), pa.string()),
                    }
                )
            )
            joined = joined.left_join(held, joined[name] == held[own(f"wrong{position}")])
        columns = {name: ibis.coalesce(joined[own(f"right{p}")], joined[name]) for p, name in enumerate(step.columns)}
        return Change(replaced(scope, joined, columns))

    def _counts(self, scope: Scope, name: str, step: Step) -> dict[str, int]:
        text = text_column(scope, name)
        values = scope.table.select(v=text).drop_null()
        counted = values.group_by("v").aggregate(n=values.count())
        rows = scope.reader.rows(counted.order_by("v").limit(MOST_VALUES + 1))
        if len(rows) > MOST_VALUES:
            raise GovernError(
                _("“%(name)s” has more than %(limit)d different values: that is no closed set.")
                % {"name": name, "limit": MOST_VALUES},
                where=place(step),
                hint=_("Choose a column with few different values, or merge near duplicates."),
            )
        return {row["v"]: row["n"] for row in rows}
