"""Ranking metrics of every user, computed a block of users at a time over all items.

With ``hits`` the relevance (0 or 1) of the k best items and T the number of a user's different test items, those that
train does not know and those that are masked included:

- NDCG@k: sum of hits[i] / log2(i + 2), over the same sum for min(k, T) hits at the top. Järvelin and Kekäläinen, 2002.
- recall@k: hits / T. precision@k: hits / k, also where fewer than k items could be ranked.
- hit rate@k: 1 where the list holds a test item, else 0.
- MAP@k: sum over the hits of the precision at their place, over T. MRR@k: 1 / place of the first hit, or 0.
- AUC: the probability that a test item among the candidates stands above a candidate that is no test item, a tie
  counting half; over the whole ranking, with no cut-off. A user with only one of the two kinds has none (NaN).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.data.interactions import Codes
from ml.kernels.areas import user_areas
from ml.kernels.compiled import share_rows
from ml.kernels.hits import fill_figures, fill_hits
from ml.kernels.lists import FOLD, best_keys
from ml.models.base import Scores

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

SLICES = 4  # of each thread: all rows are of one length
LARGE = 1_000_000  # scores in a block from which on threads and compiled loops pay
KEYS = 100_000  # that are held and sorted at a time by a thread
GROUPS_PER_PLACE = 4  # groups for each place of the list from which on the bound is worth finding
MANY_TEST_ITEMS = 64  # from here on sorting a user's scores is quicker than counting below each test item
NOTHING, LOW_BITS = np.uint64(2**64 - 1), np.uint64(2**32 - 1)


@dataclass(frozen=True)
class Truth:
    """Test users and their items, in the codes of train; ``seen`` is what they met in train, or None to rank it too.

    ``sizes`` counts all test items of a user: also those that train does not know and those that are masked, though
    neither can be found. So a model is charged for what it cannot offer, and every model has the same denominators.
    """

    users: Codes  # [n], ascending
    items: csr_array  # [n, n_items], 1 for each test item that train knows
    sizes: NDArray[np.int64]  # [n], each 1 or more
    seen: csr_array | None  # [n, n_items]

    def some(self, most: int, seed: int) -> "Truth":
        """At most so many of the users, drawn by the seed, still ascending."""
        chosen = np.sort(np.random.default_rng(seed).permutation(len(self.users))[:most])
        seen = self.seen[chosen] if self.seen is not None else None
        return Truth(self.users[chosen], self.items[chosen], self.sizes[chosen], seen)


def truth_of(train: csr_array, test: csr_array, unknown: NDArray[np.int64], *, masked: bool) -> Truth:
    """Both matrices are [n_users, n_items], binary, in the codes of train; ``unknown`` [n_users] counts other items.

    A test user has a row in train and a test item of any kind.
    """
    sizes = np.diff(test.indptr).astype(np.int64) + unknown
    users = np.flatnonzero((sizes > 0) & (np.diff(train.indptr) > 0)).astype(np.int32)
    if len(users) == len(sizes):
        return Truth(users, test, sizes, train if masked else None)  # large matrices need no copy
    return Truth(users, test[users], sizes[users], train[users] if masked else None)


def top_k(scores: Scores, k: int, exclude: csr_array | None = None) -> Codes:
    """[rows, k] the codes of the best items, equal scores in ascending code, -1 where no candidate is left.

    Raises ValueError for a score that is no finite number. The scores are only read.
    """
    scores = np.ascontiguousarray(scores, dtype=np.float32)
    rows, items = scores.shape
    found = np.full((rows, k), -1, np.int32)
    size = max(1, KEYS // max(k, 1))
    starts = exclude.indptr if exclude is not None else np.zeros(rows + 1, np.int32)
    hidden = exclude.indices if exclude is not None else np.zeros(0, np.int32)

    def work(start: int, stop: int) -> None:
        for first in range(start, stop, size):
            part = slice(first, min(first + size, stop))
            of_part = starts[first : part.stop + 1]
            _fill_top(scores[part], of_part, hidden[of_part[0] : of_part[-1]], found[part])

    if items:
        _over_rows(work, scores)
    return found


def _over_rows(work: Callable[[int, int], None], scores: Scores) -> None:
    """Share the rows of a large block among the threads."""
    if scores.size < LARGE:
        work(0, len(scores))
    else:
        share_rows(work, len(scores), slices=SLICES)


def _fill_top(block: Scores, starts: Codes, hidden: Codes, found: Codes) -> None:
    """The lists of a few rows: what reaches a bound that few items reach, sorted.

    Row r leaves out the items ``hidden``, of which its own begin and end at ``starts[r]`` and ``starts[r + 1]``.
    """
    rows, items = block.shape
    kept, groups = min(found.shape[1], items), items // FOLD**2
    if groups < GROUPS_PER_PLACE * kept:
        groups = 0
    width, state = kept + kept // 2 + 16 if groups else items, 0
    while not state:  # many ties with the last need more room
        keys = np.full((rows, width), NOTHING)
        state, width = best_keys(block, starts - starts[0], hidden, kept, groups, keys), items
    if state < 0:
        raise ValueError("A model gave a score that is not a finite number.")
    keys.sort(axis=1)
    keys = keys[:, :kept]
    found[:, :kept] = np.where(keys == NOTHING, -1, (keys & LOW_BITS).astype(np.int32))


def hits_of(ranked: Codes, truth: csr_array) -> Flags:
    """[rows, k] whether each ranked item is a test item of its row's user."""
    hits = np.empty(ranked.shape, bool)
    starts, items = truth.indptr.astype(np.int64, copy=False), truth.indices.astype(np.int32, copy=False)
    fill_hits(np.ascontiguousarray(ranked, np.int32), starts, items, truth.shape[1], hits)
    return hits


