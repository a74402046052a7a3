"""Which columns follow from which, in a table with errors: approximate functional dependencies. Pure.

A dependency is judged by how often two rows that agree in the determinant agree in the dependent column, beyond what
chance gives (Goodman and Kruskal's tau 1954, as for dependencies by Piatetsky-Shapiro and Matheus 1993), and by its
groups: where it holds, nearly every group has a clear majority, and what deviates is rare in each of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

LEAST_TAU = 0.4
CLEAR = 0.7  # the share of a group's rows that its majority has at least
LEAST_GROUP = 3  # of a smaller group nobody can say which value is wrong
UNCLEAR_ROWS = 0.02  # the share of rows that may be in groups without a clear majority
COVERED = 0.5  # the share of rows that must be in groups of more than one row
BETTER = 0.6  # two columns are named instead of one when they leave at most this share of the exceptions
MOST_COLUMNS = 40


@dataclass(frozen=True)
class Dependency:
    """``rows`` are compared: those of groups of at least two rows. ``exceptions`` of them deviate from the majority of
    their group where it is clear: more than half of it, and at least two rows."""

    determinants: tuple[str, ...]
    dependent: str
    tau: float
    rows: int
    exceptions: int

    @property
    def agreement(self) -> float:
        return 1.0 - self.exceptions / self.rows if self.rows else 0.0


def dependencies(codes: Mapping[str, np.ndarray], *, most_for_each: int = 3) -> list[Dependency]:
    """The dependencies with exceptions among columns given as codes (−1: missing); the best of each column first.

    For each dependent column at most ``most_for_each``, ordered by how much they explain.
    """
    names = [name for name, values in codes.items() if _can_take_part(values)][:MOST_COLUMNS]
    found: list[Dependency] = []
    for dependent in names:
        one = [_judged((name,), dependent, codes) for name in names if name != dependent]
        kept = [each for each in one if each is not None]
        kept = [_with_a_second(each, names, codes) for each in kept]
        best = {each.determinants: each for each in kept}
        ordered = sorted(best.values(), key=lambda each: (-round(each.agreement, 4), -each.rows, each.determinants))
        found += ordered[:most_for_each]
    return [each for each in found if each.exceptions]


def _can_take_part(values: np.ndarray) -> bool:
    """A column with one value says nothing, and one of nearly all different values is said by everything."""
    present = values[values >= 0]
    if len(present) < LEAST_GROUP:
        return False
    different = len(np.unique(present))
    return 1 < different <= COVERED * len(present)


def _judged(determinants: tuple[str, ...], dependent: str, codes: Mapping[str, np.ndarray]) -> Dependency | None:
    key, values = _key([codes[name] for name in determinants]), codes[dependent]
    both = (key >= 0) & (values >= 0)
    if not both.any():
        return None
    key, values = key[both], values[both]
    pairs, n = np.unique(np.stack([key, values]), axis=1, return_counts=True)
    _groups, at = np.unique(pairs[0], return_inverse=True)
    size, most, agreeing = np.bincount(at, n), _greatest(at, n), np.bincount(at, n.astype(float) * (n - 1))
    compared = size >= 2
    rows = int(size[compared].sum())
    if rows < COVERED * len(values):
        return None
    judged, clear = size >= LEAST_GROUP, compared & (most > size / 2)
    unclear = size[judged & (most < CLEAR * size)].sum()
    chance = _agreement_by_chance(values)
    within = agreeing[compared].sum() / (size[compared] * (size[compared] - 1.0)).sum()
    # The mean over groups, so that a few large groups do not hide that the small ones disagree.
    within = min(
        within,
        float(np.average(agreeing[compared] / (size[compared] * (size[compared] - 1.0)), weights=size[compared])),
    )
    tau = (within - chance) / (1 - chance) if chance < 1 else 0.0
    if tau < LEAST_TAU or unclear > UNCLEAR_ROWS * rows:
        return None
    return Dependency(determinants, dependent, float(tau), rows, int((size - most)[clear].sum()))


def _with_a_second(one: Dependency, names: Sequence[str], codes: Mapping[str, np.ndarray]) -> Dependency:
    """The same dependency with a second determinant, when much fewer rows deviate then: state and measure, say."""
    best = one
    for name in names:
        if name in (*one.determinants, one.dependent):
            continue
        two = _judged((*one.determinants, name), one.dependent, codes)
        if two is None or two.rows < 0.9 * one.rows or two.exceptions > BETTER * one.exceptions:
            continue
        if two.exceptions < best.exceptions:
            best = two
    return best


def _key(columns: Sequence[np.ndarray]) -> np.ndarray:
    """One code for each combination; −1 where one of the columns is missing."""
    key = columns[0].astype(np.int64)
    for column in columns[1:]:
        missing = (key < 0) | (column < 0)
        _values, key = np.unique(key * (column.max() + 2) + column, return_inverse=True)
        key = np.where(missing, -1, key)
    return key


def _greatest(at: np.ndarray, n: np.ndarray) -> np.ndarray:
    found = np.zeros(at.max() + 1, dtype=np.int64)
    np.maximum.at(found, at, n)
    return found


def _agreement_by_chance(values: np.ndarray) -> float:
    """The chance that two rows of the table agree."""
    n = np.unique(values, return_counts=True)[1].astype(float)
    total = n.sum()
    return float((n * (n - 1)).sum() / (total * (total - 1))) if total > 1 else 1.0
