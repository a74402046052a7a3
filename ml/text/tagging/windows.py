"""Long texts in windows that overlap: each word is judged where it stands farthest from an edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ml.text.tagging.network import Batch
from ml.text.tagging.words import FEATURES, Words

IGNORED = -100
STEP = 8
LARGEST = 32  # sub-tokens of one word that are shown; the rest of a longer one is cut


@dataclass(frozen=True)
class Window:
    """Words ``first`` up to, not including, ``last`` of a text."""

    text: int
    first: int
    last: int
    ids: NDArray[np.int64]  # [T] without marks
    word_of: NDArray[np.int64]  # [T] counted from the window's first word

    def __len__(self) -> int:
        return len(self.ids)


def cut(words: Words, *, text: int = 0, size: int = 160, overlap: int = 40) -> list[Window]:
    """Windows of at most ``size`` sub-tokens whose neighbours share about ``overlap``; none without words."""
    ids, word_of = _shortened(words)
    begins = np.searchsorted(word_of, np.arange(len(words) + 1))  # [W + 1] the first sub-token of each word
    windows, first = [], 0
    while first < len(words):
        last = int(np.searchsorted(begins, begins[first] + size, side="right")) - 1
        last = max(last, first + 1)
        here = slice(begins[first], begins[last])
        windows.append(Window(text, first, last, ids[here], word_of[here] - first))
        if last >= len(words):
            break
        back = int(np.searchsorted(begins, begins[last] - overlap))
        first = max(min(back, last - 1), first + 1)
    return windows


def _shortened(words: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sub-tokens and their words, without those beyond the ``LARGEST`` first of one word."""
    if len(words.ids) == 0:
        return words.ids, words.word_of
    begins = np.searchsorted(words.word_of, words.word_of)
    keep = np.arange(len(words.ids)) - begins < LARGEST
    return words.ids[keep], words.word_of[keep]


def batch_of(
    windows: Sequence[Window],
    texts: Sequence[Words],
    marks: tuple[int, int, int],
    labels: Sequence[NDArray[np.int64]] | None = None,
) -> Batch:
    """One padded batch; ``labels`` are those of all words of each text."""
    before, after, nothing = marks
    longest = _rounded(max(map(len, windows)) + 2)
    most = _rounded(max(window.last - window.first for window in windows))
    ids = np.full((len(windows), longest), nothing, np.int64)
    mask = np.zeros_like(ids)
    features = np.zeros((*ids.shape, len(FEATURES)), np.int64)
    firsts = np.zeros((len(windows), most), np.int64)
    truth = np.full((len(windows), most), IGNORED, np.int64)
    for row, window in enumerate(windows):
        size, count = len(window), window.last - window.first
        ids[row, 0], ids[row, 1 : size + 1], ids[row, size + 1] = before, window.ids, after
        mask[row, : size + 2] = 1
        features[row, 1 : size + 1] = texts[window.text].features[window.first : window.last][window.word_of]
        firsts[row, :count] = 1 + np.searchsorted(window.word_of, np.arange(count))
        if labels is not None:
            truth[row, :count] = labels[window.text][window.first : window.last]
    return Batch(
        ids=torch.from_numpy(ids),
        mask=torch.from_numpy(mask),
        features=torch.from_numpy(features),
        firsts=torch.from_numpy(firsts),
        labels=None if labels is None else torch.from_numpy(truth),
    )


def _rounded(length: int) -> int:
    """Up to a multiple of ``STEP``: every shape that is new costs time and memory to prepare for."""
    return -(-length // STEP) * STEP


def centre_distance(window: Window) -> NDArray[np.int64]:
    """[words of the window] how many words stand between each and the nearer edge of the window."""
    place = np.arange(window.last - window.first)
    return np.minimum(place, place[::-1])
