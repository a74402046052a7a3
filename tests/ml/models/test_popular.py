"""Popularity counts different users, and recent popularity those of its window."""

import numpy as np

from ml.data.interactions import DAY, Interactions
from ml.models.base import create


def shop() -> Interactions:
    """Item 0: users 0 and 1 long ago, 0 three times. Item 1: user 2 lately. Item 2: user 0, on the window's edge."""
    rows = [(0, 0, 1), (0, 0, 2), (0, 0, 3), (1, 0, 4), (2, 1, 99), (0, 2, 72)]
    users, items, days = (np.array(column) for column in zip(*rows, strict=True))
    return Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        days.astype(np.int64) * DAY,
        np.ones(len(rows), np.float32),
        np.array(["a", "b", "c"], dtype=object),
        np.array(["x", "y", "z"], dtype=object),
        until=100 * DAY,
    )


def test_popular_counts_each_user_once() -> None:
    assert create("popular").fit(shop()).score(np.array([2, 0], np.int32)).tolist() == [[2, 1, 1], [2, 1, 1]]


def test_recent_popular_counts_from_the_edge_of_its_window_to_the_split() -> None:
    users = np.array([1], np.int32)
    assert create("recent_popular").fit(shop()).score(users).tolist() == [[0, 1, 1]]
    assert create("recent_popular", {"window_days": "27.9"}).fit(shop()).score(users).tolist() == [[0, 1, 0]]
    assert create("recent_popular", {"window_days": 1000}).fit(shop()).score(users).tolist() == [[2, 1, 1]]


def test_personal_popularity_puts_own_events_before_what_all_met() -> None:
    scores = create("personal_popular").fit(shop()).score(np.array([0, 1, 2], np.int32))
    shares = np.array([2, 1, 1]) / 4  # of three users and one more
    own = np.array([[3, 0, 1], [1, 0, 0], [0, 1, 0]])
    np.testing.assert_allclose(scores, np.log1p(own + shares), rtol=1e-6)


def test_own_events_fade() -> None:
    scores = create("personal_popular", {"half_life_days": 27}).fit(shop()).score(np.array([0], np.int32))
    faded = np.exp2(np.array([1 - 100, 2 - 100, 3 - 100, 72 - 100]) / 27)
    expected = np.log1p(np.array([faded[:3].sum(), 0, faded[3]]) + np.array([2, 1, 1]) / 4)
    np.testing.assert_allclose(scores[0], expected, rtol=1e-6)


def test_personal_popularity_of_users_folded_in() -> None:
    model = create("personal_popular").fit(shop())
    visitors = shop().select(np.array([False, False, False, True, True, False]), until=100 * DAY)
    assert np.array_equal(model.fold_in(visitors).score(np.array([1], np.int32)), model.score(np.array([1], np.int32)))
