"""Importance of features: games with known values, and a model that is known to use one column."""

import numpy as np
import pytest

from ml.evaluation.classification import auc
from ml.explanation.importance import exact_shapley, permutation_importance, sampled_shapley, shapley_importance

COSTS = [1.0, 2.0, 4.0, 7.0]


def airport(coalition: frozenset[int]) -> float:
    """The runway that the longest plane needs. Littlechild and Owen 1973."""
    return max((COSTS[player] for player in coalition), default=0.0)


def gloves(coalition: frozenset[int]) -> float:
    """Players 0 and 1 hold left gloves, 2 a right one; only a pair is worth something."""
    return float(2 in coalition and len(coalition) > 1)


def test_exact_values_of_known_games() -> None:
    shares = [1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 2 / 2, 1 / 4 + 1 / 3 + 2 / 2 + 3]
    assert exact_shapley(airport, 4) == pytest.approx(shares)
    assert exact_shapley(gloves, 3) == pytest.approx([1 / 6, 1 / 6, 4 / 6])


@pytest.mark.parametrize(("game", "players"), [(airport, 4), (gloves, 3)])
def test_sampling_agrees_with_the_exact_values_within_its_error(game, players: int) -> None:
    values, errors = sampled_shapley(game, players, draws=2000, seed=1)
    exact = exact_shapley(game, players)
    assert values.sum() == pytest.approx(game(frozenset(range(players))) - game(frozenset()))
    assert (np.abs(values - exact) <= 4 * errors + 1e-12).all()
    assert errors.max() < 0.05


def problem() -> tuple[np.ndarray, np.ndarray]:
    """Column 0 tells the label, 1 is its copy, 2 tells a little, 3 nothing."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(600, 4))
    inputs[:, 1] = inputs[:, 0]
    labels = inputs[:, 0] + 0.4 * inputs[:, 2] + rng.normal(0, 0.5, 600) > 0
    return inputs, labels


GROUPS = {"strong": [0, 1], "weak": [2], "none": [3]}


def test_permutation_orders_the_features_and_finds_nothing_in_noise() -> None:
    inputs, labels = problem()
    before = inputs.copy()
    found = permutation_importance(lambda x: x @ [0.5, 0.5, 0.4, 0.0], inputs, labels, auc, GROUPS)
    assert [each.name for each in found] == ["strong", "weak", "none"]
    assert found[0].value > 0.2 > found[1].value > 3 * found[1].error
    assert (found[2].value, found[2].error) == (0, 0)
    assert np.array_equal(inputs, before)
    alone = permutation_importance(lambda x: x @ [0.5, 0.5, 0.4, 0.0], inputs, labels, auc, {"one of two": [0]})
    assert alone[0].value < found[0].value / 2  # its copy stands in for it


def test_shapley_shares_the_quality_among_the_groups() -> None:
    inputs, labels = problem()
    weights = np.array([0.5, 0.5, 0.4, 0.0])
    found = {each.name: each for each in shapley_importance(lambda x: x @ weights, inputs, labels, auc, GROUPS)}
    total = sum(each.value for each in found.values())
    assert total == pytest.approx(auc(labels, inputs @ weights) - 0.5, abs=0.06)
    assert found["strong"].value > found["weak"].value > 0.02
    assert found["none"].value == pytest.approx(0, abs=1e-12)
