"""Leaving out each user's last item: the split of many published tables."""

import hashlib
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import OWN_CLOCK, Interactions
from ml.data.splits.base import Split
from ml.data.splits.parts import Parts, parts_of

TIES = (
    "of several items at a user's last time the one with the smallest SHA-256 of 'user id, tab, item id' is the last; "
    "the share is of the users with two or more such items"
)


@dataclass(frozen=True)
class LeaveOneOut(Split):
    """Each user's last item tests; a user without an earlier row stays in train and is not tested.

    The last item's rows at the last time are all held out. What came before may be the same item: a repeat.
    """

    clock: ClassVar[str] = OWN_CLOCK
    next_row: ClassVar[bool] = True

    @property
    def text(self) -> str:
        return "loo"

    def inner(self, train: Interactions) -> "LeaveOneOut":
        return self

    def apply(self, rows: Interactions, *, minimum_users: int) -> Parts:
        test, tied = last_rows(rows)
        alone = np.bincount(rows.user_codes[~test], minlength=rows.n_users) == 0
        test &= ~alone[rows.user_codes]
        share = len(tied) / max(len(np.unique(rows.user_codes)), 1)
        parts = parts_of(rows, ~test, test, where="split loo", minimum_users=minimum_users, ties=TIES, tied_share=share)
        parts.counts["users_with_tied_last_time"] = len(tied)
        return parts


def last_rows(rows: Interactions) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """[rows] whether a row is of its user's last item at his last time, and the users for whom the tie rule chose."""
    last = np.full(rows.n_users, np.iinfo(np.int64).min)
    np.maximum.at(last, rows.user_codes, rows.times)
    final = np.flatnonzero(rows.times == last[rows.user_codes])
    pairs = np.unique(rows.user_codes[final].astype(np.int64) * rows.n_items + rows.item_codes[final])
    users, items = pairs // max(rows.n_items, 1), pairs % max(rows.n_items, 1)
    chosen = np.full(rows.n_users, -1, np.int64)
    chosen[users] = items
    tied = np.flatnonzero(np.bincount(users, minlength=rows.n_users) > 1)
    starts, stops = np.searchsorted(users, tied), np.searchsorted(users, tied, side="right")
    for user, start, stop in zip(tied, starts, stops, strict=True):
        chosen[user] = min(items[start:stop], key=lambda item: _digest(str(rows.users[user]), str(rows.items[item])))
    is_last = np.zeros(len(rows), bool)
    is_last[final] = rows.item_codes[final] == chosen[rows.user_codes[final]]
    return is_last, tied


def _digest(user: str, item: str) -> bytes:
    return hashlib.sha256(f"{user}\t{item}".encode()).digest()
