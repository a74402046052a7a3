"""A generated shop of any size with known tastes: events drawn by liking, and the oracle that knows the liking.

The liking has the form of ``ml.data.marketplace``: category, style, price against budget, popularity. It is never laid
out in full (50,000 x 20,000 numbers), but computed for a block of users whenever it is needed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import DAY, Codes, Interactions
from ml.models.base import Scores

CATEGORIES, STYLES = 12, 6
DAYS, TEST_DAYS = 365, 28
BLOCK = 500
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Tastes:
    """Users and items as the shop made them."""

    taste: Floats  # [users, categories]
    user_style: Floats  # [users, styles]
    budget: Floats  # [users]
    category: NDArray[np.int64]  # [items]
    item_style: Floats  # [items, styles]
    dearness: Floats  # [items]
    popularity: Floats  # [items]

    def liking(self, users: Codes) -> Scores:
        """[len(users), items] logits of what is met next."""
        liking = self.taste[users][:, self.category]
        liking += 1.1 * self.user_style[users] @ self.item_style.T
        liking -= 0.9 * np.abs(self.dearness[None, :] - self.budget[users][:, None])
        liking += self.popularity[None, :]
        return liking


def make_tastes(users: int, items: int, seed: int = 0) -> Tastes:
    rng = np.random.default_rng(seed)

    def normal(*shape: int) -> Floats:
        return rng.standard_normal(shape, dtype=np.float32)

    return Tastes(
        taste=np.log(rng.dirichlet(np.full(CATEGORIES, 0.5), users) + 1e-3).astype(np.float32),
        user_style=normal(users, STYLES),
        budget=0.5 * normal(users),
        category=rng.integers(CATEGORIES, size=items),
        item_style=normal(items, STYLES) / np.float32(np.sqrt(STYLES)),
        dearness=0.45 * normal(items),
        popularity=rng.gumbel(0, 0.4, items).astype(np.float32),
    )


def make_events(tastes: Tastes, events: int, seed: int = 1) -> Interactions:
    """Each user's number of events is log-normal; each event is drawn by the softmax of the liking."""
    rng = np.random.default_rng(seed)
    n_users, n_items = len(tastes.budget), len(tastes.dearness)
    activity = rng.lognormal(0, 0.7, n_users)
    counts = rng.poisson(activity / activity.sum() * events)
    chosen = []
    for start in range(0, n_users, BLOCK):
        users = np.arange(start, min(start + BLOCK, n_users), dtype=np.int32)
        liking = tastes.liking(users)
        chances = np.exp(liking - liking.max(axis=1, keepdims=True), dtype=np.float32)
        totals = np.cumsum(chances, axis=1, dtype=np.float64)
        for row, user in enumerate(users):
            draws = rng.random(counts[user]) * totals[row, -1]
            chosen.append(np.searchsorted(totals[row], draws, side="right"))
    user = np.repeat(np.arange(n_users, dtype=np.int32), counts)
    times = rng.integers(0, DAYS * DAY, len(user))
    order = np.argsort(times, kind="stable")
    return Interactions(
        user[order],
        np.concatenate(chosen).astype(np.int32)[order],
        times[order],
        np.ones(len(user), np.float32),
        np.array([f"u{number:08}" for number in range(n_users)], dtype=object),
        np.array([f"i{number:08}" for number in range(n_items)], dtype=object),
        until=DAYS * DAY,
    )


class Oracle:
    """Scores what it knows, in the codes of a training part; what no recommender can beat but by luck."""

    name = "oracle"

    def __init__(self, tastes: Tastes, train: Interactions) -> None:
        self.tastes, self.users, self.items = tastes, train.users, train.items
        self.user_codes, self.item_codes = (
            np.array([int(name[1:]) for name in ids], np.int32) for ids in (train.users, train.items)
        )

    def score(self, users: Codes) -> Any:
        return self.tastes.liking(self.user_codes[users])[:, self.item_codes]
