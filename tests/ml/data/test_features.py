import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from ml.data.facts import Facts, frequent_values, no_facts, one_hot
from ml.data.features import (
    CONTEXT_NAMES,
    ITEM_NAMES,
    PAIR_NAMES,
    PRICE_NAMES,
    USER_NAMES,
    context_features,
    item_feature_names,
    pair_features,
    pair_grid,
    read_history,
    user_feature_names,
)
from ml.data.interactions import DAY, Interactions
from ml.errors import DataError

AS_OF = 100 * DAY


def interactions(rows: list[tuple[int, int, float]], *, users: int, items: int) -> Interactions:
    """Rows of (user, item, day)."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Interactions(
        user_codes=table[:, 0].astype(np.int32),
        item_codes=table[:, 1].astype(np.int32),
        times=(table[:, 2] * DAY).astype(np.int64),
        weights=np.ones(len(table), np.float32),
        users=np.array([f"u{n:04}" for n in range(users)], dtype=object),
        items=np.array([f"i{n:04}" for n in range(items)], dtype=object),
    )


def random_rows(seed: int, *, users: int = 30, items: int = 12, events: int = 400) -> Interactions:
    rng = np.random.default_rng(seed)
    rows = np.stack([rng.integers(0, users, events), rng.integers(0, items, events), rng.uniform(0, 150, events)], 1)
    return interactions([tuple(row) for row in rows], users=users, items=items)


def facts_of(rows: Interactions) -> Facts:
    rng = np.random.default_rng(5)
    prices = rng.uniform(1, 50, rows.n_items).astype(np.float32)
    prices[0] = np.nan
    categories = rng.integers(-1, 3, rows.n_items).astype(np.int32)
    groups = one_hot(rng.integers(-1, 2, rows.n_users).astype(np.int32), 2)
    return Facts(prices, categories, ["a", "b", "c"], [""] * rows.n_items, groups, ["country=x", "country=y"])


def small() -> tuple[Interactions, Facts]:
    """User 0 met item 0 at days 90 and 98 and item 1 at day 60; user 1 met item 1 at day 99, and item 0 too late."""
    rows = interactions([(0, 0, 90), (0, 0, 98), (0, 1, 60), (1, 1, 99), (1, 0, 101)], users=3, items=2)
    prices = np.array([8.0, 2.0], np.float32)
    facts = Facts(prices, np.array([0, -1], np.int32), ["toys"], ["", ""], np.zeros((3, 0), np.float32), [])
    return rows, facts


def test_user_and_item_features_have_the_values_counted_by_hand() -> None:
    rows, facts = small()
    history = read_history(rows, facts, as_of=AS_OF, step=20 * DAY, factors=0, seed=0)
    user = dict(zip(USER_NAMES, history.user[0], strict=True))
    assert user == pytest.approx(
        {
            "events": math.log1p(3),
            "recent events": math.log1p(2),
            "different items": math.log1p(2),
            "days since last": math.log1p(2),
            "known": 1.0,
        }
    )
    assert not history.user[2].any()
    item = dict(zip(item_feature_names(facts), history.item[1], strict=True))
    assert item == pytest.approx(
        {
            "events": math.log1p(2),
            "recent events": math.log1p(1),
            "events of 7 days": math.log1p(1),
            "trend": math.log1p(1) - math.log1p(1),  # day 60 is 40 days ago, within the 20 to 40 days before
            "days since last": math.log1p(1),
            "days since first": math.log1p(40),
            "known": 1.0,
            "price": math.log(2),
            "price known": 1.0,
            "category=toys": 0.0,
        }
    )


def test_pair_features_have_the_values_counted_by_hand() -> None:
    rows, facts = small()
    history = read_history(rows, facts, as_of=AS_OF, step=20 * DAY, factors=0, seed=0)
    pairs = pair_features(history, np.array([0, 1, 2]), np.array([0, 0, 1]))
    met = dict(zip(PAIR_NAMES, pairs[0], strict=True))
    usual = (2 * math.log(8) + math.log(2)) / 3
    assert met == pytest.approx(
        {
            "met before": 1.0,
            "times met": math.log1p(2),
            "freshness": math.exp(-2 / 30),
            "share of category": 2 / 3,
            "price gap": math.log(8) - usual,
            "absolute price gap": math.log(8) - usual,
            "taste": 0.0,
        },
        abs=1e-6,
    )
    assert pairs[1][:4].tolist() == [0, 0, 0, 0]  # what user 1 did at day 101 is not known at day 100
    assert not pairs[2].any()


@pytest.mark.parametrize("factors", [0, 4])
def test_nothing_from_the_instant_on_reaches_a_feature(factors: int) -> None:
    rows = random_rows(1)
    facts = facts_of(rows)
    later = rows.times >= AS_OF
    rng = np.random.default_rng(9)
    items = rows.item_codes.copy()
    items[later] = rng.integers(0, rows.n_items, later.sum())
    times = rows.times.copy()
    times[later] += rng.integers(0, 1000 * DAY, later.sum())
    changed = replace(rows, item_codes=items, times=times)
    assert (items != rows.item_codes).any()
    pairs = [np.repeat(np.arange(rows.n_users), rows.n_items), np.tile(np.arange(rows.n_items), rows.n_users)]
    first, second = (
        read_history(each, facts, as_of=AS_OF, step=20 * DAY, factors=factors, seed=0) for each in (rows, changed)
    )
    np.testing.assert_array_equal(first.user, second.user)
    np.testing.assert_array_equal(first.item, second.item)
    np.testing.assert_array_equal(pair_features(first, *pairs), pair_features(second, *pairs))


def test_an_earlier_change_does_reach_them() -> None:
    rows = random_rows(1)
    facts = facts_of(rows)
    earlier = rows.select(rows.times >= 20 * DAY)
    first, second = (read_history(each, facts, as_of=AS_OF, step=DAY, factors=4, seed=0) for each in (rows, earlier))
    assert (first.user != second.user).any()
    assert (first.item != second.item).any()


def test_the_grid_holds_the_features_of_every_pair() -> None:
    rows = random_rows(2)
    history = read_history(rows, facts_of(rows), as_of=AS_OF, step=20 * DAY, factors=4, seed=0)
    users = np.array([7, 0, 29])
    grid = pair_grid(history, users)
    single = pair_features(history, np.repeat(users, rows.n_items), np.tile(np.arange(rows.n_items), len(users)))
    assert grid.shape == (3, rows.n_items, len(PAIR_NAMES))
    np.testing.assert_allclose(grid.reshape(-1, len(PAIR_NAMES)), single, rtol=1e-5, atol=1e-6)


def test_names_and_columns_agree_and_every_value_is_a_number() -> None:
    rows = random_rows(3)
    facts = facts_of(rows)
    history = read_history(rows, facts, as_of=AS_OF, step=20 * DAY, factors=4, seed=0)
    assert history.user.shape == (rows.n_users, len(user_feature_names(facts)))
    assert history.item.shape == (rows.n_items, len(item_feature_names(facts)))
    assert len(ITEM_NAMES) + len(PRICE_NAMES) + 3 == history.item.shape[1]
    assert np.isfinite(history.user).all()
    assert np.isfinite(history.item).all()
    assert np.isfinite(pair_grid(history, np.arange(rows.n_users))).all()


def test_context_is_the_place_of_a_moment_in_week_day_and_year() -> None:
    moment = datetime(2024, 1, 1, 6, tzinfo=UTC)  # a Monday, a quarter into the day
    values = dict(zip(CONTEXT_NAMES, context_features(np.array([int(moment.timestamp() * 1e6)]))[0], strict=True))
    assert values["weekday sin"] == pytest.approx(0.0, abs=1e-6)
    assert values["weekday cos"] == pytest.approx(1.0)
    assert values["hour sin"] == pytest.approx(1.0)
    assert values["hour cos"] == pytest.approx(0.0, abs=1e-6)
    assert values["season cos"] > 0.99


def test_a_history_before_the_first_row_is_empty_and_not_an_error() -> None:
    rows = random_rows(4)
    history = read_history(rows, no_facts(rows), as_of=0, step=DAY, factors=4, seed=0)
    assert not history.user.any()
    assert not pair_grid(history, np.arange(3)).any()


def test_rare_values_have_no_column() -> None:
    codes, names = frequent_values(["b", "a", "b", "", *[f"x{n:02}" for n in range(40)]])
    assert names[0] == "b"
    assert len(names) == 30
    assert codes[:4].tolist() == [0, names.index("a"), 0, -1]


def test_facts_of_other_interactions_are_refused() -> None:
    with pytest.raises(DataError, match="do not belong"):
        no_facts(random_rows(1, items=5)).check(random_rows(1, items=6))
