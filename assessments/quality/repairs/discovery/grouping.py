"""How far the rows of each group agree in one column. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
# Up to so many pairs of key and value are counted in a table of all of them, instead of being sorted.
COUNTED = 4_000_000
# Only of so few groups it matters whether each has a value of its own.
FEW = 20


@dataclass(frozen=True)
class Groups:
    """Of the groups with at least two rows: ``size``, and the rows of the most frequent value (``most``).

    ``rows`` are those of these groups, ``both`` those in which key and value are there. ``tau`` is how much more often
    two rows of a group agree than two rows of the table (at most 1). ``exceptions`` deviate from a majority of more
    than half. ``different`` are the values that are the most frequent of some group.
    """

    size: Codes
    most: Codes
    rows: int
    both: int
    tau: float
    chance: float
    exceptions: int
    different: int


def grouped(key: Codes, values: Codes) -> Groups | None:
    """The groups of rows with one ``key`` (−1: missing); None when no two rows can be compared."""
    there = (key >= 0) & (values >= 0)
    key, values = key[there], values[there]
    if not len(key):
        return None
    owners, n = _pairs(key, values)
    size, most = np.bincount(owners, n).astype(np.int64), np.zeros(int(owners.max()) + 1, np.int64)
    np.maximum.at(most, owners, n)
    agreeing = np.bincount(owners, n * (n - 1.0))
    several = size >= 2
    size, most, agreeing = size[several], most[several], agreeing[several]
    rows = int(size.sum())
    if not rows:
        return None
    shares = agreeing / (size * (size - 1.0))
    # The mean over rows too, so that a few large groups do not hide that the small ones disagree.
    within = min(float(agreeing.sum() / (size * (size - 1.0)).sum()), float(np.average(shares, weights=size)))
    chance = _by_chance(values)
    tau = (within - chance) / (1 - chance) if chance < 1 else 0.0
    exceptions = int((size - most)[most > size / 2].sum())
    majority = said(key, values)
    different = len(np.unique(majority[majority >= 0])) if len(size) <= FEW else len(size)
    return Groups(size, most, rows, len(key), tau, chance, exceptions, different)


def said(key: Codes, values: Codes) -> Codes:
    """What the group of each row says: its most frequent value, where at least two rows and more than half of them
    have it; else −1."""
    there = (key >= 0) & (values >= 0)
    found = np.full(len(key), -1, np.int64)
    if not there.any():
        return found
    span = int(values.max()) + 1
    together, n = np.unique(key[there] * span + values[there], return_counts=True)
    owners, held = together // span, together % span
    size = np.bincount(owners, n, minlength=int(key.max()) + 1)
    best = np.full(len(size), -1, np.int64)
    clear = (n >= 2) & (n > size[owners] / 2)
    best[owners[clear]] = held[clear]
    has_key = key >= 0
    found[has_key] = best[key[has_key]]
    return found


def key_of(columns: Sequence[Codes]) -> Codes:
    """One code for each combination; −1 where one of the columns is missing."""
    key = columns[0]
    for column in columns[1:]:
        missing = (key < 0) | (column < 0)
        _values, dense = np.unique(key * (int(column.max()) + 2) + column, return_inverse=True)
        key = np.where(missing, -1, dense.astype(np.int64))
    return key


def _pairs(key: Codes, values: Codes) -> tuple[Codes, Codes]:
    """For each pair of key and value that occurs: its key, and its rows."""
    span = int(values.max()) + 1
    together = key * span + values
    if (int(key.max()) + 1) * span <= max(COUNTED, 4 * len(key)):
        counts = np.bincount(together)
        found = np.flatnonzero(counts)
        return found // span, counts[found]
    found, counts = np.unique(together, return_counts=True)
    return found // span, counts


def _by_chance(values: Codes) -> float:
    """The chance that two rows of the table agree."""
    n = np.bincount(values).astype(float)
    total = n.sum()
    return float((n * (n - 1)).sum() / (total * (total - 1))) if total > 1 else 1.0
