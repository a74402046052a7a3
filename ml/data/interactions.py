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


@dataclass(frozen=True)
class Interactions:
    """Rows of one part of a dataset; parts of one split share their vocabularies.

    ``times`` are microseconds since 1970 in UTC. ``until`` is the instant (exclusive) that ends the period from which
    the rows were taken, where one is known; a window "before the split" ends there.
    """

    user_codes: Codes  # [n], each below len(users)
    item_codes: Codes  # [n], each below len(items)
    times: Times  # [n]
    weights: Weights  # [n], positive
    users: Ids
    items: Ids
    until: int | None = None

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
    users, user_codes = np.unique(rows.user_codes, return_inverse=True)
    items, item_codes = np.unique(rows.item_codes, return_inverse=True)
    return replace(
        rows,
        user_codes=user_codes.astype(np.int32),
        item_codes=item_codes.astype(np.int32),
        users=rows.users[users],
        items=rows.items[items],
    )
