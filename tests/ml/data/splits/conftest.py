"""Rows to split, told as (user, item, day)."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from ml.data.interactions import DAY, SHARED_CLOCK, Interactions

Rows = Callable[..., Interactions]


@pytest.fixture
def rows_of() -> Rows:
    def make(events: Sequence[tuple[str, str, float]], clock: str = SHARED_CLOCK) -> Interactions:
        users, user_codes = np.unique([user for user, _, _ in events], return_inverse=True)
        items, item_codes = np.unique([item for _, item, _ in events], return_inverse=True)
        return Interactions(
            user_codes.astype(np.int32),
            item_codes.astype(np.int32),
            np.array([int(day * DAY) for _, _, day in events], np.int64),
            np.ones(len(events), np.float32),
            users.astype(object),
            items.astype(object),
            clock=clock,
        )

    return make


@pytest.fixture
def many(rows_of: Rows) -> Interactions:
    """60 users with 1 to 20 different items of 40, one a day."""
    rng = np.random.default_rng(0)
    return rows_of(
        [
            (f"u{user:02}", f"i{item:02}", float(day))
            for user in range(60)
            for day, item in enumerate(rng.permutation(40)[: 1 + user % 20])
        ]
    )
