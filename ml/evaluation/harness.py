"""One fitted model on one split under one protocol: per-user values, means with intervals, paired comparisons."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ml.data.interactions import Codes, Ids
from ml.data.splits import Parts, Split, instant_text
from ml.errors import DataError
from ml.evaluation.beyond_accuracy import catalogue_coverage
from ml.evaluation.protocol import Protocol, Repeats
from ml.evaluation.ranking import Truth, Values, hits_of, ranking_metrics, top_k, truth_of, user_auc
from ml.evaluation.uncertainty import Estimate, bootstrap_mean, paired_difference
from ml.models.base import BLOCK_CELLS, Progress, Recommender, blocks, silent

HELD_OUT = "unknown in train, with a history of items known in train, and at least one test item"
MUCH = 100_000_000  # scores from which on compiling the count of the AUC pays


@dataclass(frozen=True)
class Evaluation:
    """``values`` are per user, in the order of ``users`` (ids); coverage has none and stands in ``estimates`` alone."""

    users: Ids
    values: dict[str, Values]
    estimates: dict[str, Estimate]
    protocol: Protocol

    def document(self) -> dict[str, dict[str, Any]]:
        """{metric: {value, low, high, standard_error, users}}, with None where a number does not exist."""
        return {name: _plain(estimate) for name, estimate in self.estimates.items()}


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


def evaluate(model: Recommender, parts: Parts, protocol: Protocol, *, progress: Progress = silent) -> Evaluation:
    """Rank every item of train for every test user, a block of users at a time."""
    if parts.history is not None:
        model = model.fold_in(parts.history)
    truth = truth_of(
        parts.known.matrix(), parts.test.matrix(), parts.unknown_items, masked=protocol.repeats == "masked"
    )
    ranked, areas = _rank(model, truth, max(protocol.cutoffs), progress)
    hits = hits_of(ranked, truth.items)
    values: dict[str, Values] = {}
    for k in protocol.cutoffs:
        values |= ranking_metrics(hits, truth.sizes, k)
    values["auc"] = areas
    estimates = {name: bootstrap_mean(each) for name, each in values.items()}
    for k in protocol.cutoffs:
        estimates[f"coverage@{k}"] = catalogue_coverage(ranked[:, :k], parts.train.n_items)
    return Evaluation(parts.known.users[truth.users], values, estimates, protocol)


def compare(ours: Evaluation, theirs: Evaluation, metric: str) -> Estimate:
    """The paired difference ours - theirs. Raises DataError when the protocols or the users differ."""
    if ours.protocol.digest != theirs.protocol.digest or not np.array_equal(ours.users, theirs.users):
        raise DataError("The two were measured differently, so they cannot be compared.", where=metric)
    if metric not in ours.values or metric not in theirs.values:
        raise DataError(
            f"'{metric}' has no value for each user.", where="metric", hint=f"Known: {', '.join(sorted(ours.values))}."
        )
    return paired_difference(ours.values[metric], theirs.values[metric])


def _rank(model: Recommender, truth: Truth, k: int, progress: Progress) -> tuple[Codes, Values]:
    """[users, k] the lists, and [users] the AUC."""
    n_items = truth.items.shape[1]
    lists, areas, done = [], [], 0
    much = len(truth.users) * n_items >= MUCH
    for block in blocks(truth.users, n_items, BLOCK_CELLS // 4):  # the ranking holds a few copies of the scores
        rows = slice(done, done + len(block))
        scores = model.score(block)
        seen = truth.seen[rows] if truth.seen is not None else None
        lists.append(top_k(scores, k, seen))
        areas.append(user_auc(scores, truth.items[rows], seen, counting=much))
        done += len(block)
        progress(done / len(truth.users), "ranking")
    return np.concatenate(lists), np.concatenate(areas)


def _plain(estimate: Estimate) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in asdict(estimate).items()
    }
