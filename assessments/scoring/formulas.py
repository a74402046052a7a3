"""The arithmetic of a score: scales, aggregation, levels. Works on numbers and on arrays of draws alike."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Draws: TypeAlias = NDArray[np.float64]
Numeric: TypeAlias = float | Draws
Method = Literal["arithmetic", "geometric", "minimum", "fuzzy"]
Kind = TypeVar("Kind", float, Draws)

LOWEST, HIGHEST = 0.0, 100.0
HAIR = 1e-9  # a score this far below a cut is on it: the last bits of a sum must not decide a level


def scale_apply(points: Sequence[tuple[float, float]], raw: Kind) -> Kind:
    """The score of ``raw`` on the piecewise-linear scale through ``points`` (own units, 0 to 100); flat past its ends.

    The units ascend strictly; the scores ascend, or descend where less is better.
    """
    score = np.interp(raw, [unit for unit, _ in points], [score for _, score in points])
    return score if isinstance(raw, np.ndarray) else float(score)


class Combination:
    """The value of a node, built from one child after another so that no more than one child is held in memory.

    - arithmetic: Σ wᵢ xᵢ / Σ wᵢ
    - geometric: exp(Σ wᵢ ln max(xᵢ, floor) / Σ wᵢ); the floor (above 0) keeps one child at zero from erasing the rest
    - minimum: the least xᵢ, whatever its weight
    - fuzzy: by fuzzy evaluation, in fuzzy.py

    Each rises, or stays, when any child rises. ``result`` is None before the first child.
    """

    def __init__(self, method: Method, floor: float = 0.0) -> None:
        self.method, self.floor = method, floor
        self._weights: Numeric = 0.0
        self._total: Numeric | None = None

    def add(self, weight: Numeric, value: Numeric) -> None:
        if self.method == "minimum":
            self._total = value if self._total is None else np.minimum(self._total, value)
            return
        term = weight * (np.log(np.maximum(value, self.floor)) if self.method == "geometric" else value)
        self._weights = self._weights + weight
        self._total = term if self._total is None else self._total + term

    def result(self) -> Numeric | None:
        if self._total is None or self.method == "minimum":
            return self._total
        mean = self._total / self._weights
        # The last bits of a sum must not lead past the ends of the scale.
        return np.clip(np.exp(mean) if self.method == "geometric" else mean, self.floor, HIGHEST)


def combine(method: Method, values: Sequence[float], weights: Sequence[float], floor: float = 0.0) -> float:
    """The weighted mean (or minimum) of ``values``; at least one is needed."""
    node = Combination(method, floor)
    for weight, value in zip(weights, values, strict=True):
        node.add(weight, value)
    result = node.result()
    if result is None:
        raise ValueError("nothing to combine")
    return float(result)


def level_of(score: float, cuts: Sequence[float]) -> int:
    """The level, from 1, that ``score`` reaches: a score on a cut belongs to the level above it."""
    return 1 + sum(score + HAIR >= cut for cut in cuts)


def next_cut(score: float, cuts: Sequence[float]) -> float:
    """The score at which the next level begins; the end of the scale on the last level."""
    return next((cut for cut in cuts if cut > score + HAIR), HIGHEST)


def level_shares(draws: Draws, cuts: Sequence[float]) -> list[float]:
    """The share of ``draws`` that falls on each level, from level 1 on; the shares sum to 1."""
    levels = np.searchsorted(np.asarray(cuts, dtype=np.float64), draws + HAIR, side="right")
    counts = np.bincount(levels, minlength=len(cuts) + 1)
    return [int(count) / len(draws) for count in counts]
