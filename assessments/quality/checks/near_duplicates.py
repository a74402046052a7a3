"""Records that describe one thing though they are not written alike."""

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part
from assessments.quality.checks.base import Check, Measurement, Reader, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import cells, first_row, require_whole
from assessments.quality.checks.registry import register
from assessments.quality.checks.uniqueness import COUNT
from assessments.quality.dialect import SAMPLE_ROWS
from assessments.quality.specs import RuleSpec

SIMILARITIES = ("words", "word_set", "ratio", "jaro_winkler")
MOST_TEXTS = 2_000_000

SIMILARITY_WORDS = (
    gettext_lazy("characters in common, words in any order"),
    gettext_lazy("words of one within the other"),
    gettext_lazy("characters in common, in order"),
    gettext_lazy("Jaro–Winkler, for short names"),
)


@register
class NearDuplicates(Check):
    """No two rows have texts that are alike: not equal only, but equal to a person's eye."""

    name = "near_duplicates"
    label = gettext_lazy("No two records for one thing")
    help = gettext_lazy(
        "No two rows have texts that are alike: with typing errors, words in another order, other case or punctuation. "
        "words: the share of characters that two texts have in common, in the order that favours them more; word_set: "
        "a text that holds all words of another is like it; ratio: without changing the order of words; jaro_winkler: "
        "for short names."
    )
    dimension = "uniqueness"
    characteristic = "consistency"
    measured_by = "inspect"
    approximate = True
    most_columns = 5
    parameters = (
        Parameter(
            "threshold",
            "number",
            gettext_lazy("How alike two texts are at least, from 0 (nothing in common) to 1 (equal)."),
            default=0.85,
            label=gettext_lazy("Least likeness"),
        ),
        Parameter(
            "similarity",
            "choice",
            gettext_lazy("How likeness is measured."),
            "words",
            choices=SIMILARITIES,
            label=gettext_lazy("Measure of likeness"),
            shown=SIMILARITY_WORDS,
        ),
        Parameter(
            "numbers",
            "choice",
            gettext_lazy(
                "same: texts with other numbers in them are never alike (ink 301, ink 302); any: they may be."
            ),
            default="same",
            choices=("same", "any"),
            label=gettext_lazy("Numbers in the texts"),
            shown=(gettext_lazy("must be the same"), gettext_lazy("may differ")),
        ),
        Parameter(
            "words",
            "choice",
            gettext_lazy("same: the words in which two texts differ must be alike too (not blue and green); any: not."),
            default="same",
            choices=("same", "any"),
            label=gettext_lazy("Words that differ"),
            shown=(gettext_lazy("must be alike"), gettext_lazy("may be any")),
        ),
        Parameter(
            "equal",
            "choice",
            gettext_lazy("Rows whose texts are equal letter by letter: count them as well, or take them for one row."),
            default="count",
            choices=("count", "one"),
            label=gettext_lazy("Texts that are equal"),
            shown=(gettext_lazy("count as duplicates"), gettext_lazy("are one row")),
        ),
        COUNT,
        Parameter(
            "block",
            "whole",
            gettext_lazy("How many texts that share a key are compared each with each; of more, neighbours only."),
            default=50,
            label=gettext_lazy("Texts compared each with each"),
        ),
    )
    example = {"columns": ["title"], "parameters": {"threshold": 0.85}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_whole(spec, values, "block", 2, 1_000)
        if not 0 < values["threshold"] <= 1:
            raise GovernError(
                _("The parameter “threshold” cannot be %(value)s.") % {"value": values["threshold"]},
                where=place(spec),
                hint=_("It must be over 0 and at most 1."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        rows = _("Rows with a text.") if values["equal"] == "count" else _("Different texts, not rows.")
        if values["count"] == "members":
            fails = _("All of each cluster of texts that are alike fail.")
        else:
            fails = _("All but one of each cluster of texts that are alike fail.")
        return " ".join(
            [
                rows,
                fails,
                _(
                    "Approximate: not every pair is compared, so that some may be missed (of planted errors less than "
                    "2 in 100), and what is alike through a third text is one cluster. Case, punctuation and all after "
                    "1,000 characters make no difference."
                ),
            ]
        )

    def inspect(self, scope: Scope, spec: RuleSpec, reader: Reader, progress: Progress) -> Measurement:
        values = self.read(spec)
        texts = _read(_different(scope, spec), reader, spec, part(progress, 0.0, 0.3))
        if values["equal"] == "one":
            texts.rows[:] = 1
        from assessments.quality.near_duplicates import cluster

        found = cluster(
            texts.texts,
            values["threshold"],
            similarity=values["similarity"],
            same_numbers=values["numbers"] == "same",
            same_words=values["words"] == "same",
            most=values["block"],
            progress=part(progress, 0.3, 1.0),
        )
        return _measured(
            texts, found.numbers, values, {"pairs_compared": found.compared, "pairs_left_out": found.left_out}
        )


@dataclass
class Texts:
    """Different texts, how many rows have each, and the first of them; -1 where rows have no numbers."""

    texts: list[str]
    rows: np.ndarray
    first: np.ndarray


def _different(scope: Scope, spec: RuleSpec) -> ir.Table:
    """The texts of the columns, joined by a blank; equal ones once."""
    parts = [scope.column(name).cast("string").fill_null("") for name in spec.columns]
    text = parts[0]
    for one in parts[1:]:
        text = text.concat(" ", one)
    table = cells(scope, text=text.strip())
    table = table.filter(table.text != "")
    return table.group_by("text").aggregate(n=table.count(), **first_row(table))


def _read(table: ir.Table, reader: Reader, spec: RuleSpec, progress: Progress) -> Texts:
    """The texts in the order of their first rows, so that the first of a cluster is the first of the table."""
    count = int(reader.rows(table.aggregate(n=table.count()))[0]["n"])
    if count > MOST_TEXTS:
        raise GovernError(
            _("There are %(count)d different texts; near duplicates are looked for among %(most)d at most.")
            % {"count": count, "most": MOST_TEXTS},
            where=place(spec),
            hint=_("Check a part of the table, such as the items alone."),
        )
    has_rows = "row" in table.columns
    ordered = table.select("text", "n", first=table.row if has_rows else ibis.literal(-1))
    texts: list[str] = []
    rows, first = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for batch in reader.batches(ordered.order_by("first" if has_rows else "text"), progress):
        texts += batch.column("text").to_pylist()
        rows.append(batch.column("n").to_numpy(zero_copy_only=False))
        first.append(batch.column("first").to_numpy(zero_copy_only=False))
    return Texts(texts, np.concatenate(rows).astype(np.int64), np.concatenate(first).astype(np.int64))


def _measured(texts: Texts, numbers: np.ndarray, values: dict[str, Any], detail: dict[str, Any]) -> Measurement:
    """Counts of rows from the clusters of different texts."""
    count = len(numbers)
    rows_of = np.bincount(numbers, weights=texts.rows, minlength=count).astype(np.int64)
    texts_of = np.bincount(numbers, minlength=count)
    repeated = rows_of > 1
    surplus, members = int((rows_of - 1)[repeated].sum()), int(rows_of[repeated].sum())
    equal_surplus = int((texts.rows - 1).sum())
    detail |= {
        "clusters": int(repeated.sum()),
        "clusters_of_different_texts": int((texts_of > 1).sum()),
        "largest_cluster_rows": int(rows_of.max(initial=0)),
        "surplus_of_equal_texts": equal_surplus,
        "surplus_of_near_duplicates": surplus - equal_surplus,
    }
    # Texts that are not the first of their cluster; rows with equal texts are shown by no number of their own.
    late = np.flatnonzero(numbers != np.arange(count))[:SAMPLE_ROWS]
    shown = late if count and texts.first[0] >= 0 else late[:0]
    return Measurement(
        int(texts.rows.sum()),
        surplus if values["count"] == "surplus" else members,
        detail,
        rows=tuple(texts.first[shown].tolist()),
        same_as=tuple(texts.first[numbers[shown]].tolist()),
    )
