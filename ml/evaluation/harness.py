"""One fitted model on one split under one protocol: per-user values, means with intervals, paired comparisons."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ml.data.interactions import Ids
from ml.data.splits import Parts, Split, instant_text
from ml.errors import DataError
from ml.evaluation.beyond_accuracy import catalogue_coverage
from ml.evaluation.classification import grouped_auc
from ml.evaluation.protocol import Protocol, Repeats
from ml.evaluation.ranking import Values, ranking_metrics
from ml.evaluation.rankings import Rankings, rank
from ml.evaluation.uncertainty import Estimate, bootstrap_means, paired_difference
from ml.models.base import Progress, Recommender, silent

HELD_OUT = "unknown in train, with a history of items known in train, and at least one test item"


@dataclass(frozen=True)
class Evaluation:
    """``values`` are per user, in the order of ``users`` (ids); coverage and gauc stand in ``estimates`` alone."""

    users: Ids
    values: dict[str, Values]
    estimates: dict[str, Estimate]
    protocol: Protocol

    def document(self) -> dict[str, dict[str, Any]]:
        """{metric: {value, low, high, standard_error, users}}, with None where a number does not exist."""
        return {name: plain(estimate) for name, estimate in self.estimates.items()}


def protocol_of(
    parts: Parts,
    split: Split,
    *,
    repeats: Repeats = "allowed",
    cutoffs: tuple[int, ...] = (10,),
    preparation: dict[str, Any] | None = None,
) -> Protocol:
    """The protocol of an evaluation on these parts."""
    return Protocol(
        split=split.text,
        train_until=instant_text(parts.at) if parts.at is not None else "",
        test_until=instant_text(parts.until) if parts.until is not None else "",
        repeats=repeats,
        cutoffs=tuple(sorted(set(cutoffs))),
        preparation=preparation or {},
        split_ties=parts.ties,
        tied_share=parts.tied_share,
        users=HELD_OUT if parts.history is not None else Protocol.users,
    )


def evaluate(
    model: Recommender, parts: Parts, protocol: Protocol, *, auc: bool | None = None, progress: Progress = silent
) -> Evaluation:
    """Rank every item of train for every test user and measure the lists; see ``rank`` for ``auc`` and for errors."""
    return measure(rank(model, parts, protocol, auc=auc, progress=progress), parts, protocol)


def measure(rankings: Rankings, parts: Parts, protocol: Protocol) -> Evaluation:
    """Every ranking metric of these lists, with intervals over the users."""
    values: dict[str, Values] = {}
    for k in protocol.cutoffs:
        values |= ranking_metrics(rankings.hits, rankings.truth.sizes, k)
    values["auc"] = rankings.areas
    estimates = bootstrap_means(values)
    estimates["gauc"] = grouped_auc(rankings.areas, events_tested(rankings, parts))
    for k in protocol.cutoffs:
        estimates[f"coverage@{k}"] = catalogue_coverage(rankings.ranked[:, :k], parts.train.n_items)
    return Evaluation(rankings.users, values, estimates, protocol)


def events_tested(rankings: Rankings, parts: Parts) -> Values:
    """[test users] how many rows of test each has: the weight of a user in the grouped AUC."""
    counts = np.bincount(parts.test.user_codes, minlength=rankings.base.n_users)
    return counts[rankings.truth.users].astype(np.float64)


def compare(ours: Evaluation, theirs: Evaluation, metric: str) -> Estimate:
    """The paired difference ours - theirs. Raises DataError when the protocols or the users differ."""
    if ours.protocol.digest != theirs.protocol.digest or not np.array_equal(ours.users, theirs.users):
        raise DataError("The two were measured differently, so they cannot be compared.", where=metric)
    if metric not in ours.values or metric not in theirs.values:
        raise DataError(
            f"'{metric}' has no value for each user.", where="metric", hint=f"Known: {', '.join(sorted(ours.values))}."
        )
    return paired_difference(ours.values[metric], theirs.values[metric])


def plain(estimate: Estimate) -> dict[str, Any]:
    """The estimate as JSON values, with None where a number does not exist."""
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in asdict(estimate).items()
    }
