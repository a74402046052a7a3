"""What a model's quality loses when its training data are disturbed: by noise, and by people who want an item pushed.

Every disturbance adds events to train and leaves the test alone; the model is fitted anew and compared on the same
users.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Interactions
from ml.data.splits import Parts
from ml.errors import DataError
from ml.evaluation.disturbances import with_attack, with_popular_events, with_random_events
from ml.evaluation.harness import compare, evaluate, plain
from ml.evaluation.protocol import Protocol
from ml.evaluation.ranking import ranking_metrics
from ml.evaluation.rankings import Rankings, rank
from ml.evaluation.uncertainty import bootstrap_mean, paired_difference
from ml.models.base import Progress, Recommender, silent

Fit = Callable[[Interactions], Recommender]  # a new model, fitted on these rows


def robustness(
    fit: Fit,
    parts: Parts,
    protocol: Protocol,
    *,
    metrics: Sequence[str],
    shares: Sequence[float] = (0.05, 0.2),
    seed: int = 0,
    progress: Progress = silent,
) -> list[dict[str, Any]]:
    """Random and popular noise at each share, as JSON values: one row for each disturbance and metric.

    {"disturbance": "random" or "popular", "share", "metric", "value": disturbed - clean, "low", "high",
    "standard_error", "users"}: paired over the users, so that an interval without 0 is a change that is really there.
    """
    clean = evaluate(fit(parts.train), parts, protocol)
    disturbances = {"random": with_random_events, "popular": with_popular_events}
    rows: list[dict[str, Any]] = []
    for name, disturb in disturbances.items():
        for share in shares:
            noisy = fit(disturb(parts.train, share, seed=seed))
            found = evaluate(noisy, parts, protocol)
            for metric in metrics:
                change = plain(compare(found, clean, metric))
                rows.append({"disturbance": name, "share": share, "metric": metric, **change})
            progress(len(rows) / (len(disturbances) * len(shares) * len(metrics)), f"{name} noise, {share:g}")
    return rows


def attack_success(
    fit: Fit,
    parts: Parts,
    protocol: Protocol,
    target: int,
    *,
    share: float = 0.01,
    kind: str = "average",
    seed: int = 0,
) -> dict[str, Any]:
    """How many test users are shown the pushed item, before and after, as JSON values:

    {"kind", "share", "item", "before": estimate, "after": estimate, "change": paired estimate, "ndcg": the paired
    change of NDCG}, each at the largest cut-off; users who met the item before are left out of the first three. Raises
    DataError where users were held out.
    """
    if parts.history is not None:
        raise DataError("An attack is measured on users of train.", where="split", hint="Choose another split.")
    k = max(protocol.cutoffs)
    attacked = fit(with_attack(parts.train, target, share, kind=kind, seed=seed))
    lists = [rank(model, parts, protocol) for model in (fit(parts.train), attacked)]
    before, after = (_shown(each, target) for each in lists)
    ndcg = [_ndcg(each, k) for each in lists]
    return {
        "kind": kind,
        "share": share,
        "item": str(parts.train.items[target]),
        "before": plain(bootstrap_mean(before)),
        "after": plain(bootstrap_mean(after)),
        "change": plain(paired_difference(after, before)),
        "ndcg": plain(paired_difference(ndcg[1], ndcg[0])),
    }


def _shown(rankings: Rankings, target: int) -> NDArray[np.float64]:
    met = rankings.base.matrix()[rankings.truth.users][:, [target]].toarray()[:, 0] > 0
    return np.where(met, np.nan, (rankings.ranked == target).any(axis=1).astype(np.float64))


def _ndcg(rankings: Rankings, k: int) -> NDArray[np.float64]:
    return ranking_metrics(rankings.hits, rankings.truth.sizes, k)[f"ndcg@{k}"]
