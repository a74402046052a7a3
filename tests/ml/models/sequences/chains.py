"""Made shops whose next item is known: each item has favourite successors, whoever the user is."""

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import DAY, Interactions

CHANCES = np.array([0.5, 0.25, 0.15])  # of an item's three successors; the rest is spread over all items
START = 1_700_000_000_000_000


def transitions(n_items: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """[n_items, n_items] the chance of each next item."""
    matrix = np.full((n_items, n_items), (1 - CHANCES.sum()) / n_items)
    for item in range(n_items):
        matrix[item, rng.choice(n_items, 3, replace=False)] += CHANCES
    return matrix


def chain_shop(
    users: int, n_items: int, steps: int, seed: int = 0
) -> tuple[Interactions, NDArray[np.int32], NDArray[np.float64]]:
    """(train, [users] each one's next item, [n_items, n_items] the chances): everyone walks the chain."""
    rng = np.random.default_rng(seed)
    chances = transitions(n_items, rng)
    cumulative = np.cumsum(chances, axis=1)
    walk = np.empty((users, steps + 1), np.int32)
    walk[:, 0] = rng.integers(0, n_items, users)
    for step in range(steps):
        drawn = rng.random(users)[:, None]
        walk[:, step + 1] = np.minimum((cumulative[walk[:, step]] < drawn).sum(axis=1), n_items - 1)
    times = START + np.arange(steps, dtype=np.int64)[None, :] * DAY + rng.integers(0, DAY, (users, steps))
    train = Interactions(
        np.repeat(np.arange(users, dtype=np.int32), steps),
        walk[:, :-1].ravel(),
        times.ravel(),
        np.ones(users * steps, np.float32),
        np.array([f"u{n:05}" for n in range(users)], dtype=object),
        np.array([f"i{n:04}" for n in range(n_items)], dtype=object),
        until=START + steps * DAY,
    )
    return train, walk[:, -1], chances


def ndcg_at_10(scores: NDArray[np.float32], truth: NDArray[np.int32]) -> float:
    """Mean over users of 1 / log2(1 + rank) of the one true item within the first ten."""
    own = scores[np.arange(len(truth)), truth][:, None]
    rank = 1 + (scores > own).sum(axis=1)
    return float(np.mean(np.where(rank <= 10, 1 / np.log2(1 + rank), 0.0)))
