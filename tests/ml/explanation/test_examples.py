"""Lists as people see them: users chosen fairly, what is right, and reasons that add up."""

import json
from typing import Any

import numpy as np
import pytest

from ml.data.splits import Parts, apply_split, parse_split
from ml.evaluation.harness import protocol_of
from ml.evaluation.protocol import Protocol
from ml.evaluation.rankings import rank
from ml.explanation.examples import chosen_rows, example_lists, reason_of
from ml.explanation.features import explain_by_themes, feature_themes
from ml.models.base import create
from tests.ml.evaluation.conftest import shop

TITLES = [f"Thing {code}" if code % 2 else "" for code in range(40)]


def test_a_list_says_what_a_user_had_and_what_was_right(parts: Parts, protocol: Protocol) -> None:
    model = create("ease", {"l2": 10.0}).fit(parts.train)
    rankings = rank(model, parts, protocol)
    found = example_lists(rankings, TITLES)
    assert json.loads(json.dumps(found)) == found
    assert len(found) == 4
    assert [each["known"] for each in found] == sorted(each["known"] for each in found)
    taken: dict[str, set[str]] = {user: set() for user in parts.test.users.tolist()}
    for user, item in zip(parts.test.user_codes, parts.test.item_codes, strict=True):
        taken[parts.test.users[user]].add(parts.test.items[item])
    for each in found:
        user = int(np.flatnonzero(parts.train.users == each["user"])[0])
        rows = np.flatnonzero(parts.train.user_codes == user)
        assert each["known"] == len(rows)
        assert each["had"][0]["item"] == parts.train.items[parts.train.item_codes[rows[-1]]]
        assert len({one["item"] for one in each["had"]}) == len(each["had"]) <= 5
        listed = model.recommend(np.array([user], np.int32), 5)[0]
        assert [one["item"] for one in each["items"]] == parts.train.items[listed].tolist()
        for code, one in zip(listed.tolist(), each["items"], strict=True):
            assert one["title"] == TITLES[code]
            assert one["right"] == (one["item"] in taken[each["user"]])
            assert one["had"] == (code in parts.train.item_codes[rows])
        assert each["found"] >= sum(one["right"] for one in each["items"])


def test_the_users_stand_in_the_middle_of_equal_parts(parts: Parts, protocol: Protocol) -> None:
    rankings = rank(create("popular").fit(parts.train), parts, protocol)
    known = np.bincount(parts.train.user_codes, minlength=parts.train.n_users)[rankings.truth.users]
    chosen = chosen_rows(rankings)
    ranks = [(known < known[row]).sum() for row in chosen]
    for place, rank_of in enumerate(ranks):  # ties may stand before, never after
        assert rank_of <= (place + 0.5) / 4 * len(known) < rank_of + (known == known[chosen[place]]).sum() + 1


@pytest.mark.parametrize("name", ["ease", "item_neighbours", "user_neighbours"])
def test_reasons_by_history_name_what_the_user_had(name: str, parts: Parts, protocol: Protocol) -> None:
    model = create(name).fit(parts.train)
    for each in example_lists(rank(model, parts, protocol), TITLES):
        user = int(np.flatnonzero(parts.train.users == each["user"])[0])
        had = set(parts.train.items[parts.train.item_codes[parts.train.user_codes == user]])
        for item in each["items"]:
            reason = item["reason"]
            assert reason["kind"] == "history"
            assert {one["item"] for one in reason["because"]} <= had
            assert all(one["title"] == TITLES[int(one["item"][1:])] for one in reason["because"])
            told = sum(one["contribution"] for one in reason["because"]) + reason["others"]
            assert told == pytest.approx(reason["score"], rel=1e-4, abs=1e-5)


def test_reasons_by_features_are_summed_by_theme_and_complete(parts: Parts) -> None:
    model = create("perceptron", {"epochs": 2, "taste_factors": 4}, device="cpu").fit(parts.train)
    pair: Any = model
    assert len(feature_themes(model)) == pair.pair_inputs(np.array([0]), np.array([0])).shape[1]
    whole = explain_by_themes(model, 3, 5, most=8)
    told = sum(each["contribution"] for each in whole["because"]) + whole["others"]
    assert told == pytest.approx(whole["score"] - whole["baseline"], abs=1e-9)
    short = explain_by_themes(model, 3, 5, most=2)
    assert short["because"] == whole["because"][:2]
    assert {each["feature"] for each in whole["because"]} >= {"popularity", "met", "taste"}
    assert reason_of(model, 3, 5) == explain_by_themes(model, 3, 5, most=3)


def test_a_baseline_is_popular_and_other_models_stay_silent(parts: Parts) -> None:
    assert reason_of(create("recent_popular").fit(parts.train), 0, 0) == {"kind": "popular"}
    assert reason_of(create("ials", {"iterations": 1}).fit(parts.train), 0, 0) is None


@pytest.mark.parametrize(("name", "kind"), [("ease", "history"), ("user_neighbours", None)])
def test_users_who_were_held_out_get_the_reasons_that_can_be_given(name: str, kind: str | None) -> None:
    split = parse_split("users:0.2")
    parts = apply_split(shop(), split)
    model = create(name).fit(parts.train)
    found = example_lists(rank(model, parts, protocol_of(parts, split, cutoffs=(10,))))
    assert parts.history is not None
    assert {each["user"] for each in found} <= set(parts.history.users)
    reasons = [item["reason"] for each in found for item in each["items"]]
    assert {reason and reason["kind"] for reason in reasons} == {kind}
