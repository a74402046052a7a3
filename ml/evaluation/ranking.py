"""Ranking metrics of every user, computed a block of users at a time over all items.

With ``hits`` the relevance (0 or 1) of the k best items and T the number of a user's different test items, those that
train does not know and those that are masked included:

- NDCG@k: sum of hits[i] / log2(i + 2), over the same sum for min(k, T) hits at the top. Järvelin and Kekäläinen, 2002.
- recall@k: hits / T. precision@k: hits / k, also where fewer than k items could be ranked.
- MAP@k: sum over the hits of the precision at their place, over T. MRR@k: 1 / place of the first hit, or 0.
- AUC: the probability that a test item among the candidates stands above a candidate that is no test item, a tie
  counting half; over the whole ranking, with no cut-off. A user with only one of the two kinds has none (NaN).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.data.interactions import Codes
from ml.models.base import Scores

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


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


def truth_of(train: csr_array, test: csr_array, unknown: NDArray[np.int64], *, masked: bool) -> Truth:
    """Both matrices are [n_users, n_items], binary, in the codes of train; ``unknown`` [n_users] counts other items.

    A test user has a row in train and a test item of any kind.
    """
    sizes = np.diff(test.indptr).astype(np.int64) + unknown
    users = np.flatnonzero((sizes > 0) & (np.diff(train.indptr) > 0)).astype(np.int32)
    return Truth(users, test[users], sizes[users], train[users] if masked else None)


def dense_rows(matrix: csr_array) -> Flags:
    """[rows, columns] bool of a sparse block."""
    flags = np.zeros(matrix.shape, bool)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    flags[rows, matrix.indices] = True
    return flags


def top_k(scores: Scores, k: int, exclude: csr_array | None = None) -> Codes:
    """[rows, k] the codes of the best items, equal scores in ascending code, -1 where no candidate is left."""
    scores = np.asarray(scores, dtype=np.float32)
    if not np.isfinite(scores).all():
        raise ValueError("A model gave a score that is not a finite number.")
    if exclude is not None and exclude.nnz:
        scores = np.where(dense_rows(exclude), np.float32(-np.inf), scores)
    rows, items = scores.shape
    found = np.full((rows, k), -1, np.int32)
    if not rows or not items:
        return found
    kept = min(k, items)
    least = np.partition(scores, items - kept, axis=1)[:, items - kept, None]
    # Every item tied with the k-th is a candidate: a partition alone would choose among them by chance.
    row, item = np.nonzero((scores >= least) & (scores > -np.inf))
    order = np.lexsort((item, -scores[row, item], row))
    row, item = row[order], item[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    best = place < k
    found[row[best], place[best]] = item[best]
    return found


def hits_of(ranked: Codes, truth: csr_array) -> Flags:
    """[rows, k] whether each ranked item is a test item of its row's user."""
    keys = np.repeat(np.arange(truth.shape[0], dtype=np.int64), np.diff(truth.indptr)) * truth.shape[1] + truth.indices
    asked = np.arange(len(ranked), dtype=np.int64)[:, None] * truth.shape[1] + ranked
    return np.asarray((ranked >= 0) & np.isin(asked, keys), dtype=bool)


def ranking_metrics(hits: Flags, truth_sizes: NDArray[np.int64], k: int) -> dict[str, Values]:
    """Per-user values at k; ``hits`` is [users, at least k] and ``truth_sizes`` [users], each 1 or more."""
    hits = hits[:, :k].astype(np.float64)  # [users, k]
    sizes = truth_sizes.astype(np.float64)
    discounts = 1.0 / np.log2(np.arange(2, k + 2))  # [k]
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(truth_sizes, k)]
    places = np.arange(1, k + 1)
    found = hits.sum(axis=1)
    precision_at = np.cumsum(hits, axis=1) / places
    first = np.where(found > 0, 1.0 / (np.argmax(hits > 0, axis=1) + 1), 0.0)
    return {
        f"ndcg@{k}": (hits * discounts).sum(axis=1) / ideal,
        f"recall@{k}": found / sizes,
        f"precision@{k}": found / k,
        f"map@{k}": (precision_at * hits).sum(axis=1) / sizes,
        f"mrr@{k}": first,
    }


def user_auc(scores: Scores, truth: csr_array, exclude: csr_array | None = None) -> Values:
    """[rows] the AUC of each user's ranking over the items that are not excluded; NaN where it has none."""
    rows, items = scores.shape
    if exclude is not None:
        truth = csr_array(truth - truth.multiply(exclude))
        truth.eliminate_zeros()
    scores = np.asarray(scores, dtype=np.float32)
    left_out = np.zeros(rows, np.int64)
    if exclude is not None and exclude.nnz:
        scores = np.where(dense_rows(exclude), np.float32(-np.inf), scores)
        left_out = np.diff(exclude.indptr).astype(np.int64)
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
