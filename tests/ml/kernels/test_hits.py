"""Hits and figures of lists by hand, and how often items are shown."""

import numpy as np

from ml.kernels.hits import fill_figures, fill_hits, fill_shown


def test_hits_stand_where_a_test_item_is_listed() -> None:
    ranked = np.array([[2, 0, 1], [1, -1, -1], [0, 2, 1]], np.int32)
    hits = np.ones((3, 3), bool)
    fill_hits(ranked, np.array([0, 2, 2, 3]), np.array([1, 2, 2], np.int32), 3, hits)
    assert hits.tolist() == [[True, False, True], [False, False, False], [False, True, False]]


def test_sums_of_one_list_by_hand() -> None:
    hits = np.array([[False, True, True], [False, False, False]])
    discounts = np.array([8.0, 4.0, 1.0])
    gains, found, precisions, first = (np.empty(2) for _ in range(4))
    fill_figures(hits, discounts, gains, found, precisions, first)
    assert (gains.tolist(), found.tolist()) == ([5.0, 0.0], [2.0, 0.0])
    assert (precisions.tolist(), first.tolist()) == ([1 / 2 + 2 / 3, 0.0], [0.5, 0.0])


def test_an_item_counts_once_for_each_list_and_who_shows_it_alone_is_known() -> None:
    ranked = np.array([[0, 1, 1], [1, 3, -1]], np.int32)
    shown, alone = np.zeros(5, np.int64), np.zeros(2, np.int64)
    fill_shown(ranked, shown, alone)
    assert (shown.tolist(), alone.tolist()) == ([1, 2, 0, 1, 0], [1, 1])
