"""Columns that decide others: found on a sample of rows, verified on all of them by the scan.

How far a dependency A → B is from holding is g3, the least share of rows that must go until it holds (Kivinen and
Mannila 1995): 1 - Σ over the values of A of the rows of the most frequent B / rows. It is taken over rows whose value
of A stands in at least two rows, since a value in a single row decides everything and says nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from numpy.typing import NDArray

from assessments.common.progress import Progress, part
from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.profile.values import sample_of
from assessments.quality.suggest.look import Look
from assessments.quality.suggest.suggested import Suggested, mend, suggested

SAMPLE = 20_000
MOST_COLUMNS = 60
# The most of g3, and how much better than guessing the most frequent value of all rows A must decide B.
LIMIT, BETTER = 0.1, 0.25
# Few exceptions may be compared less strictly where each stands alone against a clear majority of its group.
FEW, BETTER_FEW, CLEAR = 0.03, 0.6, 0.8
# The share of rows, and the rows, whose value of A stands in several rows.
LEAST_COVER, LEAST_ROWS = 0.3, 30
LEAST_VALUES = 3
FILLED = 0.9
CLEAN_SHOWN = 3


@dataclass(frozen=True)
class Dependency:
    by: str
    column: str
    error: float
    cover: float
    groups: int


def dependencies(look: Look, progress: Progress) -> Iterator[Suggested]:
    found = find(look, progress)
    broken = [one for one in found if one.error > 0]
    # Dependencies that hold without exception are many; those of items are worth watching.
    item = look.roles.get("item", "")
    clean = [one for one in found if not one.error and one.by == item and one.column in look.role_of][:CLEAN_SHOWN]
    for one in [*broken, *clean]:
        yield _suggested(look, one)


def find(look: Look, progress: Progress) -> list[Dependency]:
    """For each column the one that decides it best, if one does."""
    columns = [one for one in look.usable if _comparable(one)][:MOST_COLUMNS]
    if len(columns) < 2:
        return []
    codes = _codes(look, columns, part(progress, 0.0, 0.5))
    found: dict[tuple[str, str], Dependency] = {}
    for position, left in enumerate(columns):
        progress(0.5 + 0.5 * position / len(columns), gettext("Looking for columns that decide others"))
        if left.distinct < LEAST_VALUES or left.kind in {"number", "timestamp", "decimal"}:
            continue
        if look.role_of.get(left.name) in {"title", "text"}:  # names describe, they do not decide
            continue
        for right in columns:
            one = measure(left.name, right.name, codes[left.name], codes[right.name]) if left != right else None
            if one is not None:
                found[left.name, right.name] = one
    return _best(found, [one.name for one in columns])


def _best(found: dict[tuple[str, str], Dependency], names: Sequence[str]) -> list[Dependency]:
    """One for each column. What decides its code without exception is not decided by it: two may have one name."""
    best: dict[str, Dependency] = {}
    for (by, column), one in found.items():
        back = found.get((column, by))
        if one.error and back is not None and not back.error:
            continue
        if column not in best or _better(one, best[column]):
            best[column] = one
    return [best[name] for name in names if name in best]


def _comparable(facts: ColumnFacts) -> bool:
    return (
        facts.kind not in {"number", "boolean", "other"} and facts.distinct > 1 and facts.distinct < 0.95 * facts.filled
    )


def _better(one: Dependency, other: Dependency) -> bool:
    """More rows that can be judged, and fewer that contradict; of nearly equal ones the larger groups."""
    mine, theirs = one.cover - 5 * one.error, other.cover - 5 * other.error
    return mine > theirs + 0.02 or (abs(mine - theirs) <= 0.02 and one.groups < other.groups)


def _codes(look: Look, columns: Sequence[ColumnFacts], progress: Progress) -> dict[str, NDArray[np.int64]]:
    """{column: a number for each value of each sampled row, -1 for an empty cell}."""
    source, _whole = sample_of(look.scanner, look.rows, SAMPLE)
    fetchable = look.scanner.dialect.fetchable
    aliases = {f"v{place}": fetchable(source[one.name]) for place, one in enumerate(columns)}
    batches = list(
        look.scanner.runner.batches(source.select(**aliases), progress, gettext("Looking at a sample of rows"))
    )
    held = pa.Table.from_batches(batches)
    codes = {}
    for place, one in enumerate(columns):
        column = held.column(place).combine_chunks()
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        codes[one.name] = pc.fill_null(pc.dictionary_encode(column).indices, -1).to_numpy().astype(np.int64)
    return codes


def measure(by: str, column: str, left: NDArray[np.int64], right: NDArray[np.int64]) -> Dependency | None:
    """The dependency of ``column`` on ``by``, None when it does not hold well enough to mean something."""
    there = (left >= 0) & (right >= 0)
    a, b = left[there], right[there]
    if len(a) < LEAST_ROWS:
        return None
    sizes = np.bincount(a)
    several = sizes[a] > 1
    a, b = a[several], b[several]
    groups = int((sizes > 1).sum())
    cover = len(a) / int(there.sum())
    if len(a) < LEAST_ROWS or cover < LEAST_COVER or groups < LEAST_VALUES:
        return None
    _pairs, counts = np.unique(a * (int(right.max()) + 1) + b, return_counts=True)
    owners = _pairs // (int(right.max()) + 1)
    most = np.zeros(len(sizes), np.int64)
    np.maximum.at(most, owners, counts)
    error = 1 - int(most.sum()) / len(a)
    guessing = 1 - int(np.bincount(b).max()) / len(b)
    broken = most < sizes
    clear = int(most[broken].sum()) / max(int(sizes[broken].sum()), 1)
    better = BETTER_FEW if error <= FEW and clear >= CLEAR else BETTER
    # In groups of few rows much is decided by chance: compared with as many groups drawn at random.
    if error > LIMIT or error > better * guessing or error > better * _by_chance(sizes, b):
        return None
    return Dependency(by, column, error, cover, groups)


def _by_chance(sizes: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """g3 of the same values dealt out at random to groups of these sizes."""
    dealt = np.random.default_rng(7).permutation(b)
    owners = np.repeat(np.arange(len(sizes)), np.where(sizes > 1, sizes, 0))[: len(dealt)]
    span = int(b.max()) + 1
    pairs, counts = np.unique(owners * span + dealt[: len(owners)], return_counts=True)
    most = np.zeros(len(sizes), np.int64)
    np.maximum.at(most, pairs // span, counts)
    return 1 - int(most.sum()) / max(len(owners), 1)


def _suggested(look: Look, one: Dependency) -> Suggested:
    described = look.role_of.get(one.by) == "item" and look.role_of.get(one.column) in {"title", "text", "category"}
    facts = look.named(one.column)
    gaps = facts is not None and 0 < facts.nulls < (1 - FILLED) * facts.rows
    repair = (
        mend("collapse_descriptions", [one.by, one.column])
        if described
        else mend("correct_by_dependency", [one.by, one.column], **({"fill": True} if gaps else {}))
    )
    reason = _(
        "Rows with the same “%(by)s” nearly always have the same “%(column)s”: all but %(share)s %% of those seen."
    )
    if not one.error:
        reason = _("Rows with the same “%(by)s” always have the same “%(column)s”.")
    return suggested(
        "functional_dependency",
        [one.by],
        name=_("One “%(by)s”, one “%(column)s”") % {"by": one.by, "column": one.column},
        reason=reason % {"by": one.by, "column": one.column, "share": f"{one.error * 100:.2g}"},
        rank=74 if described else 68 - 50 * one.error if one.error else 34,
        parameters={"dependent": one.column},
        guard=not one.error,
        most=LIMIT,
        blames=[one.column],
        repair=repair,
    )
