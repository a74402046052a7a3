"""Columns that decide others: found on a sample of rows, verified on all of them by the scan.

What holds is judged by ``repairs.discovery``, so that a rule and the repair of its rows come from one finding.
"""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from numpy.typing import NDArray

from assessments.common.progress import Progress, part
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.repairs.discovery.dependencies import Dependency, judged
from assessments.quality.repairs.discovery.dependencies import dependencies as found_in
from assessments.quality.repairs.discovery.sources import Told, told_by_sources
from assessments.quality.suggest.gaps import hidden_in
from assessments.quality.suggest.look import Look, quoted
from assessments.quality.suggest.suggested import Suggested, mend, per_cent, suggested

# Rows of the sample, and its cells over all columns, which are 8 bytes each.
SAMPLE, SAMPLE_CELLS = 200_000, 6_000_000
MOST_COLUMNS, MOST_FOR_EACH = 40, 2
# The share of rows that deviate, above which a dependency was none, and the same where sources disagree.
LIMIT, LIMIT_OF_SOURCES = 0.1, 0.75
# What sources say is right from this share of them on, and when no other value has as many: errors scatter.
MOST_SAY = 0.2
FILLED, CLEAN_SHOWN = 0.9, 3
LONGEST_TEXT = 200
DESCRIBES = frozenset({"title", "text", "category"})  # roles of columns that say what an item is


def dependencies(look: Look, progress: Progress) -> Iterator[Suggested]:
    columns = [one for one in look.usable if _comparable(one)][:MOST_COLUMNS]
    if len(columns) < 2:
        return
    codes = _codes(look, columns, part(progress, 0.0, 0.4))
    progress(0.4, gettext("Looking for columns that decide others"))
    told = [one for one in told_by_sources(codes) if look.role_of.get(one.column) != "grade"]
    deciding = [one.name for one in columns if _decides(look, one)]
    times = {one.name for one in columns if one.kind == "timestamp"}  # events of one thing are at times of their own
    codes = {name: values for name, values in codes.items() if name not in times}
    found = found_in(codes, deciding=deciding, most_for_each=MOST_FOR_EACH)
    known = {one.dependent for one in found}
    yield from (_of_sources(look, one) for one in told if one.column not in known)
    for number, one in enumerate(found):
        together = [other.determinants[0] for other in found if other.dependent == one.dependent]
        # One rule for each column is enough: what else decides it is asked by the repair of that rule.
        if one.determinants[0] == together[0]:
            yield _suggested(look, one, number / len(found), together)
    yield from _of_items(look, codes, {(one.determinants, one.dependent) for one in found})


def _of_items(
    look: Look, codes: dict[str, NDArray[np.int64]], known: Collection[tuple[tuple[str, ...], str]]
) -> Iterator[Suggested]:
    """One item has one description, even where several are written often: a shop wants one all the same.

    Dependencies that hold without exception are many; those of items are worth watching.
    """
    item = look.roles.get("item", "")
    described = [name for name in codes if name != item and name in look.role_of][: 4 * CLEAN_SHOWN]
    found = [judged((item,), name, codes) for name in described] if item in codes else []
    held = [one for one in found if one is not None and (one.determinants, one.dependent) not in known]
    for one in held:
        if one.exceptions and look.role_of.get(one.dependent) in DESCRIBES:
            yield _suggested(look, one, 0.0, [item])
    for one in [one for one in held if one.exact][:CLEAN_SHOWN]:
        yield _suggested(look, one, 1.0, [item])


def _comparable(facts: ColumnFacts) -> bool:
    return facts.distinct > 1 and (facts.lengths is None or facts.lengths[1] <= LONGEST_TEXT)


def _decides(look: Look, facts: ColumnFacts) -> bool:
    """Amounts and times decide nothing, and names describe what others decide."""
    if facts.kind in {"number", "timestamp", "decimal"}:
        return False
    return look.role_of.get(facts.name) not in {"title", "text", "price", "quantity", "time"}


