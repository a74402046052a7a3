"""Everything that is measured of one fitted model on one split under one protocol, as one JSON document."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Codes
from ml.data.splits import Parts
from ml.errors import DataError
from ml.evaluation.beyond_accuracy import category_diversity, exposure_gini, novelty, serendipity, vector_diversity
from ml.evaluation.debiased import Propensity, debiased_metrics
from ml.evaluation.fairness import Labels, exposure, group_report, item_group_values, user_group_values
from ml.evaluation.harness import Evaluation, measure, plain
from ml.evaluation.probability import probability_document
from ml.evaluation.protocol import Protocol
from ml.evaluation.ranking import Values, top_k
from ml.evaluation.rankings import Rankings, rank
from ml.evaluation.slices import history_groups, popularity_groups
from ml.evaluation.uncertainty import bootstrap_means
from ml.models.base import Progress, Recommender, blocks, part, silent

VERSION = 1
CATEGORY = "category"  # the item attribute by which lists are called diverse


def evaluate_suite(
    model: Recommender,
    parts: Parts,
    protocol: Protocol,
    *,
    item_groups: Mapping[str, Labels] | None = None,
    user_groups: Mapping[str, Labels] | None = None,
    item_vectors: NDArray[np.float32] | None = None,
    propensity: Propensity | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Rank once, measure everything; JSON values only, None where a number does not exist.

    ``item_groups`` maps an attribute to a label for each item code of train, ``user_groups`` to one for each user code
    of train (of ``parts.history`` where users were held out); None is of no group. The item attribute "category" also
    tells how diverse lists are; ``item_vectors`` [n_items, width] tell it by cosine. An estimate is {"value", "low",
    "high", "standard_error", "users"}; k is the largest cut-off of the protocol:

    {"version": 1, "protocol": {…, "digest"}, "users": test users, "k": k,
     "ranking": {metric: estimate}: ndcg, recall, precision, hit_rate, map, mrr and coverage at each cut-off, auc, gauc,
     "probability": {"log_loss", "calibration_error": estimates, "calibration_curve": [{"rows", "predicted",
        "observed"}], "pairs", "drawn"} or None for a model without probabilities,
     "beyond_accuracy": {metric: estimate}: gini@k, novelty@k, serendipity@k, and with what they need
        category_diversity@k, vector_diversity@k,
     "debiased": {"propensity": text, ips_ndcg@k, snips_ndcg@k, ips_recall@k, snips_recall@k: estimates},
     "groups": [report]: one for each user attribute (ndcg@k) and item attribute (recall@k), as of ``group_report``; the
        groups of items also say their "exposure", share of all list places,
     "slices": [report], the same for "history" (users by how many items are known of them), "item_history" (items by
        how many users met them) and "popularity" (head, middle, tail),
     "unknown_items": {"value": the share of all test items that train does not know}}

    Raises DataError as ``rank`` does, and for labels that do not fit the codes.
    """
    rankings = rank(model, parts, protocol, auc=True, progress=part(progress, 0.0, 0.8))
    evaluation = measure(rankings, parts, protocol)
    k = max(protocol.cutoffs)
    popularity = np.bincount(parts.train.matrix().indices, minlength=parts.train.n_items)
    progress(0.85, "measuring the lists")
    sizes = rankings.truth.sizes
    document = {
        "version": VERSION,
        "protocol": protocol.document(),
        "users": len(sizes),
        "k": k,
        "ranking": evaluation.document(),
        "probability": probability_document(rankings, parts),
        "beyond_accuracy": _beyond(rankings, popularity, parts.train.n_users, item_groups or {}, item_vectors, k),
        "debiased": _debiased(rankings, popularity, propensity or Propensity(), k),
        "groups": _groups(rankings, evaluation, user_groups or {}, item_groups or {}, k),
        "slices": _slices(rankings, evaluation, popularity, k),
        "unknown_items": {"value": float(1 - rankings.truth.items.nnz / sizes.sum())},
    }
    progress(1.0, "measured")
    return document


