"""Everything that a training run says of its model: metrics beside the baselines, the suite, a few lists."""

from typing import Any

import numpy as np

from ml.data.facts import Facts
from ml.data.splits import Parts
from ml.evaluation.fairness import Labels
from ml.evaluation.harness import Evaluation, compare, evaluate, measure
from ml.evaluation.protocol import Protocol
from ml.evaluation.rankings import rank
from ml.evaluation.suite import evaluate_suite
from ml.explanation.examples import example_lists
from ml.models.base import BASELINES, Recommender, create
from ml.recipes.common import Events

COMPARED = ("ndcg", "recall")  # at the spec's k: paired differences, besides the AUC
PRICE_BANDS = ("low", "middle", "high")


def measure_all(
    model: Recommender, parts: Parts, protocol: Protocol, facts: Facts | None, events: Events
) -> tuple[dict[str, Evaluation], dict[str, Any], list[dict[str, Any]]]:
    """The evaluations of the model and of the baselines that it is not one of, the model's document, and examples.

    The model ranks once for all of them.
    """
    rankings = rank(model, parts, protocol, auc=True, progress=events.part(0.75, 0.85))
    found = {model.name: measure(rankings, parts, protocol)}
    for name in BASELINES:
        if name not in found:
            events.progress(0.86, f"Evaluating the baseline {name}")
            found[name] = evaluate(create(name).fit(parts.train), parts, protocol, auc=True)
    document = evaluate_suite(
        model,
        parts,
        protocol,
        item_groups=item_labels(facts),
        user_groups=user_labels(facts) if parts.history is None else {},
        progress=events.part(0.88, 0.96),
        rankings=rankings,
    )
    return found, document, example_lists(rankings, facts.titles if facts is not None else [])


def item_labels(facts: Facts | None) -> dict[str, Labels]:
    """The attributes of items by which a model is judged: their category, and thirds of their prices."""
    labels: dict[str, Labels] = {}
    if facts is None:
        return labels
    if (facts.categories >= 0).any():
        labels["category"] = [facts.category_names[code] if code >= 0 else None for code in facts.categories]
    known = np.isfinite(facts.prices)
    bounds = np.unique(np.quantile(facts.prices[known], [1 / 3, 2 / 3])) if known.any() else np.zeros(0)
    if len(bounds) == len(PRICE_BANDS) - 1:
        bands = np.searchsorted(bounds, facts.prices, side="left")
        labels["price"] = [PRICE_BANDS[band] if there else None for band, there in zip(bands, known, strict=True)]
    return labels


def user_labels(facts: Facts | None) -> dict[str, Labels]:
    """The attributes of users, told by the columns "attribute=value" of their facts."""
    labels: dict[str, list[str | None]] = {}
    if facts is None:
        return {}
    for column, name in enumerate(facts.group_names):
        attribute, _sign, value = name.partition("=")
        mine = labels.setdefault(attribute, [None] * len(facts.groups))
        for user in np.flatnonzero(facts.groups[:, column]):
            mine[user] = value
    return dict(labels)


def comparisons(own: Evaluation, all_of_them: dict[str, Evaluation], name: str, k: int) -> list[dict[str, Any]]:
    """The model's paired differences to each baseline, over the same users."""
    rows = []
    for baseline, theirs in all_of_them.items():
        for metric in (*(f"{each}@{k}" for each in COMPARED), "auc"):
            if baseline == name:
                continue
            difference = compare(own, theirs, metric)
            if difference.users:
                rows.append(
                    {
                        "model": name,
                        "baseline": baseline,
                        "metric": metric,
                        "difference": difference.value,
                        "low": difference.low,
                        "high": difference.high,
                        "users": difference.users,
                    }
                )
    return rows