def ranking_metrics(hits: Flags, truth_sizes: NDArray[np.int64], k: int) -> dict[str, Values]:
    """Per-user values at k; ``hits`` is [users, at least k] and ``truth_sizes`` [users], each 1 or more."""
    hits, sizes = np.ascontiguousarray(hits[:, :k]), truth_sizes.astype(np.float64)
    discounts = 1.0 / np.log2(np.arange(2, k + 2))  # [k]
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(truth_sizes, k)]
    gains, found, precisions, first = (np.empty(len(hits)) for _ in range(4))
    fill_figures(hits, discounts, gains, found, precisions, first)
    return {
        f"ndcg@{k}": gains / ideal,
        f"recall@{k}": found / sizes,
        f"precision@{k}": found / k,
        f"hit_rate@{k}": (found > 0).astype(np.float64),
        f"map@{k}": precisions / sizes,
        f"mrr@{k}": first,
    }


def user_auc(
    scores: Scores, truth: csr_array, exclude: csr_array | None = None, *, counting: bool | None = None
) -> Values:
    """[rows] the AUC of each user's ranking over the items that are not excluded; NaN where it has none.

    ``counting`` (by default for a large block) counts in a compiled loop what stands below each test item; without,
    each row is sorted, which is quicker for rows of many test items. Both give the same number.
    """
    scores = np.ascontiguousarray(scores, dtype=np.float32)
    hidden = exclude if exclude is not None else _nothing(*scores.shape)
    if hidden.nnz:
        truth = csr_array(truth - truth.multiply(hidden))
        truth.eliminate_zeros()
    counted = scores.size >= LARGE if counting is None else counting
    few = np.diff(truth.indptr) <= (MANY_TEST_ITEMS if counted else -1)
    areas = np.full(len(scores), np.nan)
    if few.any():
        _fill_counted_areas(scores, truth, hidden, areas)
    if not few.all():
        areas[~few] = _sorted_areas(scores[~few], truth[~few], hidden[~few])
    return areas


def _nothing(rows: int, columns: int) -> csr_array:
    starts = np.zeros(rows + 1, np.int32)
    return csr_array((np.zeros(0, np.float32), np.zeros(0, np.int32), starts), shape=(rows, columns))


def _fill_counted_areas(scores: Scores, truth: csr_array, exclude: csr_array, areas: Values) -> None:
    lists = [matrix.indices.astype(np.int32, copy=False) for matrix in (truth, exclude)]
    starts = [matrix.indptr.astype(np.int64, copy=False) for matrix in (truth, exclude)]

    def work(start: int, stop: int) -> None:
        wanted, hidden = (each[start : stop + 1] for each in starts)
        user_areas(scores[start:stop], wanted, lists[0], hidden, lists[1], MANY_TEST_ITEMS, areas[start:stop])

    _over_rows(work, scores)


def _sorted_areas(scores: Scores, truth: csr_array, exclude: csr_array) -> Values:
    rows, items = scores.shape
    left_out = np.diff(exclude.indptr).astype(np.int64)
    scores = scores.copy()
    scores[np.repeat(np.arange(rows), left_out), exclude.indices] = -np.inf
    ordered = np.sort(scores, axis=1)
    values = np.full(rows, np.nan)
    for row in range(rows):
        positive = np.sort(scores[row, truth.indices[truth.indptr[row] : truth.indptr[row + 1]]])
        count = len(positive)
        negatives = items - int(left_out[row]) - count
        if not count or not negatives:
            continue
        below, up_to = (np.searchsorted(ordered[row], positive, side=side).sum() for side in ("left", "right"))
        own_below, own_up_to = (np.searchsorted(positive, positive, side=side).sum() for side in ("left", "right"))
        wins = below - own_below - int(left_out[row]) * count  # the left-out stand below everything
        ties = (up_to - below) - (own_up_to - own_below)
        values[row] = (wins + 0.5 * ties) / (count * negatives)
    return values
