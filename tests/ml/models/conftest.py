"""A toy shop with a known answer: two circles of customers, each with its own ten articles."""

import numpy as np
import pytest

from ml.data.interactions import DAY, Interactions

USERS, ITEMS, CIRCLE = 60, 20, 10


@pytest.fixture(scope="session")
def toy() -> Interactions:
    """Customer u of a circle meets all its articles over 100 days except article u % 10, and never another circle's.

    So the best article that customer u does not have is the one left out.
    """
    rng = np.random.default_rng(0)
    users, items, times = [], [], []
    for user in range(USERS):
        circle = user % 2
        for place in range(CIRCLE):
            if place != (user // 2) % CIRCLE:
                users.append(user)
                items.append(circle * CIRCLE + place)
                times.append(int(rng.integers(0, 100 * DAY)))
    order = np.argsort(times, kind="stable")
    start = 1_700_000_000_000_000
    return Interactions(
        np.array(users, np.int32)[order],
        np.array(items, np.int32)[order],
        np.array(times, np.int64)[order] + start,
        np.ones(len(users), np.float32),
        np.array([f"u{user:02d}" for user in range(USERS)], dtype=object),
        np.array([f"i{item:02d}" for item in range(ITEMS)], dtype=object),
        until=start + 100 * DAY,
    )
