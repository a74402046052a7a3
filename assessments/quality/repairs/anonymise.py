"""k-anonymity: no row can be told from k - 1 others by the columns that do not name a person but give them away."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import KEEP, OWN, Change, Repair, Scope, Step, own, place
from assessments.quality.repairs.columns import plain_texts
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.mondrian import classes
from assessments.quality.repairs.registry import register
from assessments.quality.repairs.suppression import Losses, suppressed

MOST_ENTRIES = 500_000
MOST_SUPPRESSED = 0.5
NAMED = 3  # values of a class that are written out; of more, the first and the last in alphabetical order
EMPTY = "∅"


@register
class KAnonymise(Repair):
    name = "k_anonymise"
    label = gettext_lazy("Make groups of k alike")
    help = gettext_lazy("Values of the chosen columns become ranges, so that each row is like at least k - 1 others.")
    most_columns = 10
    about_persons = True
    parameters = (
        Parameter(
            "k",
            "number",
            gettext_lazy("The least rows that are alike, from 2 on."),
            default=5,
            label=gettext_lazy("Fewest rows that are alike"),
        ),
        Parameter(
            "sensitive",
            "column",
            gettext_lazy("A column that stays and must differ within each group."),
            label=gettext_lazy("Sensitive column"),
        ),
        Parameter(
            "l",
            "number",
            gettext_lazy("How many different sensitive values each group must have."),
            default=2,
            label=gettext_lazy("Fewest sensitive values in a group"),
        ),
        Parameter(
            "suppress",
            "number",
            gettext_lazy(
                "The largest share of rows, from 0 to 0.5, that may be left out where they would make groups coarse."
            ),
            default=0,
            label=gettext_lazy("Largest share of rows left out"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        for name in ("k", "l"):
            if values[name] < 2 or int(values[name]) != values[name]:
                raise GovernError(
                    _("“%(name)s” must be a whole number from 2 on.") % {"name": name},
                    where=place(step),
                    hint=_("k = 5 and l = 2 are usual."),
                )
        if not 0 <= values["suppress"] <= MOST_SUPPRESSED:
            raise GovernError(
                _("“%(name)s” must lie from 0 to %(most)s.") % {"name": "suppress", "most": MOST_SUPPRESSED},
                where=place(step),
                hint=_("A share of 0.01 to 0.05 is usual."),
            )
        if values["sensitive"] in step.columns:
            raise GovernError(
                _("The sensitive column cannot be made coarser at the same time."),
                where=place(step),
                hint=_("Leave it out of the columns."),
            )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        text = _(
            "Rows are put into groups by %(columns)s (Mondrian: halved at the median as long as each half has k rows); "
            "within a group all rows show the same range or list of values, as texts. Each group has at least %(k)d "
            "rows. An empty cell is a value, written ∅ in a range."
        ) % {"columns": ", ".join(step.columns), "k": values["k"]}
        if values["sensitive"]:
            words = {"sensitive": values["sensitive"], "l": values["l"]}
            text += " " + _("Each group has at least %(l)d different values of “%(sensitive)s”.") % words
        if values["suppress"]:
            text += " " + _(
                "At most %(share)s %% of the rows are left out: those without which groups become much finer."
            ) % {"share": f"{100 * values['suppress']:g}"}
        return text

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        entries = self._entries(scope, step, values["sensitive"])
        self._refuse_small(entries, step, values)
        sorted_values, codes = zip(*(_ranked(entries.column(f"q{n}")) for n in range(len(step.columns))), strict=True)
        sensitive = _ranked(entries.column("s"))[1] if values["sensitive"] else None
        table, counts = np.stack(codes, axis=1), np.asarray(entries.column("n"))
        k, diversity = int(values["k"]), int(values["l"])
        parts = list(classes(table, counts, k, sensitive, diversity))
        most_rows = int(values["suppress"] * counts.sum())
        if most_rows:
            places = np.stack([_places(entries.column(f"q{n}"), codes[n]) for n in range(len(codes))], axis=1)
            parts = suppressed(parts, Losses(places, counts, k, sensitive, diversity), most_rows)
        labels = [np.empty(entries.num_rows, dtype=object) for _name in step.columns]
        kept = np.zeros(entries.num_rows, dtype=bool)
        for members in parts:
            kept[members] = True
            for position, known in enumerate(sorted_values):
                labels[position][members] = _label(known, np.unique(table[members, position]))
        held = {f"q{n}": entries.column(f"q{n}") for n in range(len(step.columns))}
        held |= {f"l{n}": pa.array(label, pa.string()) for n, label in enumerate(labels)}
        out = int(counts[~kept].sum())
        return self._labelled(scope, step, pa.table({**held, "kept": pa.array(kept)}), out)

    def _entries(self, scope: Scope, step: Step, sensitive: str | None) -> pa.Table:
        """The different combinations of the columns' values, with the rows ``n`` of each, in a fixed order."""
        keys = {f"q{n}": scope.column(name) for n, name in enumerate(step.columns)}
        keys |= {"s": scope.column(sensitive)} if sensitive else {}
        rows = scope.table.select(**keys)
        counted = rows.group_by(list(keys)).aggregate(n=rows.count()).order_by(list(keys)).limit(MOST_ENTRIES + 1)
        batches = list(scope.reader.batches(counted, scope.progress, _("Reading the combinations of values")))
        schema = batches[0].schema if batches else counted.schema().to_pyarrow()
        entries = pa.Table.from_batches(batches, schema).combine_chunks()
        if entries.num_rows > MOST_ENTRIES:
            raise GovernError(
                _("These columns have more than %(limit)s different combinations.") % {"limit": f"{MOST_ENTRIES:,}"},
                where=place(step),
                hint=_("Make them coarser first (repair “generalise”), or choose fewer columns."),
            )
        return entries

    def _refuse_small(self, entries: pa.Table, step: Step, values: dict[str, Any]) -> None:
        rows = pc.sum(entries.column("n")).as_py() or 0
        if rows and rows < values["k"]:
            raise GovernError(
                ngettext(
                    "The table has %(rows)d row, fewer than k = %(k)d.",
                    "The table has %(rows)d rows, fewer than k = %(k)d.",
                    rows,
                )
                % {"rows": rows, "k": values["k"]},
                where=place(step),
                hint=_("Choose a smaller k, or leave these columns out."),
            )
        if rows and values["sensitive"] and pc.count_distinct(entries.column("s"), mode="all").as_py() < values["l"]:
            raise GovernError(
                _("“%(sensitive)s” has fewer than l = %(l)d different values.") % values,
                where=place(step),
                hint=_("Choose a smaller l, or another column."),
            )

    def _labelled(self, scope: Scope, step: Step, held: pa.Table, out: int) -> Change:
        labels = scope.hold(held).distinct().rename(OWN)
        table = scope.table
        matches = [table[name].identical_to(labels[own(f"q{n}")]) for n, name in enumerate(step.columns)]
        joined = table.left_join(labels, matches)
        columns = {name: joined[own(f"l{n}")] for n, name in enumerate(step.columns)}
        if not out:
            return Change(replaced(scope, joined, columns))
        note = ngettext("%(count)s row was left out.", "%(count)s rows were left out.", out) % {"count": f"{out:,}"}
        return Change(replaced(scope, joined, columns, **{KEEP: joined[own("kept")]}), notes=(note,))


