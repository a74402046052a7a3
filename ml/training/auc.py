"""The area under the ROC curve of scored examples."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata


def auc(labels: ArrayLike, scores: ArrayLike) -> float:
    """The probability that an event scores above a drawn item, a tie counting half; NaN when one kind is missing.

    By ranks (Mann and Whitney, 1947), so that no threshold has to be chosen.
    """
    positive = np.asarray(labels) > 0.5
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if not n_positive or not n_negative:
        return float("nan")
    ranks = rankdata(np.asarray(scores))
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))
