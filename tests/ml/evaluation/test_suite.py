"""The whole document: its shape, that it is JSON, and that its parts are the numbers computed apart."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ml.data.splits import Parts, apply_split, parse_split
from ml.errors import DataError
from ml.evaluation.harness import evaluate, protocol_of
from ml.evaluation.protocol import Protocol
from ml.evaluation.rankings import rank
from ml.evaluation.suite import evaluate_suite, popular_lists
from ml.models.base import Recommender, create
from tests.ml.evaluation.conftest import shop


@pytest.fixture(scope="module")
def document(parts: Parts, protocol: Protocol) -> dict[str, Any]:
    n_items = parts.train.n_items
    return evaluate_suite(
        create("ease", {"l2": 10}).fit(parts.train),
        parts,
        protocol,
        item_groups={"category": [f"c{item % 4}" for item in range(n_items)]},
        user_groups={"country": [["de", "fr", None][user % 3] for user in range(parts.train.n_users)]},
        item_vectors=np.random.default_rng(0).normal(size=(n_items, 6)).astype(np.float32),
    )


def test_the_document_is_json_and_says_everything(document: dict[str, Any], protocol: Protocol) -> None:
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert (document["version"], document["k"]) == (1, 10)
    assert document["protocol"]["digest"] == protocol.digest
    assert set(document["beyond_accuracy"]) == {
        f"{name}@10" for name in ("gini", "novelty", "serendipity", "category_diversity", "vector_diversity")
    }
    assert {"ips_ndcg@10", "snips_ndcg@10", "ips_recall@10", "snips_recall@10"} < set(document["debiased"])
    assert [(report["attribute"], report["side"]) for report in document["groups"]] == [
        ("country", "user"),
        ("category", "item"),
    ]
    assert [report["attribute"] for report in document["slices"]] == ["history", "item_history", "popularity"]
    assert sum(group["exposure"] for group in document["groups"][1]["groups"]) == pytest.approx(1)
    assert document["probability"] is None


def test_the_ranking_is_that_of_evaluate(document: dict[str, Any], parts: Parts, protocol: Protocol) -> None:
    model = create("ease", {"l2": 10}).fit(parts.train)
    assert document["ranking"] == evaluate(model, parts, protocol).document()


def test_a_model_of_probabilities_has_its_loss_and_calibration(parts: Parts, protocol: Protocol) -> None:
    model = create("perceptron", {"epochs": 3, "taste_factors": 4}, device="cpu").fit(parts.train)
    found = evaluate_suite(model, parts, protocol)["probability"]
    assert 0 < found["log_loss"]["low"] < found["log_loss"]["value"] < found["log_loss"]["high"]
    assert 0 <= found["calibration_error"]["value"] <= 1
    assert sum(each["rows"] for each in found["calibration_curve"]) == found["pairs"] + found["drawn"]
    assert found["pairs"] == parts.test.matrix().nnz
    base_rate = found["pairs"] / (found["pairs"] + found["drawn"])
    entropy = -(base_rate * np.log(base_rate) + (1 - base_rate) * np.log(1 - base_rate))
    assert found["log_loss"]["value"] < 2 * entropy


@pytest.mark.parametrize("repeats", ["allowed", "masked"])
def test_lists_by_popularity_are_those_of_the_popular_model(parts: Parts, protocol: Protocol, repeats: str) -> None:
    rankings = rank(create("popular").fit(parts.train), parts, replace(protocol, repeats=repeats))
    popularity = np.bincount(parts.train.matrix().indices, minlength=parts.train.n_items)
    assert np.array_equal(popular_lists(rankings, popularity, 10), rankings.ranked)


def test_held_out_users_are_folded_in_on_their_history() -> None:
    split = parse_split("users:0.3")
    held = apply_split(shop(3), split)
    assert held.history is not None
    model = create("ease", {"l2": 10}).fit(held.train)
    rankings = rank(model, held, protocol_of(held, split, repeats="masked"))
    assert set(rankings.users) <= set(held.history.users)
    assert not set(rankings.users) & set(held.train.users)
    folded = held.history.matrix()
    for user, row in zip(rankings.truth.users, rankings.ranked, strict=True):
        scores = (folded[[user]] @ model.weights)[0]
        scores[folded[[user]].indices] = -np.inf
        expected = [item for item in np.argsort(-scores, kind="stable")[:10] if scores[item] > -np.inf]
        assert row[row >= 0].tolist() == expected
    document = evaluate_suite(model, held, protocol_of(held, split))
    assert document["users"] == len(rankings.users)
    with pytest.raises(DataError, match="labels"):
        evaluate_suite(model, held, protocol_of(held, split), user_groups={"a": ["x"] * held.train.n_users})


class Constant(Recommender):
    """Every item alike, for every user."""

    name = "popular"

    def fit(self, train: Any, *, features: Any = None, progress: Any = None) -> "Constant":
        self.users, self.items = train.users, train.items
        return self

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.full((len(users), len(self.items)), 0.25, np.float32)

    def save(self, folder: Any) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def load(cls, folder: Any) -> "Constant":
        raise NotImplementedError


def test_all_scores_alike_rank_by_id_and_win_half_of_the_pairs(parts: Parts, protocol: Protocol) -> None:
    document = evaluate_suite(Constant().fit(parts.train), parts, protocol)
    assert document["ranking"]["auc"]["value"] == document["ranking"]["gauc"]["value"] == 0.5
    assert document["ranking"]["coverage@10"]["value"] == 10 / parts.train.n_items


def test_a_list_longer_than_the_catalogue_holds_the_catalogue(parts: Parts, protocol: Protocol) -> None:
    model, count = create("popular").fit(parts.train), parts.train.n_items
    long = evaluate(model, parts, replace(protocol, cutoffs=(count, count + 25)))
    assert long.values[f"recall@{count + 25}"].tolist() == long.values[f"recall@{count}"].tolist()
    expected = long.values[f"precision@{count}"] * count / (count + 25)
    assert long.values[f"precision@{count + 25}"] == pytest.approx(expected)
    assert long.estimates[f"coverage@{count + 25}"].value == 1
    json.dumps(evaluate_suite(model, parts, replace(protocol, cutoffs=(count + 25,))), allow_nan=False)


def test_an_empty_test_is_refused_in_words(parts: Parts, protocol: Protocol) -> None:
    nothing = parts.test.select(np.zeros(len(parts.test), bool))
    empty = replace(parts, test=nothing, unknown_items=parts.unknown_items * 0)
    with pytest.raises(DataError, match="nobody to test"):
        evaluate(create("popular").fit(parts.train), empty, protocol)
