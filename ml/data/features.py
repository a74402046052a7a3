"""Features of users, items and pairs as they stood just before an instant, and of the moment itself.

A History reads only events before its ``as_of``; training events are described by the History at the start of their
own period, and test users by the one at the split. So no feature of an event contains that event or anything later,
and training sees the same staleness as the evaluation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from ml.data.facts import Facts, one_hot
from ml.data.interactions import DAY, Interactions

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

USER_NAMES = ["events", "recent events", "different items", "days since last", "known"]
ITEM_NAMES = ["events", "recent events", "events of 7 days", "trend", "days since last", "days since first", "known"]
PRICE_NAMES = ["price", "price known"]
PAIR_NAMES = ["met before", "times met", "freshness", "share of category", "price gap", "absolute price gap", "taste"]
CONTEXT_NAMES = ["weekday sin", "weekday cos", "hour sin", "hour cos", "season sin", "season cos"]
HOUR_SIN, HOUR_COS = 2, 3
FRESHNESS_DAYS = 30.0


@dataclass(frozen=True)
class History:
    """What was known just before ``as_of`` (microseconds)."""

    as_of: int
    user: Floats  # [n_users, user features]
    item: Floats  # [n_items, item features]
    counts: csr_array  # [n_users, n_items], how often the pair met
    freshness: csr_array  # the same pattern, exp(-days since the pair last met / 30)
    shares: Floats  # [n_users, n_categories + 1], share of the user's events; the last column, "unknown", is 0
    categories: NDArray[np.int32]  # [n_items]
    user_price: Floats  # [n_users], mean of the log price of what was met, NaN for none
    item_price: Floats  # [n_items], log price, NaN for unknown
    user_taste: Floats  # [n_users, factors]
    item_taste: Floats  # [n_items, factors]

    @property
    def n_items(self) -> int:
        return len(self.item)


def read_history(rows: Interactions, facts: Facts, *, as_of: int, step: int, factors: int, seed: int) -> History:
    """The History of the rows before ``as_of``; ``step`` (microseconds) is how long ago still counts as recent."""
    past = rows.select(rows.times < as_of)
    days = (as_of - past.times) / DAY
    counts = csr_array(
        (np.ones(len(past), np.float32), (past.user_codes, past.item_codes)), shape=(rows.n_users, rows.n_items)
    )
    counts.sum_duplicates()
    counts.sort_indices()
    log_price = np.log(np.where(facts.prices > 0, facts.prices, np.nan)).astype(np.float32)
    user_taste, item_taste = _taste(counts, factors, seed)
    return History(
        as_of=as_of,
        user=np.hstack([_user_features(past, counts, days, step), facts.groups]),
        item=np.hstack([_item_features(past, days, step), _price_features(log_price), _categories(facts)]),
        counts=counts,
        freshness=_freshness(past, counts, days),
        shares=_shares(past, facts),
        categories=facts.categories,
        user_price=_mean_price(past, log_price),
        item_price=log_price,
        user_taste=user_taste,
        item_taste=item_taste,
    )


def pair_features(history: History, users: Indices, items: Indices) -> Floats:
    """[n, 7] the features of n pairs, in the order of PAIR_NAMES."""
    counts = _lookup(history.counts, users, items)
    freshness = _lookup(history.freshness, users, items)
    share = history.shares[users, history.categories[items]]  # -1 reaches the last column, "unknown"
    gap = history.item_price[items] - history.user_price[users]
    taste = np.einsum("nf,nf->n", history.user_taste[users], history.item_taste[items])
    return _stack(counts, freshness, share, gap, taste)


def pair_grid(history: History, users: Indices) -> Floats:
    """[len(users), n_items, 7]: ``pair_features`` of every item for these users, without looking each pair up."""
    share = history.shares[users][:, history.categories]
    gap = history.item_price[None, :] - history.user_price[users][:, None]
    taste = history.user_taste[users] @ history.item_taste.T
    counts = history.counts[users].toarray()
    return _stack(counts, history.freshness[users].toarray(), share, gap, taste)


def context_features(times: NDArray[np.int64]) -> Floats:
    """[n, 6] weekday, hour and day of the year (UTC) of moments in microseconds, each as a point on a circle."""
    days = times / DAY
    weekday = np.floor(days + 3) % 7  # 1970-01-01 was a Thursday, so Monday is 0
    turns = np.stack([weekday / 7, days % 1.0, (days % 365.2425) / 365.2425]) * (2 * np.pi)  # [3, n]
    return np.stack([np.sin(turns), np.cos(turns)], axis=1).reshape(6, -1).T.astype(np.float32)


def user_feature_names(facts: Facts) -> list[str]:
    return USER_NAMES + facts.group_names


def item_feature_names(facts: Facts) -> list[str]:
    return ITEM_NAMES + PRICE_NAMES + [f"category={name}" for name in facts.category_names]


def _user_features(past: Interactions, counts: csr_array, days: NDArray[np.float64], step: int) -> Floats:
    events = np.bincount(past.user_codes, minlength=past.n_users)
    recent = np.bincount(past.user_codes[days <= step / DAY], minlength=past.n_users)
    return np.stack(
        [
            np.log1p(events),
            np.log1p(recent),
            np.log1p(np.diff(counts.indptr)),
            np.log1p(_least(past.user_codes, days, past.n_users)),
            events > 0,
        ],
        axis=1,
    ).astype(np.float32)


def _item_features(past: Interactions, days: NDArray[np.float64], step: int) -> Floats:
    size, width = past.n_items, step / DAY

    def within(low: float, high: float) -> NDArray[np.float64]:
        return np.log1p(np.bincount(past.item_codes[(days > low) & (days <= high)], minlength=size))

    events, recent = within(0.0, np.inf), within(0.0, width)
    oldest = np.zeros(size)
    np.maximum.at(oldest, past.item_codes, days)
    columns = [
        events,
        recent,
        within(0.0, 7.0),
        recent - within(width, 2 * width),
        np.log1p(_least(past.item_codes, days, size)),
        np.log1p(oldest),
        events > 0,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _least(codes: NDArray[np.int32], days: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """[size] days since the last event of each code, 0 for none (the feature "known" tells the two apart)."""
    least = np.full(size, np.inf)
    np.minimum.at(least, codes, days)
    return np.where(np.isfinite(least), least, 0.0)


def _price_features(log_price: Floats) -> Floats:
    known = np.isfinite(log_price)
    middle = float(np.median(log_price[known])) if known.any() else 0.0
    return np.stack([np.where(known, log_price, middle), known], axis=1).astype(np.float32)


def _categories(facts: Facts) -> Floats:
    return one_hot(facts.categories, len(facts.category_names))


def _freshness(past: Interactions, counts: csr_array, days: NDArray[np.float64]) -> csr_array:
    keys = past.user_codes.astype(np.int64) * past.n_items + past.item_codes
    order = np.lexsort((days, keys))
    _, first = np.unique(keys[order], return_index=True)  # the rows of counts, in the same order
    data = np.exp(-days[order][first] / FRESHNESS_DAYS).astype(np.float32)
    return csr_array((data, counts.indices, counts.indptr), shape=counts.shape)


def _shares(past: Interactions, facts: Facts) -> Floats:
    width = len(facts.category_names)
    categories = facts.categories[past.item_codes]
    known = categories >= 0
    cells = past.user_codes[known].astype(np.int64) * (width + 1) + categories[known]
    table = np.bincount(cells, minlength=past.n_users * (width + 1)).reshape(past.n_users, width + 1)
    totals = np.bincount(past.user_codes, minlength=past.n_users)[:, None]
    return (table / np.maximum(totals, 1)).astype(np.float32)


def _mean_price(past: Interactions, log_price: Floats) -> Floats:
    prices = log_price[past.item_codes]
    known = np.isfinite(prices)
    codes = past.user_codes[known]
    totals = np.bincount(codes, weights=prices[known], minlength=past.n_users)
    events = np.bincount(codes, minlength=past.n_users)
    return np.where(events > 0, totals / np.maximum(events, 1), np.nan).astype(np.float32)


def _taste(counts: csr_array, factors: int, seed: int) -> tuple[Floats, Floats]:
    """User and item factors of a truncated SVD of who met what, columns scaled down by popularity (cosine)."""
    n_users, n_items = counts.shape
    rank = min(factors, min(n_users, n_items) - 2)
    if rank < 1 or counts.nnz == 0:
        return np.zeros((n_users, 1), np.float32), np.zeros((n_items, 1), np.float32)
    popularity = np.bincount(counts.indices, minlength=n_items)
    scale = 1.0 / np.sqrt(np.maximum(popularity, 1))
    lengths = np.diff(counts.indptr)
    weights = scale[counts.indices] / np.sqrt(np.repeat(lengths, lengths))
    met = csr_array((weights, counts.indices, counts.indptr), shape=counts.shape)
    start = np.random.default_rng(seed).standard_normal(min(n_users, n_items))
    left, values, right = svds(met, k=rank, v0=start)
    # In rows, as a bundle keeps them: a matrix product of columns rounds otherwise, and a loaded model would too.
    return (left * values).astype(np.float32, order="C"), right.T.astype(np.float32, order="C")


def _lookup(matrix: csr_array, users: Indices, items: Indices) -> Floats:
    """[n] the values at these cells, 0 where the matrix has none. Rows of ``matrix`` are sorted."""
    if matrix.nnz == 0:
        return np.zeros(len(users), np.float32)
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    keys = rows * matrix.shape[1] + matrix.indices
    wanted = users.astype(np.int64) * matrix.shape[1] + items
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, matrix.data[places], 0.0).astype(np.float32)


def _stack(counts: Floats, freshness: Floats, share: Floats, gap: Floats, taste: Floats) -> Floats:
    gap = np.nan_to_num(gap, nan=0.0)
    return np.stack(
        [counts > 0, np.log1p(counts), freshness, share, gap, np.abs(gap), taste], axis=-1, dtype=np.float32
    )
