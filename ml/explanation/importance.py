"""Which features a model relies on, over many examples: what its quality loses without them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Rows = NDArray[np.floating]
Predict = Callable[[Rows], Rows]  # [rows, features] -> [rows] scores
Metric = Callable[[NDArray[np.bool_], Rows], float]  # labels, scores -> quality, higher is better
Game = Callable[[frozenset[int]], float]  # the worth of a coalition of players 0 to n - 1


@dataclass(frozen=True)
class Importance:
    """``value`` is quality lost (permutation) or earned (Shapley); ``error`` its standard error over the draws."""

    name: str
    value: float
    error: float


def permutation_importance(
    predict: Predict,
    inputs: Rows,
    labels: NDArray[np.bool_],
    metric: Metric,
    groups: Mapping[str, Sequence[int]],
    *,
    draws: int = 10,
    seed: int = 0,
) -> list[Importance]:
    """How much quality falls when a group of columns is shuffled among the rows, all together. Breiman 2001.

    ``inputs`` is [rows, features], ``groups`` name → columns. The most important first. Columns that carry the same
    message stand in for each other, so each alone can seem unimportant: put them in one group, or see ``shapley``.
    """
    rng, whole = np.random.default_rng(seed), metric(labels, predict(inputs))
    lost = np.empty((len(groups), draws))
    for own, columns in zip(lost, groups.values(), strict=True):
        for draw in range(draws):
            order = rng.permutation(len(inputs))
            own[draw] = whole - metric(labels, predict(_shuffled(inputs, [(columns, order)])))
    return _ranked(groups, lost.mean(axis=1), [_error(own) for own in lost])


def shapley_importance(
    predict: Predict,
    inputs: Rows,
    labels: NDArray[np.bool_],
    metric: Metric,
    groups: Mapping[str, Sequence[int]],
    *,
    draws: int = 30,
    seed: int = 0,
) -> list[Importance]:
    """The groups' Shapley values in the game "quality when only these groups tell their own row's values".

    The other columns are shuffled among the rows, by one permutation of each group. The values add up to the quality
    of all groups together less that of none. The most important first. Covert, Lundberg and Lee, "SAGE", 2020.
    """
    rng = np.random.default_rng(seed)
    moves = [(columns, rng.permutation(len(inputs))) for columns in groups.values()]

    def worth(coalition: frozenset[int]) -> float:
        absent = [move for place, move in enumerate(moves) if place not in coalition]
        return metric(labels, predict(_shuffled(inputs, absent)))

    return _ranked(groups, *sampled_shapley(worth, len(groups), draws=draws, seed=seed))


def sampled_shapley(game: Game, players: int, *, draws: int, seed: int = 0) -> tuple[Values, Values]:
    """([players] Shapley values, [players] their standard errors) from ``draws`` pairs of orders of the players.

    Each player earns what the coalition gains when it joins (Castro, Gómez and Tejada 2009). Each order is followed by
    its reverse, which lowers the variance (Mitchell et al. 2022). The values add up to game(all) - game(none) always.
    """
    rng, worth = np.random.default_rng(seed), cache(game)
    gains = np.empty((draws, players))
    for draw in range(draws):
        order = rng.permutation(players)
        gains[draw] = (_joined(worth, order) + _joined(worth, order[::-1])) / 2
    return gains.mean(axis=0), np.array([_error(each) for each in gains.T])


def exact_shapley(game: Game, players: int) -> Values:
    """[players] by visiting all 2 ** players coalitions: for a handful. Shapley 1953."""
    values, worth = np.zeros(players), cache(game)
    for player in range(players):
        others = [each for each in range(players) if each != player]
        for size in range(players):
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            for coalition in map(frozenset, combinations(others, size)):
                values[player] += weight * (worth(coalition | {player}) - worth(coalition))
    return values


def _shuffled(inputs: Rows, moves: Iterable[tuple[Sequence[int], NDArray[np.int64]]]) -> Rows:
    """A copy in which each of the (columns, order) takes these columns from the rows in that order."""
    mixed = inputs.copy()
    for columns, order in moves:
        mixed[:, list(columns)] = inputs[order][:, list(columns)]
    return mixed


def _ranked(names: Iterable[str], values: Iterable[float], errors: Iterable[float]) -> list[Importance]:
    """The most important first."""
    found = [
        Importance(name, float(value), float(error)) for name, value, error in zip(names, values, errors, strict=True)
    ]
    return sorted(found, key=lambda each: -each.value)


def _joined(worth: Game, order: NDArray[np.int64]) -> Values:
    gains, coalition = np.empty(len(order)), frozenset[int]()
    before = worth(coalition)
    for player in order.tolist():
        coalition = coalition | {player}
        after = worth(coalition)
        gains[player], before = after - before, after
    return gains


def _error(values: Values) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
