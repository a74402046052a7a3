"""A small random shop, with everything that an evaluation must stand: unknown items, repeats, tied scores."""

import numpy as np
import pytest

from ml.data.interactions import DAY, Interactions
from ml.data.splits import Parts, apply_split, parse_split
from ml.evaluation.harness import protocol_of
from ml.evaluation.protocol import Protocol

SPLIT = "time:0.8"


def shop(seed: int = 0, users: int = 60, items: int = 40, rows: int = 1500) -> Interactions:
    rng = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, items + 1)
    user = rng.integers(0, users, rows)
    item = rng.choice(items, rows, p=popularity / popularity.sum())
    item = np.where(rng.random(rows) < 0.5, item, (user * 7 + rng.integers(0, 5, rows)) % items)
    return Interactions(
        user.astype(np.int32),
        item.astype(np.int32),
        np.sort(rng.integers(0, 100 * DAY, rows)),
        np.ones(rows, np.float32),
        np.array([f"u{code:03d}" for code in range(users)], dtype=object),
        np.array([f"i{code:03d}" for code in range(items)], dtype=object),
    )


@pytest.fixture(scope="session")
def parts() -> Parts:
    return apply_split(shop(), parse_split(SPLIT))


@pytest.fixture(scope="session")
def protocol(parts: Parts) -> Protocol:
    return protocol_of(parts, parse_split(SPLIT), cutoffs=(5, 10))
