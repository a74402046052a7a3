"""What a recommender does to the catalogue, apart from being right."""

import numpy as np

from ml.data.interactions import Codes
from ml.evaluation.uncertainty import Estimate

Z = 1.959963984540054  # 97.5 % of the normal distribution


def catalogue_coverage(ranked: Codes, n_items: int) -> Estimate:
    """The share of the catalogue that stands in at least one test user's list; ``ranked`` is [users, k], -1 for none.

    The standard error is the jackknife over users (Efron and Stein 1981): leaving a user out loses the items that
    nobody else was shown. A bootstrap would be biased here, because a resample never shows more than the sample.
    """
    users = len(ranked)
    row, place = np.nonzero(ranked >= 0)
    pairs = np.unique(row.astype(np.int64) * n_items + ranked[row, place])
    shown = np.bincount(pairs % n_items, minlength=n_items)
    value = float((shown > 0).sum() / n_items)
    if users < 2:
        return Estimate(value, value, value, np.nan, users)
    alone = np.bincount(pairs // n_items, weights=shown[pairs % n_items] == 1, minlength=users) / n_items
    error = float(np.sqrt((users - 1) / users * ((alone - alone.mean()) ** 2).sum()))
    return Estimate(value, max(0.0, value - Z * error), min(1.0, value + Z * error), error, users)
