"""What a recommender does to the catalogue and to the lists, apart from being right.

``ranked`` is [users, k] item codes, -1 where a list ends early. Values are per user, NaN where a list has none. A
figure of all lists has an interval from leaving users out, because a resample never shows more than the sample.
"""

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Codes
from ml.evaluation.uncertainty import Estimate, Z, grouped_jackknife
from ml.kernels.hits import fill_shown

Values = NDArray[np.float64]
PAIR_CELLS = 4_000_000  # numbers of item vectors held at once


def catalogue_coverage(ranked: Codes, n_items: int) -> Estimate:
    """The share of the catalogue that stands in at least one test user's list.

    The standard error is the jackknife over users (Efron and Stein 1981): leaving a user out loses the items that
    nobody else was shown.
    """
    users = len(ranked)
    shown, alone = np.zeros(n_items, np.int64), np.zeros(users, np.int64)
    fill_shown(np.ascontiguousarray(ranked, np.int32), shown, alone)
    value = float((shown > 0).sum() / n_items)
    if users < 2:
        return Estimate(value, value, value, np.nan, users)
    lost = alone / n_items
    error = float(np.sqrt((users - 1) / users * ((lost - lost.mean()) ** 2).sum()))
    return Estimate(value, max(0.0, value - Z * error), min(1.0, value + Z * error), error, users)


def exposure_gini(ranked: Codes, n_items: int) -> Estimate:
    """How unequally list places are given to the catalogue: 0 for all alike, near 1 for a few items alone.

    Gini's coefficient of the counts of all items, those never shown included: sum((2i - n - 1) x_i) / (n sum x), x in
    ascending order (Gini 1912; for recommenders Fleder and Hosanagar 2009).
    """

    def gini(users: NDArray[np.int64]) -> float:
        lists = ranked[users]
        return gini_coefficient(np.bincount(lists[lists >= 0], minlength=n_items).astype(np.float64))

    return grouped_jackknife(gini, len(ranked))


def gini_coefficient(amounts: Values) -> float:
    """Gini's coefficient of [n] amounts, none negative; NaN where all are 0."""
    total, count = amounts.sum(), len(amounts)
    if not total:
        return float("nan")
    places = 2 * np.arange(1, count + 1) - count - 1
    return float((places * np.sort(amounts)).sum() / (count * total))


def novelty(ranked: Codes, popularity: NDArray[np.int64], users: int) -> Values:
    """[users] the mean self-information of a list's items in bits: -log2 of the share of train's users who met it.

    ``popularity`` is [n_items] different users of train, ``users`` their number. Zhou et al., PNAS 2010; Castells et
    al. 2015. An item that nobody met counts as met by one.
    """
    bits = -np.log2(np.maximum(popularity, 1) / users)
    return _mean_over_list(np.where(ranked >= 0, bits[ranked], np.nan))


def category_diversity(ranked: Codes, categories: NDArray[np.int64]) -> Values:
    """[users] the share of a list's pairs that are of different categories; -1, no category, leaves an item out.

    Intra-list distance with distance 1 between categories and 0 within. Smyth and McClave 2001; Ziegler et al. 2005.
    """
    of = np.where(ranked >= 0, categories[ranked], -1)
    known = of >= 0
    counts = known.sum(axis=1)
    same = np.zeros(len(ranked))
    for place in range(1, ranked.shape[1]):  # pairs at this distance in the list
        same += ((of[:, place:] == of[:, :-place]) & known[:, place:]).sum(axis=1)
    pairs = counts * (counts - 1) / 2
    return np.where(pairs > 0, 1.0 - same / np.maximum(pairs, 1), np.nan)


def vector_diversity(ranked: Codes, vectors: NDArray[np.float32]) -> Values:
    """[users] the mean over a list's pairs of 1 - cosine of their vectors [n_items, width]; a zero vector is left out.

    From 0, all alike, to 2. The sum over pairs is that of the list's summed unit vectors, so no pair is visited.
    """
    lengths = np.linalg.norm(vectors, axis=1)
    units = vectors / np.maximum(lengths, 1e-30)[:, None]
    values = np.empty(len(ranked))
    size = max(1, PAIR_CELLS // max(ranked.shape[1] * vectors.shape[1], 1))
    for start in range(0, len(ranked), size):
        block = ranked[start : start + size]
        known = (block >= 0) & (lengths[block] > 0)
        total = np.where(known[:, :, None], units[block], 0.0).astype(np.float64).sum(axis=1)
        counts = known.sum(axis=1)
        cosines = ((total**2).sum(axis=1) - counts) / 2
        pairs = counts * (counts - 1) / 2
        values[start : start + size] = np.where(pairs > 0, 1.0 - cosines / np.maximum(pairs, 1), np.nan)
    return values


def serendipity(ranked: Codes, hits: NDArray[np.bool_], expected: Codes) -> Values:
    """[users] the share of list places that hold a test item which popularity alone would not have shown.

    ``expected`` is [users, k], each user's list by popularity under the same protocol: |unexpected and useful| / k,
    where unexpected is what stands in the list and not in ``expected``. Ge et al., RecSys 2010.
    """
    surprising = np.zeros(ranked.shape, bool)
    for place in range(ranked.shape[1]):
        surprising[:, place] = ~(ranked[:, place, None] == expected).any(axis=1)
    values: Values = (hits & surprising & (ranked >= 0)).mean(axis=1)
    return values


def _mean_over_list(values: Values) -> Values:
    known = ~np.isnan(values)
    counts = known.sum(axis=1)
    sums = np.where(known, values, 0.0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
