"""Leaving out the few rows for whose sake whole classes would have to be made coarse. Pure.

The loss of a class is its rows times the sum, over the columns, of the share of the column's range that its label spans
(normalised certainty penalty, Xu et al. 2006). Greedy: of all classes the removal that saves most loss for each row
left out is made first, until the allowance is used or nothing is worth it any more. A removal is the end of a class in
one column, or the whole class. What is left of a class still has k rows and l sensitive values. Deterministic.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

# A row is left out only where this saves so many times the loss that a row has on average; in a table without outliers,
# where every class's end is as good as any other, it never does.
WORTH = 5.0
MOST_VALUES = 8  # different values that are taken off an end at once
MOST_CLASSES = 10_000  # those with the greatest loss are looked at
TINY = 1e-12


@dataclass(frozen=True)
class Losses:
    """``places`` has the shape (entries, columns): where each value lies in its column, from 0 to 1. ``counts`` are the
    rows of each entry, ``sensitive`` the codes of its sensitive value."""

    places: np.ndarray
    counts: np.ndarray
    k: int
    sensitive: np.ndarray | None = None
    diversity: int = 1

    def rows(self, part: np.ndarray) -> int:
        return int(self.counts[part].sum())

    def loss(self, part: np.ndarray) -> float:
        if not len(part):
            return 0.0
        own = self.places[part]
        return self.rows(part) * float((own.max(axis=0) - own.min(axis=0)).sum())

    def holds(self, part: np.ndarray) -> bool:
        if self.rows(part) < self.k:
            return False
        return self.sensitive is None or len(np.unique(self.sensitive[part])) >= self.diversity


def suppressed(parts: Sequence[np.ndarray], table: Losses, most_rows: int) -> list[np.ndarray]:
    """The classes without what is left out of them, at most ``most_rows`` rows; a class may be left out whole."""
    kept, left = dict(enumerate(parts)), most_rows
    whole = sum(table.rows(part) for part in parts)
    least = WORTH * sum(table.loss(part) for part in parts) / whole if whole else 0.0
    costly = heapq.nlargest(MOST_CLASSES, kept, key=lambda at: table.loss(kept[at]))
    waiting = [one for at in costly if (one := _best(at, kept[at], table, left, least)) is not None]
    heapq.heapify(waiting)
    while waiting:
        _saved, at, rows, rest = heapq.heappop(waiting)
        if rows <= left:
            kept[at], left = rest, left - rows
        found = _best(at, kept[at], table, left, least)
        if found is not None:
            heapq.heappush(waiting, found)
    return [part for part in kept.values() if len(part)]


Removal = tuple[float, int, int, np.ndarray]  # minus the loss saved for each row, class, rows left out, what is left


def _best(at: int, part: np.ndarray, table: Losses, most_rows: int, least: float) -> Removal | None:
    """The removal that saves most for each row, when it is worth it and within ``most_rows``."""
    loss, rows, found = table.loss(part), table.rows(part), None
    for rest in _rests(part, table):
        out = rows - table.rows(rest)
        if not 0 < out <= most_rows:
            continue
        saved = (loss - table.loss(rest)) / out
        if saved > least + TINY and (found is None or -saved < found[0] - TINY):
            found = (-saved, at, out, rest)
    return found


def _rests(part: np.ndarray, table: Losses) -> Iterator[np.ndarray]:
    """What may be left of a class: nothing, or all but one end of one column, in a fixed order."""
    yield part[:0]
    for column in range(table.places.shape[1]):
        values = table.places[part, column]
        known = np.unique(values)
        for first in known[1 : 1 + MOST_VALUES]:
            rest = part[values >= first]
            if table.holds(rest):
                yield rest
        for last in known[:-1][-MOST_VALUES:][::-1]:
            rest = part[values <= last]
            if table.holds(rest):
                yield rest
