"""Records that describe one thing though they are not written alike."""

from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.errors import GovernError
from assessments.quality.checks.near_duplicates import SIMILARITY_WORDS
from assessments.quality.checks.parameters import Parameter
from assessments.quality.near_duplicates import SIMILARITIES, cluster
from assessments.quality.repairs.base import KEEP, OWN, Change, Repair, Scope, Step, own, place
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.registry import register

MOST_ROWS = 2_000_000


@register
class MergeNearDuplicates(Repair):
    """The first row of a cluster stands for all of it."""

    name = "merge_near_duplicates"
    label = gettext_lazy("Merge near duplicates")
    help = gettext_lazy(
        "Of rows whose texts are nearly alike the first is kept, its empty cells filled from the others."
    )
    most_columns = 10
    parameters = (
        Parameter(
            "threshold",
            "number",
            gettext_lazy("How alike, over 0 and at most 1."),
            default=0.9,
            label=gettext_lazy("Least likeness"),
        ),
        Parameter(
            "similarity",
            "choice",
            gettext_lazy("How texts are compared."),
            default="words",
            choices=tuple(SIMILARITIES),
            label=gettext_lazy("Measure of likeness"),
            shown=SIMILARITY_WORDS,
        ),
        Parameter(
            "same_numbers",
            "flag",
            gettext_lazy("Texts with different numbers are never alike."),
            default=True,
            label=gettext_lazy("Numbers must be the same"),
        ),
        Parameter(
            "same_words",
            "flag",
            gettext_lazy("The words in which texts differ must be alike too."),
            default=True,
            label=gettext_lazy("Words that differ must be alike"),
        ),
        Parameter(
            "fill",
            "flag",
            gettext_lazy("Empty cells of the first row are filled from the others."),
            default=True,
            label=gettext_lazy("Fill empty cells"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        if not 0 < values["threshold"] <= 1:
            raise GovernError(
                _("“threshold” must be over 0 and at most 1."), where=place(step), hint=_("0.9 is usual.")
            )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        text = _(
            "Rows whose %(columns)s, written one after the other, are alike by at least %(threshold)s become one: the "
            "first is kept. Rows without a text stay."
        ) % {"columns": ", ".join(step.columns), "threshold": f"{values['threshold']:g}"}
        return text + (" " + _("Its empty cells get the first value that the others have.") if values["fill"] else "")

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        rows, firsts, left_out = self._clusters(scope, step, values)
        held = scope.hold(
            pa.table({own("member"): pa.array(rows, pa.int64()), own("first"): pa.array(firsts, pa.int64())})
        )
        table = scope.table
        joined = table.left_join(held, table[scope.row] == held[own("member")])
        keep = joined[own("first")].isnull() | (joined[own("first")] == joined[scope.row])
        columns = {}
        if values["fill"]:
            filled = self._filled(joined, scope).rename(OWN)
            joined = joined.left_join(filled, joined[scope.row] == filled[own("filled_row")])
            columns = {n: ibis.coalesce(joined[n], joined[own(f"f{at}")]) for at, n in enumerate(scope.names)}
            keep = joined[own("first")].isnull() | (joined[own("first")] == joined[scope.row])
        note = ngettext(
            "%(count)s pair was not compared, because too many texts share its words.",
            "%(count)s pairs were not compared, because too many texts share their words.",
            left_out,
        ) % {"count": f"{left_out:,}"}
        return Change(replaced(scope, joined, columns, **{KEEP: keep}), notes=(note,) if left_out else ())

    def _clusters(self, scope: Scope, step: Step, values: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, int]:
        """The numbers of the rows that have near duplicates, and of the first row of each one's cluster."""
        text: ir.Value = ibis.literal("")
        for name in step.columns:
            text = text.concat(" ", scope.column(name).cast("string").fill_null(""))
        pieces = scope.table.select(r=scope.table[scope.row], t=text.strip()).order_by("r")
        texts: list[str] = []
        for batch in scope.reader.batches(pieces.select("t"), scope.progress, _("Reading the texts")):
            texts += batch.column("t").to_pylist()
            if len(texts) > MOST_ROWS:
                raise GovernError(
                    _("The table has more than %(limit)s rows: too many to compare.") % {"limit": f"{MOST_ROWS:,}"},
                    where=place(step),
                    hint=_("Drop exact duplicates first, or repair a part of the table."),
                )
        found = cluster(
            texts,
            values["threshold"],
            similarity=values["similarity"],
            same_numbers=values["same_numbers"],
            same_words=values["same_words"],
            progress=scope.progress,
        )
        sizes = np.bincount(found.numbers, minlength=len(texts)) if len(texts) else np.zeros(0, dtype=np.int64)
        members = np.flatnonzero(sizes[found.numbers] > 1) if len(texts) else np.zeros(0, dtype=np.int64)
        return members, found.numbers[members], found.left_out

    def _filled(self, joined: ir.Table, scope: Scope) -> ir.Table:
        """For the first row of each cluster, the first value that the cluster has in each column."""
        members = joined.filter(joined[own("first")].notnull())
        values = {
            f"f{at}": members[n].argmin(members[scope.row], where=members[n].notnull())
            for at, n in enumerate(scope.names)
        }
        return members.group_by(filled_row=members[own("first")]).aggregate(**values).view()
