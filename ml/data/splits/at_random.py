"""Leaving out a random share of each user's items: needs no times, and lets the future teach the past."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Interactions
from ml.data.splits.base import Split
from ml.data.splits.parts import Parts, parts_of


@dataclass(frozen=True)
class RandomSplit(Split):
    """Of each user's n different items, ``share`` x n rounded half up test, drawn by ``seed``; one at least trains.

    All rows of a user and an item stand on one side, so that no test item was seen in train.
    """

    share: float
    seed: int = 0

    @property
    def text(self) -> str:
        return f"random:{self.share:g},seed={self.seed}"

    def inner(self, train: Interactions) -> "RandomSplit":
        return RandomSplit(self.share, self.seed + 1)

    def apply(self, rows: Interactions, *, minimum_users: int) -> Parts:
        test = random_rows(rows, self.share, self.seed)
        return parts_of(rows, ~test, test, where=f"split {self.text}", minimum_users=minimum_users)


def random_rows(rows: Interactions, share: float, seed: int) -> NDArray[np.bool_]:
    """[rows] whether a row is of an item drawn for its user; a user's last remaining item is never drawn."""
    pairs, pair_of_row = np.unique(
        rows.user_codes.astype(np.int64) * max(rows.n_items, 1) + rows.item_codes, return_inverse=True
    )
    users = pairs // max(rows.n_items, 1)  # ascending
    counts = np.bincount(users, minlength=rows.n_users)
    wanted = np.minimum(np.floor(share * counts + 0.5).astype(np.int64), counts - 1)
    order = np.lexsort((np.random.default_rng(seed).random(len(pairs)), users))
    place = np.arange(len(pairs)) - (np.cumsum(counts) - counts)[users]  # of the shuffled pairs among their user's
    drawn = np.empty(len(pairs), bool)
    drawn[order] = place < wanted[users]
    chosen: NDArray[np.bool_] = drawn[pair_of_row]
    return chosen
