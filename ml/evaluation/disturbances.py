"""Training data with events that should not be there: noise, and the false users of who wants an item pushed."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Interactions
from ml.errors import DataError

Codes = NDArray[np.int64]
SELECTED = 0.05  # of the items are so popular that a bandwagon profile draws among them


def with_random_events(train: Interactions, share: float, *, seed: int = 0) -> Interactions:
    """Train and ``share`` times as many events again of users of train with any item, at times of train."""
    return _with_noise(train, share, np.ones(train.n_items), seed)


def with_popular_events(train: Interactions, share: float, *, seed: int = 0) -> Interactions:
    """The same with items drawn by how often they occur: the clicks of people who follow the crowd."""
    return _with_noise(train, share, np.bincount(train.item_codes, minlength=train.n_items).astype(np.float64), seed)


def with_attack(
    train: Interactions, target: int, share: float, *, kind: str = "average", seed: int = 0
) -> Interactions:
    """Train and false users, ``share`` times as many as there are, who all met the item code ``target``.

    Each false user also met as many other items as a user of train does at the median: with ``average`` drawn by how
    often they occur, which hides the user among the others; with ``bandwagon`` half of them from the most popular,
    which puts the target beside what everybody likes. Lam and Riedl, WWW 2004; Mobasher et al. 2007, for events without
    ratings. False users stand after the others, so that codes of train keep their meaning.
    """
    if kind not in ("average", "bandwagon"):
        raise DataError(f"There is no attack '{kind}'.", where="kind", hint="Say average or bandwagon.")
    if not 0 <= target < train.n_items:
        raise DataError("There is no such item to push.", where=f"item {target}")
    rng, matrix = np.random.default_rng(seed), train.matrix()
    count = max(1, round(share * train.n_users))
    fillers = min(max(1, round(float(np.median(np.diff(matrix.indptr))))), train.n_items - 1)
    popularity = np.bincount(matrix.indices, minlength=train.n_items).astype(np.float64)
    popularity[target] = 0.0
    items = np.concatenate([_profile(popularity, fillers, kind, rng) for _ in range(count)] + [np.full(count, target)])
    users = np.concatenate([np.repeat(np.arange(count), len(items) // count - 1), np.arange(count)]) + train.n_users
    names = np.array([f"{train.users[-1]}~{number:09d}" for number in range(count)], dtype=object)  # sort last
    wider = replace(train, users=np.concatenate([train.users, names]))
    return _with_events(wider, users, items, rng)


def _profile(popularity: NDArray[np.float64], fillers: int, kind: str, rng: np.random.Generator) -> Codes:
    known = np.flatnonzero(popularity)
    fillers = min(fillers, len(known))
    chosen = np.empty(0, np.int64)
    if kind == "bandwagon":
        best = known[np.argsort(-popularity[known], kind="stable")][: max(1, round(SELECTED * len(known)))]
        chosen = rng.choice(best, min((fillers + 1) // 2, len(best)), replace=False)
    rest = np.setdiff1d(known, chosen)
    drawn = rng.choice(
        rest, fillers - len(chosen), replace=False, p=popularity[rest] / popularity[rest].sum() if len(rest) else None
    )
    return np.concatenate([chosen, drawn])


def _with_noise(train: Interactions, share: float, weights: NDArray[np.float64], seed: int) -> Interactions:
    if share < 0:
        raise DataError("A share of noise cannot be below 0.", where="share")
    rng, count = np.random.default_rng(seed), round(share * len(train))
    items = rng.choice(train.n_items, count, p=weights / weights.sum())
    return _with_events(train, rng.integers(0, train.n_users, count), items, rng)


def _with_events(train: Interactions, users: Codes, items: Codes, rng: np.random.Generator) -> Interactions:
    """These events among the rows of train, at drawn times of train and with its median weight."""
    times = train.times[rng.integers(0, len(train), len(users))]
    order = np.argsort(np.concatenate([train.times, times]), kind="stable")
    weight = np.full(len(users), np.median(train.weights), np.float32)
    return replace(
        train,
        user_codes=np.concatenate([train.user_codes, users.astype(np.int32)])[order],
        item_codes=np.concatenate([train.item_codes, items.astype(np.int32)])[order],
        times=np.concatenate([train.times, times])[order],
        weights=np.concatenate([train.weights, weight])[order],
    )
