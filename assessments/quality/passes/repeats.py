"""Repeated rows by 64-bit hashes: most rows of most tables are told apart without grouping them.

One number for each row leaves the database, the repeated numbers are found by sorting (``hashes``), and only rows
with a repeated number are grouped in the end, by their values. Two different rows that happen to share a number are
therefore never counted as equal, and two equal rows always share it: the answer is exact.

Rows that are equal in all columns are equal in the key too. So where a key is looked at as well, whole rows need no
numbers of their own: those with a repeated key are grouped once, by all columns, and these groups by the key.
"""

import logging
from collections.abc import Sequence
from contextlib import closing
from time import perf_counter

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.conditions import any_of
from assessments.quality.passes.hashes import HELD_BYTES, HashStore, Repeats, TooManyRepeatsError
from assessments.quality.passes.keysets import KeySet, answer
from assessments.quality.passes.verified import group_repeated
from assessments.quality.running import must_stop
from assessments.quality.scanner import Scanner

logger = logging.getLogger(__name__)

# Below this a grouping takes no time worth saving.
LEAST_ROWS = 200_000


def measure_repeats(sets: Sequence[KeySet], scanner: Scanner, progress: Progress) -> set[tuple[str, ...]]:
    """Answer the rules of those sets for which hashes serve, and tell which these are (by their columns).

    The others are those of columns without a hash, those with very many repeated rows (which a grouping handles
    better, as it has few groups), and all of a small table or of a place that has no hash.
    """
    pending = [keys for keys in sets if keys.nulls != "both"]
    done: set[tuple[str, ...]] = set()
    try:
        if pending and scanner.keeps_rows and _row_count(scanner) >= LEAST_ROWS:
            _rounds(pending, done, scanner, progress)
    except Exception as error:
        if must_stop(error):
            raise
        logger.info("hashes did not serve: %s", type(error).__name__)  # the grouping says it, if it is wrong there too
    return done


def _rounds(pending: list[KeySet], done: set[tuple[str, ...]], scanner: Scanner, progress: Progress) -> None:
    """Answer set after set and put their columns into ``done``."""
    rounds = 0
    while pending:
        share = part(progress, 1 - 0.5**rounds, 1 - 0.5 ** (rounds + 1))
        roots = [keys for keys in pending if not any(_narrows(other, keys) for other in pending)]
        done |= _round(roots, pending, scanner, share)
        pending = [keys for keys in pending if keys not in roots and keys.columns not in done]
        rounds += 1


def _narrows(one: KeySet, other: KeySet) -> bool:
    """Whether the repeated rows of ``other`` are among those of ``one``, whose numbers are cheaper to get."""
    return other.nulls == "count" and one.within(other)


def _row_count(scanner: Scanner) -> int:
    return int(scanner.runner.rows(scanner.table.aggregate(n=scanner.table.count()))[0]["n"])


def _round(roots: list[KeySet], pending: list[KeySet], scanner: Scanner, progress: Progress) -> set[tuple[str, ...]]:
    """Hash the rows of ``roots`` in one pass; group what is repeated there, for them and for the sets they narrow."""
    started = perf_counter()
    hashed = {keys: number for keys in roots if (number := _hash(keys, scanner)) is not None}
    if not hashed:
        return set()
    rows, repeats = _stream(hashed, scanner, part(progress, 0.0, 0.6))
    done: set[tuple[str, ...]] = set()
    for position, (root, found) in enumerate(repeats.items()):
        whole = found.total == rows  # else rows with an empty key are missing, which may be equal to each other
        wider = [keys for keys in pending if whole and _narrows(root, keys) and keys.columns not in done]
        share = part(progress, 0.6 + 0.4 * position / len(repeats), 0.6 + 0.4 * (position + 1) / len(repeats))
        together = [root, *wider]
        answers = group_repeated(together, hashed[root], found, rows, scanner, share)
        for keys, answered in zip(together, answers, strict=True):
            for entry in keys.entries:
                answer(entry, answered)
                entry.seconds = perf_counter() - started
                entry.detail["shared_with"] = sum(len(one.entries) for one in together) - 1
            done.add(keys.columns)
    return done


def _hash(keys: KeySet, scanner: Scanner) -> ir.IntegerColumn | None:
    """The number of each row, null for a row that is left out because a key column is empty."""
    columns = [scanner.table[name] for name in keys.columns]
    number = scanner.dialect.row_hash(columns)
    if number is None or keys.nulls == "count":
        return number
    empty = any_of(column.isnull() for column in columns)
    return empty.ifelse(ibis.null("uint64"), number)


def _stream(
    hashed: dict[KeySet, ir.IntegerColumn], scanner: Scanner, progress: Progress
) -> tuple[int, dict[KeySet, Repeats]]:
    """How many rows there are, and for each set the repeated numbers, unless these are too many."""
    rows, repeats = 0, {}
    with scanner.spill() as folder:
        stores = {keys: HashStore(folder, held_bytes=HELD_BYTES // len(hashed)) for keys in hashed}
        numbers = scanner.table.select(**{f"h{position}": number for position, number in enumerate(hashed.values())})
        with closing(scanner.runner.batches(numbers, progress, _("Looking for repeated rows"))) as batches:
            for batch in batches:
                rows += batch.num_rows
                for position, keys in enumerate(hashed):
                    if keys in stores:
                        _add(stores, keys, batch.column(position))
                if not stores:
                    break
        for keys, store in stores.items():
            scanner.runner.require_time()
            try:
                repeats[keys] = store.repeats()
            except TooManyRepeatsError:
                continue
    return rows, repeats


def _add(stores: dict[KeySet, HashStore], keys: KeySet, column: pa.Array) -> None:
    numbers = column.drop_null() if column.null_count else column
    try:
        stores[keys].add(numbers.to_numpy().astype(np.uint64, copy=False))
    except TooManyRepeatsError:
        del stores[keys]
