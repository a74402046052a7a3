"""Which features a model relies on, over many examples: what its quality loses without them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    found = []
    for name, columns in groups.items():
        lost = np.empty(draws)
        for draw in range(draws):
            shuffled = inputs.copy()
            shuffled[:, list(columns)] = inputs[rng.permutation(len(inputs))][:, list(columns)]
            lost[draw] = whole - metric(labels, predict(shuffled))
        found.append(Importance(name, float(lost.mean()), _error(lost)))
    return sorted(found, key=lambda each: -each.value)


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
    rng, names = np.random.default_rng(seed), list(groups)
    shuffled = {name: rng.permutation(len(inputs)) for name in names}

    def worth(coalition: frozenset[int]) -> float:
        mixed = inputs.copy()
        for place, name in enumerate(names):
            if place not in coalition:
                mixed[:, list(groups[name])] = inputs[shuffled[name]][:, list(groups[name])]
        return metric(labels, predict(mixed))

    values, errors = sampled_shapley(worth, len(names), draws=draws, seed=seed)
    found = [Importance(*each) for each in zip(names, values.tolist(), errors.tolist(), strict=True)]
    return sorted(found, key=lambda each: -each.value)


def sampled_shapley(game: Game, players: int, *, draws: int, seed: int = 0) -> tuple[Values, Values]:
    """([players] Shapley values, [players] their standard errors) from ``draws`` pairs of orders of the players.

    Each player earns what the coalition gains when it joins (Castro, Gómez and Tejada 2009). Each order is followed by
    its reverse, which lowers the variance (Mitchell et al. 2022). The values add up to game(all) - game(none) always.
    """
    rng, known = np.random.default_rng(seed), {}
    gains = np.empty((draws, players))

    def worth(coalition: frozenset[int]) -> float:
        if coalition not in known:
            known[coalition] = game(coalition)
        return known[coalition]

    for draw in range(draws):
        order = rng.permutation(players)
        gains[draw] = (_joined(worth, order) + _joined(worth, order[::-1])) / 2
    return gains.mean(axis=0), np.array([_error(each) for each in gains.T])


def exact_shapley(game: Game, players: int) -> Values:
    """[players] by visiting all 2 ** players coalitions: for a handful. Shapley 1953."""
    values = np.zeros(players)
    for player in range(players):
        others = [each for each in range(players) if each != player]
        for size in range(players):
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            for chosen in combinations(others, size):
                coalition = frozenset(chosen)
                values[player] += weight * (game(coalition | {player}) - game(coalition))
    return values


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
