"""Figures of lists against plain loops over them, on random lists with gaps, and by hand."""

from itertools import combinations

import numpy as np
import pytest

from ml.evaluation.beyond_accuracy import (
    category_diversity,
    exposure_gini,
    gini_coefficient,
    novelty,
    serendipity,
    vector_diversity,
)
from ml.evaluation.uncertainty import grouped_jackknife

ITEMS = 30


def random_lists(seed: int, users: int = 25, k: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    lists = np.stack([rng.permutation(ITEMS)[:k] for _ in range(users)]).astype(np.int32)
    for user, length in enumerate(rng.integers(0, k + 1, users)):
        lists[user, length:] = -1
    return lists


@pytest.mark.parametrize("seed", range(5))
def test_diversity_by_visiting_every_pair(seed: int) -> None:
    rng, lists = np.random.default_rng(seed), random_lists(seed)
    categories = rng.integers(-1, 4, ITEMS)
    vectors = rng.normal(size=(ITEMS, 5)).astype(np.float32)
    vectors[3] = 0
    by_category, by_vector = category_diversity(lists, categories), vector_diversity(lists, vectors)
    for user, row in enumerate(lists):
        known = [item for item in row if item >= 0 and categories[item] >= 0]
        pairs = [float(categories[a] != categories[b]) for a, b in combinations(known, 2)]
        assert by_category[user] == pytest.approx(np.mean(pairs) if pairs else np.nan, nan_ok=True)
        known = [item for item in row if item >= 0 and item != 3]
        pairs = [
            1 - vectors[a] @ vectors[b] / np.linalg.norm(vectors[a]) / np.linalg.norm(vectors[b])
            for a, b in combinations(known, 2)
        ]
        assert by_vector[user] == pytest.approx(np.mean(pairs) if pairs else np.nan, abs=1e-6, nan_ok=True)


def test_novelty_is_the_mean_self_information_in_bits() -> None:
    popularity = np.array([8, 4, 1, 0])
    lists = np.array([[0, 1, -1], [2, 3, -1], [-1, -1, -1]], np.int32)
    assert novelty(lists, popularity, 8) == pytest.approx([(0 + 1) / 2, (3 + 3) / 2, np.nan], nan_ok=True)


def test_serendipity_counts_what_is_useful_and_not_expected() -> None:
    lists = np.array([[0, 1, 2, 3], [5, 6, -1, -1]], np.int32)
    hits = np.array([[True, True, False, True], [True, False, False, False]])
    expected = np.array([[0, 9, 8, 7], [0, 9, 8, 7]], np.int32)
    assert serendipity(lists, hits, expected).tolist() == [0.5, 0.25]


def test_gini_by_its_definition_over_pairs() -> None:
    rng = np.random.default_rng(1)
    amounts = rng.integers(0, 20, 15).astype(float)
    pairs = np.abs(amounts[:, None] - amounts[None, :]).sum()
    assert gini_coefficient(amounts) == pytest.approx(pairs / (2 * len(amounts) * amounts.sum()))
    assert gini_coefficient(np.ones(7)) == pytest.approx(0)
    assert gini_coefficient(np.array([0, 0, 0, 5.0])) == pytest.approx(3 / 4)
    assert np.isnan(gini_coefficient(np.zeros(3)))


def test_the_interval_of_the_gini_is_the_spread_over_new_users() -> None:
    """The standard error against what other samples of users from the same shop really give."""
    popularity = 1 / np.arange(1, 51)

    def lists(seed: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        keys = rng.gumbel(size=(400, 50)) + np.log(popularity)
        return np.argsort(-keys, axis=1)[:, :5].astype(np.int32)

    spread = np.std([exposure_gini(lists(seed), 50).value for seed in range(60)], ddof=1)
    assert exposure_gini(lists(0), 50).standard_error == pytest.approx(spread, rel=0.3)


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(2).random(80)
    estimate = grouped_jackknife(lambda users: float(values[users].mean()), 80)
    assert estimate.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(80), rel=1e-9)
    assert np.isnan(grouped_jackknife(lambda users: 0.5, 1).standard_error)