def _codes(look: Look, columns: Sequence[ColumnFacts], progress: Progress) -> dict[str, NDArray[np.int64]]:
    """The values of the first rows as numbers from 0, -1 for a missing one.

    What is written in another way than most counts as the same value.
    """
    table, fetchable = look.scanner.table, look.scanner.dialect.fetchable
    rows = min(SAMPLE, SAMPLE_CELLS // len(columns))
    source = table.limit(rows) if look.rows > rows else table
    aliases = {f"v{place}": fetchable(source[one.name]) for place, one in enumerate(columns)}
    batches = list(
        look.scanner.runner.batches(source.select(**aliases), progress, gettext("Looking at a sample of rows"))
    )
    held = pa.Table.from_batches(batches)
    codes = {}
    for place, one in enumerate(columns):
        column = held.column(place).combine_chunks()
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        coded = pc.dictionary_encode(column)
        found = pc.fill_null(coded.indices, -1).to_numpy().astype(np.int64)
        codes[one.name] = _same(look, one, coded.dictionary.to_pylist(), found) if one.kind == "text" else found
    return codes


def _same(look: Look, facts: ColumnFacts, values: list[str], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The codes with one number for all writings of a value."""
    way = look.ways[facts.name]
    if way is None:
        return codes
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(way.changes.get(value, value), len(numbers)) for value in values]
    return np.array([*places, -1])[codes]


def _suggested(look: Look, one: Dependency, place: float, together: Sequence[str]) -> Suggested:
    """``place`` is from 0 for what is best mended first to 1; the columns ``together`` all decide the same one."""
    single = one.determinants[0] if len(one.determinants) == 1 else ""
    described = look.role_of.get(single) == "item" and look.role_of.get(one.dependent) in DESCRIBES
    facts = look.named(one.dependent)
    fill = {"fill": True} if facts is not None and 0 < _gaps(facts) < (1 - FILLED) * facts.rows else {}
    repair = mend("correct_by_dependency", [*one.determinants, one.dependent], **fill)
    if described:
        repair = mend("collapse_descriptions", [single, one.dependent])
    elif single and len(together) > 1:
        repair = mend("correct_by_votes", [*together, one.dependent], **fill)
    reason = _(
        "Rows with the same “%(by)s” nearly always have the same “%(column)s”: all but %(share)s %% of those seen."
    )
    if not one.exceptions:
        reason = _("Rows with the same “%(by)s” always have the same “%(column)s”.")
    by = " + ".join(one.determinants)
    reason %= {"by": by, "column": one.dependent, "share": per_cent(1 - one.agreement)}
    others = [name for name in together if name != single]
    if single and others:
        reason += " " + _("The repair also asks what decides it beside: %(others)s.") % {
            "others": quoted(others, shapes=True)
        }
    return suggested(
        "functional_dependency",
        one.determinants,
        name=_("One “%(by)s”, one “%(column)s”") % {"by": by, "column": one.dependent},
        reason=reason,
        rank=74 if described else 68 - 4 * place if one.exceptions else 34,
        parameters={"dependent": one.dependent},
        guard=not one.exceptions,
        most=LIMIT,
        blames=[one.dependent],
        repair=repair,
    )


def _gaps(facts: ColumnFacts) -> int:
    """The empty cells of the column, with those that only say so."""
    return facts.nulls + sum(hidden_in(facts).values())


def _of_sources(look: Look, one: Told) -> Suggested:
    facts = look.named(one.column)
    gaps = facts is not None and _gaps(facts) > 0
    return suggested(
        "functional_dependency",
        [one.thing],
        name=_("All of “%(source)s” say the same “%(column)s” of one “%(thing)s”")
        % {"source": one.source, "column": one.column, "thing": one.thing},
        reason=_(
            "Each “%(source)s” tells once of each “%(thing)s”, and %(share)s %% of the rows do not say the "
            "“%(column)s” that most of them say."
        )
        % {
            "source": one.source,
            "thing": one.thing,
            "column": one.column,
            "share": per_cent(one.deviating / one.rows),
        },
        rank=79,
        parameters={"dependent": one.column},
        most=LIMIT_OF_SOURCES,
        blames=[one.column],
        repair=mend(
            "correct_by_dependency", [one.thing, one.column], majority=MOST_SAY, **({"fill": True} if gaps else {})
        ),
    )
