"""What a user met, as a sparse row: binary, summed or weighted, and fading with time where that is wanted."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.data.interactions import DAY, SHARED_CLOCK, Interactions

BM25_K1, BM25_B = 1.2, 0.75

Counts = NDArray[np.float64]


def history_matrix(rows: Interactions, *, binary: bool = True, half_life_days: float = 0.0) -> csr_array:
    """[n_users, n_items] float32; with a half-life, an event counts half as much for each that lies behind it.

    Where times cannot be compared between users nothing fades. Binary: 1, or the fading of the pair's last event.
    Otherwise the sum over the pair's events of weight and fading.
    """
    if not half_life_days or rows.clock != SHARED_CLOCK:
        return rows.matrix(binary=binary)
    fading = np.exp2((rows.times - rows.end) / (half_life_days * DAY)).astype(np.float32)
    if not binary:
        return _summed(rows, np.maximum(rows.weights * fading, np.finfo(np.float32).tiny))
    order = np.argsort(rows.times, kind="stable")
    pairs = rows.user_codes[order].astype(np.int64) * max(rows.n_items, 1) + rows.item_codes[order]
    last = len(order) - 1 - np.unique(pairs[::-1], return_index=True)[1]
    latest = rows.select(order[last], until=rows.until)
    return _summed(latest, np.maximum(fading[order[last]], np.finfo(np.float32).tiny))


def weighted(matrix: csr_array, weighting: str, document_counts: Counts | None = None) -> csr_array:
    """Users as documents and items as words: TF-IDF, or Okapi BM25 (Robertson and Zaragoza, 2009); "none" is as it is.

    ``document_counts`` [n_items] says in how many histories each item stood when the model was fitted, and after it,
    how many users there were; None counts this matrix.
    """
    if weighting == "none":
        return matrix
    counts = document_counts if document_counts is not None else counted(matrix)
    rarity = np.log1p(counts[-1] / np.maximum(counts[:-1], 1.0)).astype(np.float32)  # [n_items], above 0
    result = matrix.copy()
    if weighting == "tfidf":
        result.data = np.sqrt(matrix.data) * rarity[matrix.indices]
        return result
    lengths = np.diff(matrix.indptr).astype(np.float32)
    relative = lengths / max(float(lengths.mean()), 1.0) if len(lengths) else lengths
    norm = BM25_K1 * (1 - BM25_B + BM25_B * relative)  # [n_users]
    of_row = np.repeat(norm, np.diff(matrix.indptr))
    result.data = (matrix.data * (BM25_K1 + 1) / (of_row + matrix.data) * rarity[matrix.indices]).astype(np.float32)
    return result


def counted(matrix: csr_array) -> Counts:
    """[n_items + 1] how many users met each item, and how many users there are."""
    return np.append(np.bincount(matrix.indices, minlength=matrix.shape[1]), matrix.shape[0]).astype(np.float64)


def _summed(rows: Interactions, data: NDArray[np.float32]) -> csr_array:
    matrix = csr_array((data, (rows.user_codes, rows.item_codes)), shape=(rows.n_users, rows.n_items))
    matrix.sum_duplicates()
    matrix.sort_indices()
    return matrix
