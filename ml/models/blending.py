"""Weights of several models' scores, chosen by the NDCG of what was held back from the end of train.

Scores of different models have different scales. So each is first put on the user's own scale, its distance from the
mean of his scores in standard deviations, and the sum of weight x distance ranks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Codes
from ml.evaluation.ranking import Truth, hits_of, ranking_metrics, top_k
from ml.models.base import Recommender, Scores, blocks

K = 10
CANDIDATES = 200  # best items of each model: what a blend can put among the first ten stands among them
GRID = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0)  # weights that are tried, beside 1 for the best model
ROUNDS = 3
SURE = 1.28  # standard errors above which a gain counts: one-sided, 90 %

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Candidates:
    """For each held-back user some items and every model's standing of them."""

    standings: dict[str, Scores]  # each [users, candidates]; the same items in all, minus infinity where there is none
    hits: NDArray[np.bool_]  # [users, candidates]
    sizes: NDArray[np.int64]  # [users] held-back items


@dataclass(frozen=True)
class Blend:
    """``singles``: the NDCG@10 of each model alone; ``value`` that of the weights."""

    weights: dict[str, float]
    value: float
    singles: dict[str, float]


def standing(scores: Scores) -> Scores:
    """[users, items] each score's distance from the user's mean in standard deviations; 0 where all are equal."""
    middle = scores.mean(axis=1, keepdims=True, dtype=np.float64)
    spread = scores.std(axis=1, keepdims=True, dtype=np.float64)
    result: Scores = ((scores - middle) / np.where(spread > 0, spread, 1.0)).astype(np.float32)
    return result


def collect(models: Mapping[str, Recommender], truth: Truth) -> Candidates:
    """The best items of each model for the users of ``truth``, and how all models see them."""
    n_items = truth.items.shape[1]
    parts: list[tuple[dict[str, Scores], NDArray[np.bool_]]] = []
    done, width = 0, min(n_items, CANDIDATES * len(models))
    for block in blocks(truth.users, n_items * (len(models) + 1)):
        rows = slice(done, done + len(block))
        seen = truth.seen[rows] if truth.seen is not None else None
        scores = {name: model.score(block) for name, model in models.items()}
        lists = np.hstack([top_k(each, min(CANDIDATES, n_items), seen) for each in scores.values()])
        chosen = _distinct(lists, width)
        parts.append((_at(scores, chosen), hits_of(chosen, truth.items[rows])))
        done += len(block)
    names = list(models)
    standings = {name: np.concatenate([each[0][name] for each in parts]) for name in names}
    return Candidates(standings, np.concatenate([each[1] for each in parts]), truth.sizes)


def choose_weights(candidates: Candidates) -> Blend:
    """Weights by coordinate ascent from the best model alone; that model alone when the gain is within its error.

    A blend is kept when its mean paired gain over the best model is above SURE standard errors.
    """
    values = {name: blended_ndcg(candidates, {name: 1.0}) for name in candidates.standings}
    singles = {name: float(each.mean()) for name, each in values.items()}
    best = max(singles, key=lambda name: singles[name])
    weights, value = {best: 1.0}, singles[best]
    for _ in range(ROUNDS):
        before = value
        for name in candidates.standings:
            weights, value = _along(candidates, weights, value, name)
        if value <= before:
            break
    gain = blended_ndcg(candidates, weights) - values[best]
    error = float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else np.inf
    if float(gain.mean()) <= SURE * error:
        weights, value = {best: 1.0}, singles[best]
    total = sum(weights.values())
    return Blend({name: weight / total for name, weight in weights.items()}, value, singles)


def blended_ndcg(candidates: Candidates, weights: Mapping[str, float]) -> Values:
    """[users] NDCG@10 of the weighted sum."""
    scores = sum(np.float32(weight) * candidates.standings[name] for name, weight in weights.items())
    order = np.argsort(-np.asarray(scores), axis=1, kind="stable")[:, :K]
    hits = np.zeros((len(order), K), bool)  # K wide, also for a shop of fewer items
    hits[:, : order.shape[1]] = np.take_along_axis(candidates.hits, order, axis=1)
    return ranking_metrics(hits, candidates.sizes, K)[f"ndcg@{K}"]


def _along(
    candidates: Candidates, weights: dict[str, float], value: float, name: str
) -> tuple[dict[str, float], float]:
    """The best weight of one model with those of the others as they are."""
    found = (weights, value)
    for weight in GRID:
        tried = {key: each for key, each in {**weights, name: weight}.items() if each > 0}
        if not tried or tried == weights:
            continue
        reached = float(blended_ndcg(candidates, tried).mean())
        if reached > found[1] + 1e-9:
            found = (tried, reached)
    return found


def _distinct(lists: Codes, width: int) -> Codes:
    """[users, width] the different items of each row, ascending, -1 for the rest."""
    ordered = np.sort(lists, axis=1)
    repeated = np.zeros(ordered.shape, bool)
    repeated[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    ordered[repeated] = np.iinfo(np.int32).max
    ordered = np.sort(np.where(ordered < 0, np.iinfo(np.int32).max, ordered), axis=1)[:, :width]
    return np.where(ordered == np.iinfo(np.int32).max, -1, ordered).astype(np.int32)


def _at(scores: Mapping[str, Scores], chosen: Codes) -> dict[str, Scores]:
    places = np.maximum(chosen, 0)
    return {
        name: np.where(chosen >= 0, np.take_along_axis(standing(each), places, axis=1), np.float32(-np.inf))
        for name, each in scores.items()
    }
