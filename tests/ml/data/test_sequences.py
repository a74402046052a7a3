"""Sequences of users: order, ties, windows, what validation holds out."""

import numpy as np

from ml.data.interactions import Interactions
from ml.data.sequences import Sequences, last_baskets, next_moments, read_sequences, windows


def rows(users: list[int], items: list[int], times: list[int]) -> Interactions:
    return Interactions(
        np.array(users, np.int32),
        np.array(items, np.int32),
        np.array(times, np.int64),
        np.ones(len(users), np.float32),
        np.array(["a", "b", "c"], dtype=object),
        np.array([f"i{n}" for n in range(9)], dtype=object),
    )


# User 0 meets 5, 3 and 4 at one time (3 twice), then 5 again; user 1 nothing; user 2 meets 8, 7.
DATA = rows([0, 2, 0, 0, 0, 2, 0], [5, 7, 3, 4, 3, 8, 5], [10, 20, 10, 10, 10, 5, 30])


def test_items_stand_in_order_of_time_and_ties_in_order_of_the_rows() -> None:
    found = read_sequences(DATA)
    assert found.items.tolist() == [5, 3, 4, 5, 8, 7]
    assert found.starts.tolist() == [0, 4, 4, 6]
    assert found.times.tolist() == [10, 10, 10, 30, 5, 20]
    assert found.last(2).items.tolist() == [4, 5, 8, 7]
    assert found.last(2).starts.tolist() == [0, 2, 2, 4]


def test_validation_holds_out_the_last_instant_and_never_more_than_half() -> None:
    assert last_baskets(read_sequences(DATA)).tolist() == [False, False, False, True, False, True]
    basket = rows([0] * 5 + [1], [0, 1, 2, 3, 4, 5], [1, 2, 2, 2, 2, 9])
    assert last_baskets(read_sequences(basket)).tolist() == [False, False, False, True, True, False]


def test_windows_are_cut_from_the_end() -> None:
    starts, lengths = windows(np.array([0, 7, 7]), np.array([7, 0, 2]), 3)
    assert sorted(zip(starts.tolist(), lengths.tolist(), strict=True)) == [(0, 1), (1, 3), (4, 3), (7, 2)]


def test_one_by_one_every_row_is_followed_by_the_next() -> None:
    tied = Sequences(np.array([5, 6, 7, 8]), np.array([1, 1, 2, 2]), np.array([0, 3, 4]))
    first, stop = next_moments(tied)
    assert list(zip(first.tolist(), stop.tolist(), strict=True)) == [(2, 3), (2, 3), (3, 3), (4, 4)]
    first, stop = next_moments(tied.one_by_one())
    assert list(zip(first.tolist(), stop.tolist(), strict=True)) == [(1, 2), (2, 3), (3, 3), (4, 4)]
    assert last_baskets(tied.one_by_one()).tolist() == [False, False, True, False]
