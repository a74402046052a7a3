"""Values in the wrong column, and words that are misspelt within longer texts."""

import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from assessments.common.progress import Progress
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.repairs.discovery.swaps import at_home, swapped
from assessments.quality.repairs.discovery.words import misspelt_words
from assessments.quality.suggest.alike import shape_of
from assessments.quality.suggest.look import Look, plain, quoted, told
from assessments.quality.suggest.sets import with_words
from assessments.quality.suggest.suggested import Suggested, mend, suggested

# The rule lists the values of the column that has fewer of them.
MOST_LISTED, MOST_VALUES = 300, 5_000
SAMPLE, SAMPLE_CELLS = 200_000, 4_000_000
MOST_WORDS, WITH_NUMBERS, USUAL = 12, 0.5, 0.01


def misplaced(look: Look, progress: Progress) -> Iterator[Suggested]:
    texts = [one for one in look.texts if one.values.complete and 1 < one.distinct <= MOST_VALUES and look.shows(one)]
    yield from _swapped(look, texts, progress)
    for facts in look.texts:
        if look.shows(facts) and facts.values.complete:
            yield from _misspelt(facts)


def _swapped(look: Look, texts: list[ColumnFacts], progress: Progress) -> Iterator[Suggested]:
    counts = {one.name: dict(one.values.counts) for one in texts}
    shared = [
        one
        for one in texts
        if any(counts[one.name].keys() & counts[two.name].keys() for two in texts if one is not two)
    ]
    if len(shared) < 2:
        return
    rows = min(SAMPLE, SAMPLE_CELLS // len(shared))
    table = look.scanner.table.limit(rows) if look.rows > rows else look.scanner.table
    aliases = {f"v{place}": table[one.name] for place, one in enumerate(shared)}
    batches = list(
        look.scanner.runner.batches(table.select(**aliases), progress, gettext("Looking at a sample of rows"))
    )
    held = pa.Table.from_batches(batches).combine_chunks()
    columns = {one.name: _whole(held.column(place)) for place, one in enumerate(shared)}
    for first, second, found in swapped(columns, {one.name: counts[one.name] for one in shared}):
        yield from _one_swap(look, sorted((first, second), key=lambda name: len(counts[name])), counts, found)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks).cast(pa.string()) if column.num_chunks else pa.array([], pa.string())


def _one_swap(look: Look, names: list[str], counts: dict[str, dict[str, int]], rows: int) -> Iterator[Suggested]:
    first, second = names
    foreign = at_home(counts[second], counts[first]) & counts[first].keys()
    allowed = [value for value in counts[first] if value not in foreign]
    if len(allowed) > MOST_LISTED or not plain(allowed):
        return
    yield suggested(
        "allowed_values",
        [first],
        name=_("“%(first)s” holds no value of “%(second)s”") % {"first": first, "second": second},
        reason=(
            _("In one row the two stand in each other's place: %(values)s belongs to “%(second)s”.")
            if rows == 1
            else _("In %(rows)s rows the two stand in each other's place: %(values)s belong to “%(second)s”.")
        )
        % {"rows": f"{rows:,}", "values": quoted(sorted(foreign), 3), "second": second},
        rank=87,
        parameters={"values": allowed},
        blames=[first, second],
        repair=mend("swap_back", [first, second]),
    )


def _misspelt(facts: ColumnFacts) -> Iterator[Suggested]:
    """Texts of numbers and a few words, in which a word is misspelt here and there."""
    counts = dict(told(facts))
    wrong = misspelt_words(counts)
    if not wrong:
        return
    rows = sum(counts.values())
    if sum(count for value, count in counts.items() if re.search(r"\d", value)) < WITH_NUMBERS * rows:
        return
    forms: Counter[str] = Counter()
    for value, count in counts.items():
        forms[re.sub(r"\d+", "9", value)] += count
    right = [value for value in counts if forms[re.sub(r"\d+", "9", value)] >= USUAL * rows]
    regex = shape_of(right, letters=False)
    if not regex or not plain(right[:MOST_WORDS]):
        return
    pairs = quoted([f"{bad} → {good}" for bad, good in list(wrong.items())[:3]])
    yield suggested(
        "pattern",
        [facts.name],
        name=_("“%(column)s” has its usual words") % {"column": facts.name},
        reason=_("A few words are in nearly all values; others are probably typing errors, such as %(pairs)s.")
        % {"pairs": pairs},
        rank=83,
        parameters={"regex": with_words(regex, facts), "match": "full"},
        most=0.2,
        repair=mend("correct_typos", [facts.name], of="words"),
    )
