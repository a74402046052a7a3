"""Events as labelled examples: each event of a period, and items drawn at random that the user did not choose in it."""

from dataclasses import dataclass, replace

import numpy as np

from ml.data.features import Floats, History, Indices, context_features, pair_features
from ml.data.interactions import Interactions
from ml.errors import DataError

REDRAWS = 10


@dataclass(frozen=True)
class Sampling:
    """How negatives are drawn: ``negatives`` for each event, a share by popularity, the others uniformly.

    ``unseen_only``: pairs that met before are no examples, for a model that is to rank only what is new to the user.
    """

    negatives: int
    popular_share: float
    unseen_only: bool = False

    def uniform(self) -> "Sampling":
        """The same without popularity, for figures that are to mean the same for every share."""
        return replace(self, popular_share=0.0)


@dataclass(frozen=True)
class Examples:
    """n examples; users and items are rows of the feature tables, in which periods stand one below the other."""

    users: Indices  # [n]
    items: Indices  # [n]
    pairs: Floats  # [n, pair features]
    context: Floats  # [n, context features]
    labels: Floats  # [n], 1 for an event, 0 for a drawn item
    offsets: Floats  # [n], log of how much more often than uniformly the item is drawn
    weights: Floats  # [n], the event's weight, mean 1

    def __len__(self) -> int:
        return len(self.labels)


def period_events(rows: Interactions, history: History, end: int, *, unseen_only: bool) -> Interactions:
    """The first event of each pair from the History's instant up to ``end``; with ``unseen_only`` only of new pairs."""
    inside = rows.select((rows.times >= history.as_of) & (rows.times < end))
    order = np.argsort(inside.times, kind="stable")
    keys = inside.user_codes[order].astype(np.int64) * rows.n_items + inside.item_codes[order]
    _, first = np.unique(keys, return_index=True)
    events = inside.select(order[first])
    if unseen_only and len(events):
        pairs = pair_features(history, events.user_codes.astype(np.int64), events.item_codes.astype(np.int64))
        events = events.select(pairs[:, 0] == 0)
    return events


def build_examples(
    events: Interactions, history: History, sampling: Sampling, *, chosen: Indices, table: int, rng: np.random.Generator
) -> Examples:
    """The examples of these ``chosen`` rows of a period's events.

    All ``events`` count as choices that no negative may repeat; ``table`` is the number of the period's feature table.
    """
    users = events.user_codes[chosen].astype(np.int64)
    count, width = len(users), sampling.negatives
    negatives, offsets = _draw(events, history, sampling, np.repeat(users, width), rng)
    all_users = np.concatenate([users, np.repeat(users, width)])
    all_items = np.concatenate([events.item_codes[chosen].astype(np.int64), negatives])
    moments = context_features(events.times[chosen])
    weights = events.weights[chosen]
    return Examples(
        users=all_users + table * events.n_users,
        items=all_items + table * events.n_items,
        pairs=pair_features(history, all_users, all_items),
        context=np.concatenate([moments, np.repeat(moments, width, axis=0)]),
        labels=np.concatenate([np.ones(count, np.float32), np.zeros(len(negatives), np.float32)]),
        offsets=offsets[all_items],
        weights=np.concatenate([weights, np.repeat(weights, width)]),
    )


def join(parts: list[Examples]) -> Examples:
    """All parts as one, weights scaled to mean 1. Raises DataError when there is no example."""
    if not sum(len(part) for part in parts):
        raise DataError(
            "There are too few events to train on.",
            where="train",
            hint="Move the split to a later date, or use a dataset with more history.",
        )
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Examples.__dataclass_fields__}
    columns["weights"] = (columns["weights"] / columns["weights"].mean()).astype(np.float32)
    return Examples(**columns)


def _draw(
    events: Interactions, history: History, sampling: Sampling, users: Indices, rng: np.random.Generator
) -> tuple[Indices, Floats]:
    """One item for each of ``users``, and every item's log ratio of being drawn to being drawn uniformly.

    A draw that hits one of the user's own choices is made again; the few that are left after REDRAWS stay.
    """
    size = events.n_items
    popularity = np.asarray(history.counts.sum(axis=0)).ravel() + 1.0  # + 1: what was never met can be drawn too
    chances = (1 - sampling.popular_share) / size + sampling.popular_share * popularity / popularity.sum()
    cumulative = np.cumsum(chances)
    cumulative /= cumulative[-1]
    taken = np.unique(events.user_codes.astype(np.int64) * size + events.item_codes)
    drawn = np.searchsorted(cumulative, rng.random(len(users)), side="right")
    for _ in range(REDRAWS):
        wrong = np.isin(users * size + drawn, taken)
        if sampling.unseen_only:
            wrong |= pair_features(history, users, drawn)[:, 0] > 0
        again = np.flatnonzero(wrong)
        if not len(again):
            break
        drawn[again] = np.searchsorted(cumulative, rng.random(len(again)), side="right")
    return drawn.astype(np.int64), np.log(chances * size).astype(np.float32)
