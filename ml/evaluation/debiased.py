"""Ranking metrics in which a found item weighs the more, the less likely it was to be seen: inverse propensity.

Clicks and purchases show what was popular already, so a plain mean over them rewards a model that follows the crowd.
Yang, Cui, Xuan, Wang, Belongie and Estrin, "Unbiased offline recommender evaluation for missing-not-at-random implicit
feedback", RecSys 2018: the propensity of item i is taken as proportional to n_i ** ((gamma + 1) / 2), n_i its users.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.data.interactions import Codes

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Propensity:
    """``gamma`` is the power law by which popularity grows upon itself (1.5 to 2 in the paper; 1 would make it
    proportional to popularity, -1 switches the correction off); weights above ``clip`` times the least are cut."""

    gamma: float = 1.5
    clip: float = 100.0

    def weights(self, popularity: NDArray[np.int64]) -> Values:
        """[n_items] 1 / propensity, 1 for the most popular item; an item that nobody met weighs as if one had."""
        share = np.maximum(popularity, 1) / max(int(popularity.max(initial=1)), 1)
        return np.minimum(share ** (-(self.gamma + 1) / 2), self.clip)

    @property
    def text(self) -> str:
        return f"propensity proportional to popularity ** {(self.gamma + 1) / 2:g}, weights clipped at {self.clip:g}"


def debiased_metrics(
    ranked: Codes, hits: NDArray[np.bool_], truth: csr_array, sizes: NDArray[np.int64], weights: Values, k: int
) -> dict[str, Values]:
    """Per-user values at k, with w the weights of the items, of which a list's test items are its hits:

    - ips_recall: sum of w over the hits, over the number of test items: unbiased where the propensities are true, of
      large variance, and not held below 1.
    - snips_recall: the same sum over that of w over all test items: self-normalised, from 0 to 1, and still
      somewhat biased for users with few test items.
    - ips_ndcg and snips_ndcg: likewise with w / log2(place + 1) for each hit, over the ideal list of the test items,
      with every weight 1 or with their own weights in falling order.

    ``ranked`` and ``hits`` are [users, at least k], ``truth`` [users, n_items] the test items that train knows, and
    ``sizes`` [users] counts all: those that train does not know cannot be found, and weigh as the heaviest item does.
    """
    unknown, heaviest = sizes - np.diff(truth.indptr), float(weights.max(initial=1.0))
    rows = np.repeat(np.arange(truth.shape[0]), np.diff(truth.indptr))
    total = np.bincount(rows, weights=weights[truth.indices], minlength=len(ranked)) + unknown * heaviest
    gains = np.where(hits[:, :k], weights[ranked[:, :k]], 0.0)  # [users, k]
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    plain_ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(sizes, k)]
    found = (gains * discounts).sum(axis=1)
    return {
        f"ips_recall@{k}": gains.sum(axis=1) / sizes,
        f"snips_recall@{k}": gains.sum(axis=1) / total,
        f"ips_ndcg@{k}": found / plain_ideal,
        f"snips_ndcg@{k}": found / _weighted_ideal(truth, unknown, weights, discounts, heaviest),
    }


def _weighted_ideal(
    truth: csr_array, unknown: NDArray[np.int64], weights: Values, discounts: Values, heaviest: float
) -> Values:
    """[users] the most that k places can hold: the heaviest test items first."""
    ideal = np.empty(truth.shape[0])
    for row in range(truth.shape[0]):
        own = weights[truth.indices[truth.indptr[row] : truth.indptr[row + 1]]]
        best = np.sort(np.concatenate([own, np.full(min(int(unknown[row]), len(discounts)), heaviest)]))
        best = best[::-1][: len(discounts)]
        ideal[row] = best @ discounts[: len(best)]
    return ideal
