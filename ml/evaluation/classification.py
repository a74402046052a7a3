"""How well a probability tells the two classes apart, over all rows at once."""

import numpy as np
from numpy.typing import NDArray


def auc(labels: NDArray[np.bool_], scores: NDArray[np.floating]) -> float:
    """The probability that a positive row scores above a negative one, a tie counting half (Mann and Whitney 1947).

    ``labels`` and ``scores`` are [rows]. NaN when one class is missing.
    """
    labels = np.asarray(labels, dtype=bool)
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if not positives or not negatives:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2.0  # mean rank of each distinct score, from 1
    ranks = middle[place][labels].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))
