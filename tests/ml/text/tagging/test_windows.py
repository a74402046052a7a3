"""Long texts: every word stands in a window, and none is longer than it may be."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.text.tagging.windows import LARGEST, batch_of, centre_distance, cut
from ml.text.tagging.words import FEATURES, Words


def words_with(sizes: list[int]) -> Words:
    word_of = np.repeat(np.arange(len(sizes)), sizes)
    places = np.array([[place, place + 1] for place in range(len(sizes))]).reshape(-1, 2)
    return Words(np.arange(len(word_of)) + 5, word_of, places, np.zeros((len(sizes), len(FEATURES)), np.int64))


@settings(max_examples=80)
@given(st.lists(st.integers(1, 40), max_size=60), st.integers(32, 80), st.integers(0, 30))
def test_windows_cover_every_word(sizes: list[int], size: int, overlap: int) -> None:
    windows = cut(words_with(sizes), size=size, overlap=overlap)
    covered = {word for window in windows for word in range(window.first, window.last)}
    assert covered == set(range(len(sizes)))
    assert all(len(window) <= max(size, LARGEST) for window in windows)
    assert all(after.first > before.first for before, after in pairwise(windows))


def test_windows_by_hand() -> None:
    windows = cut(words_with([1] * 10), size=6, overlap=2)
    assert [(window.first, window.last) for window in windows] == [(0, 6), (4, 10)]
    assert centre_distance(windows[0]).tolist() == [0, 1, 2, 2, 1, 0]


def test_a_batch_points_to_first_sub_tokens() -> None:
    texts = [words_with([1, 2, 1]), words_with([1])]
    windows = [*cut(texts[0], text=0), *cut(texts[1], text=1)]
    batch = batch_of(windows, texts, (1, 2, 0), [np.array([7, 8, 9]), np.array([3])])
    assert batch.ids.tolist() == [[1, 5, 6, 7, 8, 2, 0, 0], [1, 5, 2, 0, 0, 0, 0, 0]]
    assert batch.mask.sum(dim=1).tolist() == [6, 3]
    assert batch.firsts[:, :4].tolist() == [[1, 2, 4, 0], [1, 0, 0, 0]]
    assert batch.labels is not None
    assert batch.labels.tolist() == [[7, 8, 9, *[-100] * 5], [3, *[-100] * 7]]
