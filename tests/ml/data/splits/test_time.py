"""Splitting at one instant: what stands on each side, and splits that leave a side empty."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from ml.data.interactions import DAY, Interactions
from ml.data.splits import apply_split, parse_split, validation_tail
from ml.errors import DataError

START = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


def rows_of(events: Sequence[tuple[str, str, float]]) -> Interactions:
    """(user, item, day) in order of time."""
    users, user_codes = np.unique([user for user, _, _ in events], return_inverse=True)
    items, item_codes = np.unique([item for _, item, _ in events], return_inverse=True)
    return Interactions(
        user_codes.astype(np.int32),
        item_codes.astype(np.int32),
        np.array([START + int(day * DAY) for _, _, day in events], np.int64),
        np.ones(len(events), np.float32),
        users.astype(object),
        items.astype(object),
    )


EVENTS = [("a", "x", 0), ("b", "y", 1), ("b", "x", 2), ("a", "y", 5), ("a", "new", 6), ("c", "x", 6), ("b", "x", 9)]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("time:2011-10-10,28d", "time:2011-10-10T00:00:00Z,28d"),
        ("time:2011-10-10", "time:2011-10-10T00:00:00Z"),
        ("time:2011-10-10T08:00:00+08:00, 1.5d", "time:2011-10-10T00:00:00Z,1.5d"),
        ("time:0.9", "time:0.9"),
        (" time:.80,7d ", "time:0.8,7d"),
        ("loo", "loo"),
        ("random:0.25", "random:0.25,seed=0"),
        ("random:.2, seed=7", "random:0.2,seed=7"),
        ("users:0.1", "users:0.1,seed=0,history=0.8"),
        ("users:0.1,history=0.5,seed=3", "users:0.1,seed=3,history=0.5"),
        ("folds:5", "folds:5"),
        ("folds:5,fold=2", "folds:5,fold=2"),
    ],
)
def test_splits_have_one_canonical_text(text: str, canonical: str) -> None:
    split = parse_split(text)
    assert split.text == canonical
    assert parse_split(split.text) == split


@pytest.mark.parametrize(
    "text",
    [
        "",
        "time",
        "time:",
        "random:",
        "random:2",
        "random:0.2,seed=x",
        "random:0.2,history=0.5",
        "users:0.1,seed=1,seed=2",
        "users:1.0",
        "loo:1",
        "folds:1",
        "folds:5,fold=6",
        "time:0",
        "time:1.5",
        "time:soon",
        "time:2011-10-10,0d",
        "time:2011-02-30",
        "time:0.0",
    ],
)
def test_a_split_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_split(text)
    assert caught.value.where == "split"
    assert "time:2011-10-10,28d" in caught.value.hint


def test_train_ends_before_the_instant_and_test_begins_at_it() -> None:
    parts = apply_split(rows_of(EVENTS), parse_split("time:2024-01-06,4d"))
    train, test = parts.train, parts.test
    assert train.users.tolist() == ["a", "b"]
    assert train.items.tolist() == ["x", "y"]
    assert train.times.max() < parts.at <= test.times.min()
    assert train.until == parts.at == START + 5 * DAY
    assert [(test.users[u], test.items[i]) for u, i in zip(test.user_codes, test.item_codes, strict=True)] == [
        ("a", "y")
    ]
    assert test.users is train.users
    assert parts.unknown_items.tolist() == [1, 0]
    assert parts.counts["test_users_unknown_in_train"] == 1
    assert parts.counts["rows_after_the_window"] == 1
    assert parts.counts["test_rows"] == 3


def test_a_share_keeps_rows_of_one_time_together() -> None:
    rows = rows_of([("a", "x", 0), ("b", "x", 0), ("a", "y", 1), ("b", "y", 1), ("a", "x", 1), ("b", "x", 2)])
    parts = apply_split(rows, parse_split("time:0.5"))
    assert parts.at == START + DAY
    assert (len(parts.train), len(parts.test)) == (2, 2)  # y is unknown in train
    assert parts.unknown_items.tolist() == [1, 1]


def test_validation_is_the_end_of_train() -> None:
    train = apply_split(rows_of(EVENTS), parse_split("time:2024-01-09")).train
    fit, validation = validation_tail(train, 0.3)
    assert len(fit) + len(validation) == len(train)
    assert fit.times.max() < validation.times.min()
    assert fit.until is not None
    assert fit.times.max() < fit.until <= validation.times.min()
    assert validation.until == train.until
    assert validation.users is train.users


@pytest.mark.parametrize(
    ("split", "message"),
    [
        ("time:2024-03-01", "nothing can be tested"),
        ("time:2024-01-08,1d", "nothing can be tested"),
        ("time:2023-01-01", "nothing can be learned"),
        ("time:2024-01-02", "Only 1 user"),
        ("time:2024-01-07,1d", "known before"),
    ],
)
def test_a_side_left_empty_is_explained(split: str, message: str) -> None:
    events = [("a", "x", 0), ("b", "y", 1), ("c", "x", 6), ("b", "x", 9)]
    with pytest.raises(DataError, match=message):
        apply_split(rows_of(events), parse_split(split))


def test_one_user_cannot_be_learned_from() -> None:
    with pytest.raises(DataError, match="Only 1 user"):
        apply_split(rows_of([("a", "x", 0), ("a", "y", 5)]), parse_split("time:0.5"))


def test_equal_times_cannot_be_split() -> None:
    rows = rows_of([("a", "x", 1), ("b", "y", 1), ("c", "x", 1)])
    with pytest.raises(DataError, match="same time"):
        apply_split(rows, parse_split("time:0.5"))
    with pytest.raises(DataError, match="nothing can be"):
        apply_split(rows, parse_split("time:2024-01-02"))
    with pytest.raises(DataError, match="same time"):
        validation_tail(rows)


def test_codes_without_an_id_are_refused() -> None:
    rows = rows_of(EVENTS)
    with pytest.raises(DataError, match="item code"):
        Interactions(rows.user_codes, rows.item_codes + 5, rows.times, rows.weights, rows.users, rows.items)
    with pytest.raises(DataError, match="length"):
        Interactions(rows.user_codes[1:], rows.item_codes, rows.times, rows.weights, rows.users, rows.items)
