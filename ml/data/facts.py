"""What is known of items and users besides their interactions, aligned with the codes of a training part."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Interactions
from ml.errors import DataError

Floats = NDArray[np.float32]
MAX_GROUPS = 30  # values of a category or of a user's property that get a column of their own


@dataclass(frozen=True)
class Facts:
    """Facts by code; what is not known is NaN (price), -1 (category), "" (title) or an all-zero row (groups)."""

    prices: Floats  # [n_items]
    categories: NDArray[np.int32]  # [n_items], codes into category_names
    category_names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)  # [n_items] or empty
    groups: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))  # [n_users, n_groups], 0 or 1
    group_names: list[str] = field(default_factory=list)

    def check(self, train: Interactions) -> "Facts":
        """Raise DataError unless the facts describe exactly these users and items."""
        if not len(self.prices) == len(self.categories) == train.n_items or len(self.groups) != train.n_users:
            raise DataError("The facts do not belong to these interactions.", where="facts")
        return self


def no_facts(train: Interactions) -> Facts:
    return Facts(
        prices=np.full(train.n_items, np.nan, np.float32),
        categories=np.full(train.n_items, -1, np.int32),
        groups=np.zeros((train.n_users, 0), np.float32),
    )


def frequent_values(values: list[str]) -> tuple[NDArray[np.int32], list[str]]:
    """Codes of the values and their names: the MAX_GROUPS most frequent ones, by name among equals; others are -1."""
    counts: dict[str, int] = {}
    for value in values:
        if value:
            counts[value] = counts.get(value, 0) + 1
    names = sorted(sorted(counts), key=lambda name: -counts[name])[:MAX_GROUPS]
    code = {name: number for number, name in enumerate(names)}
    return np.array([code.get(value, -1) for value in values], dtype=np.int32), names


def one_hot(codes: NDArray[np.int32], count: int) -> Floats:
    """[n, count]; a code of -1 gives a row of zeros."""
    table = np.zeros((len(codes), count), np.float32)
    known = np.flatnonzero(codes >= 0)
    table[known, codes[known]] = 1.0
    return table
