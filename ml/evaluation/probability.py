"""Log loss and calibration of models that give probabilities, on the test pairs against drawn items."""

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ml.data.splits import Parts
from ml.evaluation.classification import calibration_curve, calibration_error, log_losses, probabilities_of
from ml.evaluation.harness import plain
from ml.evaluation.rankings import Rankings
from ml.evaluation.uncertainty import Estimate, bootstrap_ratio, grouped_jackknife

MOST_PAIRS = 200_000  # test pairs; more are sampled
NEGATIVES, POPULAR_SHARE = 4, 0.0  # where the model does not say how it was trained
Rows = NDArray[np.int64]


@runtime_checkable
class Probabilistic(Protocol):
    """A model whose scores of pairs are logits: it learned by cross-entropy to tell events from drawn items."""

    options: dict[str, Any]

    def score_pairs(self, users: Rows, items: Rows) -> NDArray[np.float32]: ...


def probability_document(rankings: Rankings, parts: Parts, *, seed: int = 0) -> dict[str, Any] | None:
    """{"log_loss": estimate, "calibration_error": estimate, "calibration_curve": [...], "pairs", "drawn"}, or None.

    None for a model without probabilities. Each test pair stands beside as many drawn items as the model was trained
    with, drawn the same way (options ``negatives`` and ``popular_share``): what a probability should mean depends on
    how rare events are, so it can only be judged under the mixture that it was learned from.
    """
    model: Any = rankings.model
    if not isinstance(model, Probabilistic):
        return None
    rows, items, labels = _mixture(rankings, parts, model.options, np.random.default_rng(seed))
    chances = probabilities_of(model.score_pairs(rankings.truth.users[rows].astype(np.int64), items))
    users = len(rankings.truth.users)
    losses = np.bincount(rows, weights=log_losses(labels, chances), minlength=users).astype(np.float64)
    counts = np.bincount(rows, minlength=users).astype(np.float64)
    return {
        "log_loss": plain(bootstrap_ratio(losses, counts)),
        "calibration_error": plain(_calibration(rows, labels, chances)),
        "calibration_curve": calibration_curve(labels, chances),
        "pairs": int(labels.sum()),
        "drawn": int((~labels).sum()),
    }


def _calibration(rows: Rows, labels: NDArray[np.bool_], chances: NDArray[np.float64]) -> Estimate:
    tested, place = np.unique(rows, return_inverse=True)

    def error(users: Rows) -> float:
        kept = np.zeros(len(tested), bool)
        kept[users] = True
        return calibration_error(labels[kept[place]], chances[kept[place]])

    return grouped_jackknife(error, len(tested))


def _mixture(
    rankings: Rankings, parts: Parts, options: dict[str, Any], rng: np.random.Generator
) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """Places among the test users, items and labels of the pairs; a drawn item that is a test item is left out."""
    truth = rankings.truth.items
    rows = np.repeat(np.arange(truth.shape[0]), np.diff(truth.indptr))
    items = truth.indices.astype(np.int64)
    if len(rows) > MOST_PAIRS:
        kept = np.sort(rng.choice(len(rows), MOST_PAIRS, replace=False))
        rows, items = rows[kept], items[kept]
    each = int(options.get("negatives", NEGATIVES))
    drawn_rows = np.repeat(rows, each)
    popular = rng.random(len(drawn_rows)) < float(options.get("popular_share", POPULAR_SHARE))
    by_events = parts.train.item_codes[rng.integers(0, len(parts.train), len(drawn_rows))]
    drawn = np.where(popular, by_events, rng.integers(0, truth.shape[1], len(drawn_rows)))
    wanted = np.repeat(np.arange(truth.shape[0]), np.diff(truth.indptr)) * truth.shape[1] + truth.indices
    strange = ~np.isin(drawn_rows * truth.shape[1] + drawn, wanted)
    labels = np.repeat([True, False], [len(rows), int(strange.sum())])
    return np.concatenate([rows, drawn_rows[strange]]), np.concatenate([items, drawn[strange]]), labels
