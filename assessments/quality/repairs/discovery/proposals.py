"""Repairs that a table suggests by itself, in the order in which they are best done. Pure: an Arrow table in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.quality.repairs.base import Step
from assessments.quality.repairs.discovery.dependencies import dependencies
from assessments.quality.repairs.discovery.moves import moved_words
from assessments.quality.repairs.discovery.shapes import odd_shapes
from assessments.quality.repairs.discovery.writings import cased, disguised, measures, misspelt, misspelt_words, spaced
from assessments.quality.repairs.measures import measure_read

MOST_ROWS = 200_000


@dataclass(frozen=True)
class Suggested:
    """A repair with its reason, and how many rows of the table it is about."""

    step: Step
    reason: str
    rows: int


@dataclass(frozen=True)
class Discovery:
    """What a table suggests: repairs in their order, and values that look wrong though nobody can say what is right."""

    repairs: list[Suggested] = field(default_factory=list)
    odd: Mapping[str, frozenset[str]] = field(default_factory=dict)


def discover(table: pa.Table) -> Discovery:
    """Look at the columns of texts; of more than 200,000 rows at the first. Nothing but the table itself is known."""
    table = table.slice(0, MOST_ROWS)
    texts = {name: table[name].combine_chunks() for name in table.column_names if pa.types.is_string(table[name].type)}
    counts = {name: _counts(column) for name, column in texts.items()}
    found: list[Suggested] = []
    odd: dict[str, frozenset[str]] = {}
    for name, of_column in counts.items():
        found += _of_column(name, of_column)
        missing = set(disguised(of_column))
        strange = odd_shapes({value: n for value, n in of_column.items() if value not in missing})
        odd |= {name: frozenset(strange)} if strange else {}
    found += [_moved(first, second, rows) for first, second, rows in moved_words(texts)]
    taken = {suggested.step.columns[0] for suggested in found if suggested.step.repair == "normalise_units"}
    codes = {name: _codes(table[name].combine_chunks()) for name in table.column_names if name not in taken}
    found += [
        Suggested(
            Step("correct_by_dependency", (*each.determinants, each.dependent)),
            _("“%(dependent)s” follows from %(by)s in %(share)s %% of %(rows)s rows.")
            % {
                "dependent": each.dependent,
                "by": " + ".join(each.determinants),
                "share": f"{each.agreement * 100:.1f}",
                "rows": f"{each.rows:,}",
            },
            each.exceptions,
        )
        for each in dependencies(codes)
    ]
    return Discovery(found, odd)


def _of_column(name: str, counts: Mapping[str, int]) -> list[Suggested]:
    found = []
    words = disguised(counts)
    if words:
        rows = sum(counts[word] for word in words)
        reason = _("“%(name)s” says %(words)s where it means nothing.") % {"name": name, "words": ", ".join(words)}
        found.append(Suggested(Step("missing_to_null", (name,), {"values": words}), reason, rows))
        counts = {value: n for value, n in counts.items() if value not in words}
    if rows := spaced(counts):
        found.append(Suggested(Step("normalise_spaces", (name,)), _rows(rows, name, _("stray spaces")), rows))
    how = measures(counts)
    if how is not None:
        rows = sum(n for value, n in counts.items() if (read := measure_read(value)) and read.number != value)
        found.append(Suggested(Step("normalise_units", (name,), how), _rows(rows, name, _("units or zeros")), rows))
        return found
    if rows := cased(counts):
        found.append(Suggested(Step("normalise_codes", (name,)), _rows(rows, name, _("another case")), rows))
    if wrong := misspelt(counts):
        rows = sum(counts[value] for value in wrong)
        found.append(Suggested(Step("correct_typos", (name,)), _rows(rows, name, _("likely typing errors")), rows))
        counts = {value: n for value, n in counts.items() if value not in wrong}
    if wrong := misspelt_words(counts):
        rows = sum(counts[value] for value in wrong)
        reason = _rows(rows, name, _("likely typing errors in a word"))
        found.append(Suggested(Step("correct_typos", (name,), {"of": "words"}), reason, rows))
    return found


def _rows(rows: int, name: str, what: str) -> str:
    text = ngettext("%(count)s row of “%(name)s” has %(what)s.", "%(count)s rows of “%(name)s” have %(what)s.", rows)
    return text % {"count": f"{rows:,}", "name": name, "what": what}


def _moved(first: str, second: str, rows: int) -> Suggested:
    return Suggested(
        Step("move_last_word", (first, second)),
        _("In %(rows)s rows “%(second)s” is empty and stands at the end of “%(first)s”.")
        % {"rows": f"{rows:,}", "first": first, "second": second},
        rows,
    )


def _counts(column: pa.Array) -> dict[str, int]:
    found = pc.value_counts(pc.drop_null(column))
    return {value["values"]: value["counts"] for value in found.to_pylist()}


def _codes(column: pa.Array) -> np.ndarray:
    """A number for each different value; −1 for missing ones."""
    coded = column.dictionary_encode()
    codes: np.ndarray = pc.fill_null(coded.indices, -1).to_numpy().astype(np.int64)
    return codes
