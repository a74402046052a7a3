"""Neighbour models against the dense arithmetic, and what their options mean."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.interactions import DAY, Interactions
from ml.models.base import create
from ml.models.history import history_matrix, weighted

EVERYONE = np.arange(80, dtype=np.int32)


@pytest.fixture(scope="module")
def shop() -> Interactions:
    rng = np.random.default_rng(3)
    return Interactions(
        rng.integers(0, 80, 900).astype(np.int32),
        rng.integers(0, 30, 900).astype(np.int32),
        np.sort(rng.integers(0, 100 * DAY, 900)),
        rng.integers(1, 4, 900).astype(np.float32),
        np.array([f"u{n:02d}" for n in range(80)], dtype=object),
        np.array([f"i{n:02d}" for n in range(30)], dtype=object),
        until=100 * DAY,
    )


def cosine(rows: np.ndarray, shrinkage: float) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1)
    likeness = rows @ rows.T / (lengths[:, None] * lengths[None, :] + shrinkage)
    np.fill_diagonal(likeness, 0.0)
    return likeness


@pytest.mark.parametrize("similarity", ["cosine", "tfidf", "bm25"])
def test_with_all_neighbours_an_item_is_told_by_every_other(shop: Interactions, similarity: str) -> None:
    options = {"similarity": similarity, "neighbours": 30, "shrinkage": 2.0}
    scores = create("item_neighbours", options).fit(shop).score(EVERYONE)
    compared = weighted(shop.matrix(), "none" if similarity == "cosine" else similarity).toarray().astype(np.float64)
    expected = shop.matrix().toarray() @ cosine(compared.T, 2.0)
    np.testing.assert_allclose(scores, expected, rtol=1e-4)


def test_users_are_told_by_the_users_like_them(shop: Interactions) -> None:
    options = {"similarity": "cosine", "neighbours": 80, "shrinkage": 2.0, "binary": False}
    scores = create("user_neighbours", options).fit(shop).score(EVERYONE)
    met = shop.matrix(binary=False).toarray().astype(np.float64)
    np.testing.assert_allclose(scores, cosine(met, 2.0) @ met, rtol=1e-4)


def test_fewer_neighbours_keep_the_nearest(shop: Interactions) -> None:
    few = create("item_neighbours", {"neighbours": 3, "shrinkage": 0}).fit(shop)
    kept = few.likeness.toarray()  # type: ignore[attr-defined]
    whole = cosine(shop.matrix().toarray().T.astype(np.float64), 0.0)
    for item in range(30):
        np.testing.assert_allclose(np.sort(kept[:, item])[-3:], np.sort(whole[item])[-3:], rtol=1e-5)
        assert (kept[:, item] > 0).sum() == 3


def test_weights_of_words_equal_their_formula(shop: Interactions) -> None:
    met = shop.matrix(binary=False)
    dense = met.toarray().astype(np.float64)
    rarity = np.log1p(80 / (dense > 0).sum(axis=0))
    np.testing.assert_allclose(weighted(met, "tfidf").toarray(), np.sqrt(dense) * rarity, rtol=1e-5)
    lengths = (dense > 0).sum(axis=1, keepdims=True)
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    np.testing.assert_allclose(weighted(met, "bm25").toarray(), dense * 2.2 / (dense + norm) * rarity, rtol=1e-5)


def test_an_event_fades_by_half_in_its_half_life(shop: Interactions) -> None:
    two = replace(
        shop.select(np.array([0, 1, 2])),
        user_codes=np.array([0, 0, 1], np.int32),
        item_codes=np.array([5, 5, 5], np.int32),
        times=np.array([80 * DAY, 90 * DAY, 70 * DAY]),
        weights=np.array([1, 4, 2], np.float32),
        until=100 * DAY,
    )
    faded = history_matrix(two, half_life_days=10.0).toarray()
    assert faded[:2, 5].tolist() == [0.5, 0.125]
    untimed = history_matrix(replace(two, clock="own"), half_life_days=10.0).toarray()
    assert untimed[:2, 5].tolist() == [1.0, 1.0]
    summed = history_matrix(two, binary=False, half_life_days=10.0).toarray()
    assert summed[:2, 5].tolist() == [1 * 0.25 + 4 * 0.5, 2 * 0.125]


def test_a_user_folded_in_with_the_same_history_has_the_same_scores(shop: Interactions) -> None:
    model = create("item_neighbours", {"similarity": "bm25"}).fit(shop)
    assert np.array_equal(model.fold_in(shop).score(EVERYONE), model.score(EVERYONE))
