"""How far a model's lists and quality depend on the seed that it happened to be trained with."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import DataError
from ml.evaluation.harness import plain
from ml.evaluation.protocol import Protocol
from ml.evaluation.ranking import ranking_metrics
from ml.evaluation.rankings import Rankings
from ml.evaluation.uncertainty import bootstrap_mean

CELLS = 4_000_000  # pairs of list places compared at once


def stability(runs_by_seed: Mapping[int, Rankings], protocol: Protocol, *, metric: str = "ndcg") -> dict[str, Any]:
    """How far runs that differ in their seed agree, as JSON values. ``runs_by_seed`` maps a seed to its lists.

    {"seeds", "metric", "values": of each seed, "mean", "deviation": between seeds (n - 1), "overlap": estimate of the
    mean over pairs of seeds of the share of list places that two lists of a user have in common, "rank_overlap": the
    same with RBO, which gives more weight to the top}, at the largest cut-off. Raises DataError for fewer than two
    seeds, or runs on other users.
    """
    if len(runs_by_seed) < 2:
        raise DataError("Stability needs two seeds or more.", where="seeds")
    runs, k = list(runs_by_seed.values()), max(protocol.cutoffs)
    if not all(np.array_equal(each.users, runs[0].users) for each in runs):
        raise DataError("The runs were tested on other users.", where="seeds")
    name = f"{metric}@{k}"
    values = [float(ranking_metrics(each.hits, each.truth.sizes, k)[name].mean()) for each in runs]
    pairs = [(one.ranked[:, :k], other.ranked[:, :k]) for one, other in combinations(runs, 2)]
    depths = [_agreement(*pair) for pair in pairs]  # each [users, k]
    return {
        "seeds": list(runs_by_seed),
        "metric": name,
        "values": values,
        "mean": float(np.mean(values)),
        "deviation": float(np.std(values, ddof=1)),
        "overlap": plain(bootstrap_mean(np.mean([each[:, -1] for each in depths], axis=0))),
        "rank_overlap": plain(bootstrap_mean(np.mean([_rank_biased(each) for each in depths], axis=0))),
    }


def _agreement(one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.float64]:
    """[users, k] at each depth, the share of the two lists' tops that is common."""
    k, joined = one.shape[1], np.zeros(one.shape)
    size = max(1, CELLS // k**2)
    for start in range(0, len(one), size):
        ours, theirs = one[start : start + size], other[start : start + size]
        row, place, partner = np.nonzero((ours[:, :, None] == theirs[:, None, :]) & (ours[:, :, None] >= 0))
        np.add.at(joined, (start + row, np.maximum(place, partner)), 1.0)
    return np.cumsum(joined, axis=1) / np.arange(1, k + 1)


def _rank_biased(agreement: NDArray[np.float64], persistence: float = 0.9) -> NDArray[np.float64]:
    """[users] rank-biased overlap, extrapolated from what was seen. Webber, Moffat and Zobel, TOIS 2010, eq. 23
    for two lists of one length k: X_k / k p^k + (1 - p) / p sum of p^d X_d / d, X_d the common items at depth d."""
    k = agreement.shape[1]
    weights = (1 - persistence) / persistence * persistence ** np.arange(1, k + 1)
    value: NDArray[np.float64] = agreement @ weights + agreement[:, -1] * persistence**k
    return value
