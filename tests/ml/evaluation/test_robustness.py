"""Disturbed training data: what is added is what was asked for, and a planted weakness shows."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ml.data.interactions import Interactions
from ml.data.splits import Parts, apply_split, parse_split
from ml.errors import DataError
from ml.evaluation.disturbances import with_attack, with_popular_events, with_random_events
from ml.evaluation.harness import compare, evaluate, protocol_of
from ml.evaluation.protocol import Protocol
from ml.evaluation.robustness import attack_success, robustness
from ml.models.base import create
from tests.ml.evaluation.conftest import shop


def added(before: Interactions, after: Interactions) -> np.ndarray:
    """[items] how often each was added."""
    counts = [np.bincount(rows.item_codes, minlength=before.n_items) for rows in (before, after)]
    return counts[1] - counts[0]


@pytest.mark.parametrize("disturb", [with_random_events, with_popular_events])
def test_noise_is_added_and_nothing_taken(parts: Parts, disturb) -> None:
    train = parts.train
    noisy = disturb(train, 0.5, seed=1)
    more = added(train, noisy)
    assert (more >= 0).all()
    assert more.sum() == round(0.5 * len(train))
    assert (np.diff(noisy.times) >= 0).all()
    assert noisy.times.min() >= train.times.min()
    assert noisy.end == train.end
    assert np.array_equal(disturb(train, 0.5, seed=1).item_codes, noisy.item_codes)
    follows = np.corrcoef(more, np.bincount(train.item_codes, minlength=train.n_items))[0, 1]
    assert follows > 0.9 if disturb is with_popular_events else abs(follows) < 0.4
    with pytest.raises(DataError, match="below 0"):
        disturb(train, -0.1)


@pytest.mark.parametrize("kind", ["average", "bandwagon"])
def test_false_users_all_push_the_target_and_look_like_others(parts: Parts, kind: str) -> None:
    train, target = parts.train, 30
    attacked = with_attack(train, target, 0.2, kind=kind)
    count = round(0.2 * train.n_users)
    assert attacked.n_users == train.n_users + count
    assert np.array_equal(attacked.users[: train.n_users], train.users)
    assert sorted(attacked.users.tolist()) == attacked.users.tolist()
    profiles = attacked.matrix()[train.n_users :].toarray()
    assert (profiles[:, target] == 1).all()
    usual = np.median(np.diff(train.matrix().indptr))
    assert (profiles.sum(axis=1) == min(round(float(usual)), train.n_items - 1) + 1).all()
    most = np.argmax(np.where(np.arange(train.n_items) == target, 0, np.bincount(train.matrix().indices)))
    assert profiles[:, most].mean() > 0.5
    for bad in ({"target": -1}, {"kind": "nuke"}):
        with pytest.raises(DataError):
            with_attack(train, **({"target": 3, "share": 0.1} | bad))


def test_noise_costs_ease_quality_and_the_change_is_the_paired_one(parts: Parts, protocol: Protocol) -> None:
    def fit(train: Interactions):
        return create("ease", {"l2": 20}).fit(train)

    rows = robustness(fit, parts, protocol, metrics=["ndcg@10", "recall@5"], shares=(0.1, 5.0))
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert [(row["disturbance"], row["share"], row["metric"]) for row in rows[:2]] == [
        ("random", 0.1, "ndcg@10"),
        ("random", 0.1, "recall@5"),
    ]
    assert len(rows) == 2 * 2 * 2
    heavy = next(row for row in rows if (row["disturbance"], row["share"], row["metric"]) == ("random", 5.0, "ndcg@10"))
    assert heavy["high"] < 0
    noisy = evaluate(fit(with_random_events(parts.train, 5.0)), parts, protocol)
    assert heavy["value"] == compare(noisy, evaluate(fit(parts.train), parts, protocol), "ndcg@10").value


def test_an_attack_puts_the_item_into_lists(parts: Parts, protocol: Protocol) -> None:
    rare = int(np.argmin(np.bincount(parts.train.matrix().indices, minlength=parts.train.n_items)))
    masked = replace(protocol, repeats="masked")
    found = attack_success(lambda train: create("popular").fit(train), parts, masked, rare, share=1.5)
    assert found["before"]["value"] < 0.2
    assert found["after"]["value"] == 1
    assert found["change"]["low"] > 0.8
    assert found["item"] == parts.train.items[rare]
    json.dumps(found, allow_nan=False)
    none = attack_success(lambda train: create("popular").fit(parts.train), parts, masked, rare)
    assert none["change"]["value"] == none["ndcg"]["value"] == 0
    split = parse_split("users:0.3")
    held = apply_split(shop(3), split)
    with pytest.raises(DataError, match="users of train"):
        attack_success(lambda train: create("ease").fit(train), held, protocol_of(held, split), rare)
