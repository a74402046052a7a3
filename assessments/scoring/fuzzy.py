"""Fuzzy comprehensive evaluation: how far each part belongs to each level, put together over the parts.

A score belongs to the two levels between whose centres it lies, the more to the nearer one (a triangle over each
centre): at the centre of a level wholly to that level, half way to the next half to each. The centres are 0, the middle
of each level between the first and the last, and 100; with cuts at 20, 40, 60 and 80 they are 0, 30, 50, 70, 100.

The memberships of the parts are the rows of a matrix R, which the weights w compose to one vector b over the levels
(Zadeh's composition of relations; for evaluation: Wang Peizhuang, Theory of fuzzy sets and its applications, 1983):

    max_min           M(∧,∨)   bₖ = maxᵢ min(wᵢ, rᵢₖ)     only the strongest voice for each level is heard
    weighted_average  M(·,+)   bₖ = Σᵢ wᵢ rᵢₖ              every voice is heard by its weight
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from assessments.scoring.formulas import HIGHEST, LOWEST, Numeric

Operator = Literal["max_min", "weighted_average"]
OPERATORS: tuple[Operator, ...] = ("max_min", "weighted_average")


def level_centres(cuts: Sequence[float]) -> tuple[float, ...]:
    """The centre of each level, for the cuts at which levels 2, 3, … begin: one or more, ascending, within 0 to 100."""
    return (LOWEST, *((low + high) / 2 for low, high in pairwise(cuts)), HIGHEST)


def memberships(score: float, centres: Sequence[float]) -> list[float]:
    """How far a score from 0 to 100 belongs to each level: two neighbours at most, summing to 1."""
    reached = [1.0, *(float(one) for one in _reached(score, centres)), 0.0]
    return [here - above for here, above in pairwise(reached)]


def compose(operator: Operator, weights: Sequence[float], rows: Sequence[Sequence[float]]) -> list[float]:
    """The vector over the levels from the parts' weights, 0 to 1, and memberships [parts, levels].

    Raises ValueError for an unknown operator and for weights and rows that do not fit together.
    """
    if operator not in OPERATORS or len(weights) != len(rows):
        raise ValueError("an operator of fuzzy evaluation needs one weight for each row")
    matrix, column = np.asarray(rows, dtype=np.float64), np.asarray(weights, dtype=np.float64)[:, None]
    vector = np.minimum(column, matrix).max(axis=0) if operator == "max_min" else (column * matrix).sum(axis=0)
    return [float(share) for share in vector]


class FuzzyCombination:
    """The score of a node by fuzzy evaluation, from one child after another; numbers and arrays of draws alike.

    The level vector is turned into a score by the centres: c₁ + Σₖ (cₖ₊₁ - cₖ) Bₖ, where Bₖ says how far the node
    reaches beyond level k. With Gᵢₖ, how far child i does (the sum of its memberships above k):

    - weighted_average: Bₖ = Σ wᵢ Gᵢₖ / Σ wᵢ, so that the score is Σ bₖ cₖ, and equals the weighted mean
    - max_min: Bₖ = ½ (maxᵢ min(vᵢ, Gᵢₖ) + 1 - maxᵢ min(vᵢ, 1 - Gᵢₖ)) with vᵢ = wᵢ / max w: half way between the
      strongest voice for reaching the level and the strongest against; of equal weights, the middle of the least
      and the greatest child

    Composing what is reached, rather than the single levels, is what keeps the score from falling when a child rises:
    the centre of gravity of the plain max-min vector of two equal children is 66.2 at 30 and 90, and 65 at 30 and 100.
    ``heaviest`` is the greatest weight of a child, a number or draws; max_min alone needs it.
    """

    def __init__(self, operator: Operator, centres: Sequence[float], heaviest: Numeric = 1.0) -> None:
        self.operator, self.centres, self.heaviest = operator, tuple(centres), heaviest
        self._weights: Numeric = 0.0
        self._for: tuple[Numeric, ...] | None = None
        self._against: tuple[Numeric, ...] = ()

    def add(self, weight: Numeric, value: Numeric) -> None:
        reached = _reached(value, self.centres)
        if self.operator == "weighted_average":
            self._weights = self._weights + weight
            terms = tuple(weight * one for one in reached)
            self._for = terms if self._for is None else tuple(a + b for a, b in zip(self._for, terms, strict=True))
            return
        voice = weight / self.heaviest
        up = tuple(np.minimum(voice, one) for one in reached)
        down = tuple(np.minimum(voice, 1.0 - one) for one in reached)
        if self._for is None:
            self._for, self._against = up, down
        else:
            self._for = tuple(np.maximum(a, b) for a, b in zip(self._for, up, strict=True))
            self._against = tuple(np.maximum(a, b) for a, b in zip(self._against, down, strict=True))

    def result(self) -> Numeric | None:
        if self._for is None:
            return None
        if self.operator == "weighted_average":
            beyond = tuple(one / self._weights for one in self._for)
        else:
            beyond = tuple((up + (1.0 - down)) / 2 for up, down in zip(self._for, self._against, strict=True))
        steps = (high - low for low, high in pairwise(self.centres))
        total: Numeric = self.centres[0]
        for step, share in zip(steps, beyond, strict=True):
            total = total + step * share
        return np.clip(total, LOWEST, HIGHEST)


def _reached(score: Numeric, centres: Sequence[float]) -> tuple[Numeric, ...]:
    """How far a score reaches beyond each level but the last: 0 at the level's centre, 1 at the next."""
    return tuple(np.clip((score - low) / (high - low), 0.0, 1.0) for low, high in pairwise(centres))
