"""Each user's items in the order in which he met them.

Tie rule: rows of equal time keep the order in which they stand in the data; of rows equal in user, item and time one is
kept.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Interactions

Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Sequences:
    """User u's items are ``items[starts[u] : starts[u + 1]]``, oldest first; ``times`` stand beside them."""

    items: Longs  # [n]
    times: Longs  # [n] microseconds
    starts: Longs  # [n_users + 1]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Longs:
        return np.diff(self.starts)

    def last(self, length: int) -> "Sequences":
        """Of each user the last ``length`` items."""
        return self.keep(self.places_from_end() < length)

    def keep(self, rows: NDArray[np.bool_]) -> "Sequences":
        """These rows only, of the same users."""
        users = np.repeat(np.arange(len(self)), self.lengths)
        counts = np.bincount(users[rows], minlength=len(self))
        return Sequences(self.items[rows], self.times[rows], _starts(counts))

    def one_by_one(self) -> "Sequences":
        """The same order with each row at an instant of its own, as if rows of one time had come one after another."""
        return replace(self, times=np.arange(len(self.items), dtype=np.int64))

    def places_from_end(self) -> Longs:
        """[n] 0 for each user's last item, 1 for the one before, …"""
        places: Longs = np.repeat(self.starts[1:], self.lengths) - 1 - np.arange(len(self.items))
        return places


def next_moments(sequences: Sequences) -> tuple[Longs, Longs]:
    """(first, stop) of the rows of the user's next instant, for each row; first equals stop in his last instant.

    Rows of one instant, a basket, have no order among them: what comes next is what the next instant holds.
    """
    size = len(sequences.items)
    owners = np.repeat(np.arange(len(sequences)), sequences.lengths)
    changes = np.ones(size + 1, bool)
    changes[1:-1] = (np.diff(owners) != 0) | (np.diff(sequences.times) != 0)
    begins = np.flatnonzero(changes)  # of each moment, and the end of all
    moment = np.cumsum(changes[:-1]) - 1
    first = begins[moment + 1]
    stop = begins[np.minimum(moment + 2, len(begins) - 1)]
    ends = sequences.starts[owners + 1]
    return first, np.where(first < ends, stop, first)


def read_sequences(rows: Interactions) -> Sequences:
    """The sequences of all users of the vocabulary, empty for those without rows."""
    order = np.lexsort((rows.times, rows.user_codes))  # stable: equal times keep the order of the rows
    users, items = (codes[order].astype(np.int64) for codes in (rows.user_codes, rows.item_codes))
    times = rows.times[order].astype(np.int64)
    first = _first_of_each(users, items, times)
    counts = np.bincount(users[first], minlength=rows.n_users)
    return Sequences(items[first], times[first], _starts(counts))


def windows(starts: Longs, lengths: Longs, length: int) -> tuple[Longs, Longs]:
    """(starts, lengths) of pieces of at most ``length``, cut from each sequence's end; empty sequences give none."""
    pieces = -(-lengths // length)
    of = np.repeat(np.arange(len(lengths)), pieces)
    number = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)  # 0 is the newest
    stops = (starts + lengths)[of] - number * length
    begins = np.maximum(stops - length, starts[of])
    return begins, stops - begins


def last_baskets(sequences: Sequences) -> NDArray[np.bool_]:
    """[n] the rows of each user's last instant, but never more than half of his rows: what validation asks for."""
    lengths = sequences.lengths
    last = np.full(len(sequences), np.iinfo(np.int64).min)
    filled = np.flatnonzero(lengths)
    last[filled] = sequences.times[sequences.starts[1:][filled] - 1]
    of_last = sequences.times == np.repeat(last, lengths)
    allowed = np.repeat(lengths // 2, lengths)
    held: NDArray[np.bool_] = of_last & (sequences.places_from_end() < allowed)
    return held


def _first_of_each(users: Longs, items: Longs, times: Longs) -> Longs:
    """The rows that are the first of those equal in all three, ascending."""
    order = np.lexsort((np.arange(len(users)), items, times, users))
    same = np.zeros(len(users), bool)
    same[1:] = (np.diff(users[order]) == 0) & (np.diff(items[order]) == 0) & (np.diff(times[order]) == 0)
    return np.sort(order[~same])


def _starts(counts: Longs) -> Longs:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