def _ranked(column: pa.ChunkedArray) -> tuple[list[str | None], np.ndarray]:
    """The different values as texts in their own order, a missing one first, and the rank of each cell."""
    values = column.combine_chunks()
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.fill_null(pc.is_nan(values), False), pa.scalar(None, values.type), values)
    known = pc.drop_null(pc.unique(values))
    known = known.take(pc.sort_indices(known))
    ranks = pc.index_in(values, value_set=known)
    texts = list(plain_texts(known).to_pylist())
    if not values.null_count:
        return texts, ranks.to_numpy().astype(np.int64)
    return [None, *texts], pc.add(pc.fill_null(ranks, -1), 1).to_numpy().astype(np.int64)


def _places(column: pa.ChunkedArray, codes: np.ndarray) -> np.ndarray:
    """Where each value lies in its column, from 0 to 1: numbers and times by their size, texts by their rank.

    A missing value lies before the first one.
    """
    kind = column.type
    ranks = codes.astype(np.float64)
    if pa.types.is_temporal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        known = column.combine_chunks()
        whole = known.cast(pa.timestamp("us"), safe=False).cast(pa.int64()) if pa.types.is_temporal(kind) else known
        sizes = whole.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        finite = np.isfinite(sizes)
        if finite.any() and not np.isinf(sizes).any():
            return _scaled(np.where(finite, sizes, sizes[finite].min()))
    return _scaled(ranks)


def _scaled(values: np.ndarray) -> np.ndarray:
    span = values.max() - values.min()
    return (values - values.min()) / span if span else np.zeros(len(values))


def _label(known: list[str | None], ranks: np.ndarray) -> str | None:
    """What all rows of a class show: its one value, a short list, or the first and the last of its values."""
    shown: list[str | None] = (
        [known[rank] for rank in ranks.tolist()] if len(ranks) <= NAMED else [known[ranks[0]], known[ranks[-1]]]
    )
    if len(ranks) == 1:
        return shown[0]
    texts = [EMPTY if text is None else text for text in shown]
    if len(ranks) <= NAMED:
        return " | ".join(texts)
    if known[ranks[0]] is None:
        return f"{EMPTY} | {known[ranks[1]]} … {texts[-1]}"
    return f"{texts[0]} … {texts[-1]}"
