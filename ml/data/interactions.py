"""Who met what, when and how strongly: four parallel arrays and the ids behind their codes."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.errors import DataError

Codes = NDArray[np.int32]
Times = NDArray[np.int64]
Weights = NDArray[np.float32]
Ids = NDArray[np.object_]  # of str, sorted, so that a code's order is its id's order

DAY = 86_400_000_000  # microseconds
NO_CLOCK, OWN_CLOCK, SHARED_CLOCK = "none", "own", "shared"
CLOCKS = (NO_CLOCK, OWN_CLOCK, SHARED_CLOCK)  # each can say what those before it can


@dataclass(frozen=True)
class Interactions:
    """Rows of one part of a dataset; parts of one split share their vocabularies.

    ``times`` are microseconds since 1970 in UTC. ``until`` is the instant (exclusive) that ends the period from which
    the rows were taken, where one is known; a window "before the split" ends there. ``clock`` says what times can tell:
    "shared" is time as all know it, "own" only the place in each user's own sequence, "none" nothing: all are 0.
    """

    user_codes: Codes  # [n], each below len(users)
    item_codes: Codes  # [n], each below len(items)
    times: Times  # [n]
    weights: Weights  # [n], positive
    users: Ids
    items: Ids
    until: int | None = None
    clock: str = SHARED_CLOCK

    def __post_init__(self) -> None:
        lengths = {len(self.user_codes), len(self.item_codes), len(self.times), len(self.weights)}
        if len(lengths) != 1:
            raise DataError("The columns of the interactions differ in length.", where=str(sorted(lengths)))
        for codes, ids, name in ((self.user_codes, self.users, "user"), (self.item_codes, self.items, "item")):
            if len(codes) and (codes.min() < 0 or codes.max() >= len(ids)):
                raise DataError(f"A {name} code has no {name} behind it.", where=f"{name} codes")

    def __len__(self) -> int:
        return len(self.times)

    @property
    def n_users(self) -> int:
        return len(self.users)

    @property
    def n_items(self) -> int:
        return len(self.items)

    @property
    def end(self) -> int:
        """The first instant after these rows: ``until``, or just after the last row."""
        if self.until is not None:
            return self.until
        return int(self.times.max()) + 1 if len(self) else 0

    def select(self, rows: NDArray[np.bool_] | NDArray[np.int64], *, until: int | None = None) -> "Interactions":
        """These rows only, with the same vocabularies."""
        return replace(
            self,
            user_codes=self.user_codes[rows],
            item_codes=self.item_codes[rows],
            times=self.times[rows],
            weights=self.weights[rows],
            until=until,
        )

    def matrix(self, *, binary: bool = True) -> csr_array:
        """[n_users, n_items] float32: 1 where a user met an item, or the sum of the weights."""
        data = np.ones(len(self), np.float32) if binary else self.weights
        matrix = csr_array((data, (self.user_codes, self.item_codes)), shape=(self.n_users, self.n_items))
        matrix.sum_duplicates()
        matrix.sort_indices()
        if binary:
            matrix.data[:] = 1.0
        return matrix


def compact(rows: Interactions) -> Interactions:
    """The same rows with vocabularies of only the users and items that occur in them."""
    users, user_codes = _renumbered(rows.user_codes, rows.n_users)
    items, item_codes = _renumbered(rows.item_codes, rows.n_items)
    return replace(rows, user_codes=user_codes, item_codes=item_codes, users=rows.users[users], items=rows.items[items])


def _renumbered(codes: Codes, size: int) -> tuple[NDArray[np.bool_], Codes]:
    """[size] whether a code occurs, and [n] the codes counted over those that occur; no sorting, no 64-bit copies."""
    present = np.zeros(size, bool)
    present[codes] = True
    places = np.cumsum(present, dtype=np.int32) - np.int32(1)
    return present, places[codes]