def _beyond(
    rankings: Rankings,
    popularity: NDArray[np.int64],
    n_users: int,
    item_groups: Mapping[str, Labels],
    vectors: NDArray[np.float32] | None,
    k: int,
) -> dict[str, Any]:
    ranked = rankings.ranked
    values: dict[str, Values] = {
        f"novelty@{k}": novelty(ranked, popularity, n_users),
        f"serendipity@{k}": serendipity(ranked, rankings.hits, popular_lists(rankings, popularity, k)),
    }
    if CATEGORY in item_groups:
        values[f"category_diversity@{k}"] = category_diversity(ranked, _category_codes(item_groups[CATEGORY]))
    if vectors is not None:
        values[f"vector_diversity@{k}"] = vector_diversity(ranked, vectors)
    estimates = {f"gini@{k}": exposure_gini(ranked, len(popularity))} | bootstrap_means(values)
    return {name: plain(estimate) for name, estimate in estimates.items()}


def _debiased(rankings: Rankings, popularity: NDArray[np.int64], propensity: Propensity, k: int) -> dict[str, Any]:
    truth, weights = rankings.truth, propensity.weights(popularity)
    values = debiased_metrics(rankings.ranked, rankings.hits, truth.items, truth.sizes, weights, k)
    figures = {name: plain(estimate) for name, estimate in bootstrap_means(values).items()}
    return {"propensity": propensity.text, **figures}


def _groups(
    rankings: Rankings,
    evaluation: Evaluation,
    user_groups: Mapping[str, Labels],
    item_groups: Mapping[str, Labels],
    k: int,
) -> list[dict[str, Any]]:
    metric = f"ndcg@{k}"
    reports = []
    for attribute, labels in user_groups.items():
        if len(labels) != rankings.base.n_users:
            raise DataError(
                f"There are {len(labels)} labels for {rankings.base.n_users} users.", where=f"groups by {attribute}"
            )
        own = [labels[user] for user in rankings.truth.users]
        reports.append(group_report(attribute, "user", metric, user_group_values(evaluation.values[metric], own)))
    return reports + [_item_report(rankings, attribute, labels, k) for attribute, labels in item_groups.items()]


def _slices(rankings: Rankings, evaluation: Evaluation, popularity: NDArray[np.int64], k: int) -> list[dict[str, Any]]:
    known = np.diff(rankings.base.matrix().indptr).astype(np.int64)
    users = {"history": history_groups(known)}
    items = {"item_history": history_groups(popularity), "popularity": popularity_groups(popularity)}
    return _groups(rankings, evaluation, users, items, k)


def _item_report(rankings: Rankings, attribute: str, labels: Labels, k: int) -> dict[str, Any]:
    report = group_report(attribute, "item", f"recall@{k}", item_group_values(rankings, labels, k))
    shares = exposure(rankings, labels, k)
    for group in report["groups"]:
        group["exposure"] = shares[group["name"]]
    return report


def popular_lists(rankings: Rankings, popularity: NDArray[np.int64], k: int) -> Codes:
    """[users, k] each user's list by popularity alone, under the same rule about what was met before."""
    scores, truth = popularity.astype(np.float32), rankings.truth
    if truth.seen is None:
        return np.repeat(top_k(scores[None, :], k), len(truth.users), axis=0)
    lists = [np.empty((0, k), np.int32)]
    for block in blocks(np.arange(len(truth.users), dtype=np.int32), len(scores)):
        lists.append(top_k(np.repeat(scores[None, :], len(block), axis=0), k, truth.seen[block]))
    return np.concatenate(lists)


def _category_codes(labels: Labels) -> NDArray[np.int64]:
    names = {name: code for code, name in enumerate(sorted({str(label) for label in labels if label is not None}))}
    return np.array([-1 if label is None else names[str(label)] for label in labels], np.int64)
