"""The blend: what its weights mean, when it stays with one model, and that a bundle keeps it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.data.interactions import DAY, Interactions
from ml.data.splits import apply_split, parse_split, validation_tail
from ml.errors import DataError
from ml.evaluation.harness import evaluate, protocol_of
from ml.models.base import create, load, silent
from ml.models.blending import Candidates, blended_ndcg, choose_weights, standing
from ml.models.bundle import read_bundle
from ml.models.hybrid import Hybrid
from ml.models.inputs import Inputs


def candidates(**standings: list[list[float]]) -> Candidates:
    """Each user's only held-back item is the first."""
    arrays = {name: np.array(rows, np.float32) for name, rows in standings.items()}
    users, items = next(iter(arrays.values())).shape
    hits = np.zeros((users, items), bool)
    hits[:, 0] = True
    return Candidates(arrays, hits, np.ones(users, np.int64))


def test_two_halves_of_the_truth_are_blended() -> None:
    """Each model puts another wrong item first, so that only the sum puts the right one first."""
    found = choose_weights(candidates(a=[[2, 3, 0]] * 20 + [[2, 0, 1]] * 20, b=[[2, 0, 3]] * 20 + [[2, 1, 0]] * 20))
    assert set(found.weights) == {"a", "b"}
    assert sum(found.weights.values()) == pytest.approx(1.0)
    assert found.value == 1.0
    assert found.singles == pytest.approx({"a": 0.5 + 0.5 / np.log2(3), "b": 0.5 + 0.5 / np.log2(3)})


def test_without_gain_the_best_model_stands_alone() -> None:
    found = choose_weights(candidates(a=[[3, 2, 1]] * 10, b=[[0, 5, 1]] * 10))
    assert found.weights == {"a": 1.0}
    assert found.value == 1.0


def test_a_gain_of_one_user_in_many_is_no_gain() -> None:
    good, bad = [3, 2, 1], [2, 3, 1]
    found = choose_weights(candidates(a=[good] * 99 + [bad], b=[[0, 0.1, 0]] * 99 + [[9, 0, 0]]))
    assert found.weights == {"a": 1.0}


def test_ndcg_of_a_blend_equals_its_definition() -> None:
    table = candidates(a=[[1, 2, 3, 0]], b=[[0, 0, -9, 0]])
    assert blended_ndcg(table, {"a": 1.0})[0] == pytest.approx(1 / np.log2(4))
    assert blended_ndcg(table, {"a": 1.0, "b": 1.0})[0] == pytest.approx(1 / np.log2(3))


def test_standings_have_mean_0_and_deviation_1_for_each_user() -> None:
    scores = np.random.default_rng(0).normal(5, 3, (4, 50)).astype(np.float32)
    scores[2] = 7
    found = standing(scores)
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(found.std(axis=1), [1, 1, 0, 1], atol=1e-5)


@pytest.fixture(scope="module")
def drifting() -> Interactions:
    """Taste of two circles, and each month another fashion that everyone follows."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(150):
        for day in np.sort(rng.integers(0, 120, 24)):
            fashion = rng.random() < 0.4
            item = 40 + day // 30 * 4 + rng.integers(4) if fashion else (user % 2) * 20 + rng.integers(20)
            rows.append((user, item, day * DAY + user))
    users, items, times = (np.array(column) for column in zip(*sorted(rows, key=lambda row: row[2]), strict=True))
    return Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        times.astype(np.int64),
        np.ones(len(rows), np.float32),
        np.array([f"u{n:03d}" for n in range(150)], dtype=object),
        np.array([f"i{n:02d}" for n in range(56)], dtype=object),
    )


OPTIONS = {"models": "ease,recent_popular", "window_days": 7, "half_life_days": 30}


def test_a_blend_of_taste_and_fashion_beats_both(drifting: Interactions) -> None:
    split = parse_split("time:0.95")
    parts = apply_split(drifting, split)
    protocol = protocol_of(parts, split)

    def value(name: str, options: dict) -> float:
        return evaluate(create(name, options).fit(parts.train), parts, protocol).estimates["ndcg@10"].value

    options = {"models": "item_neighbours,recent_popular", "window_days": 7, "half_life_days": 0}
    hybrid = create("hybrid", options).fit(parts.train)
    assert isinstance(hybrid, Hybrid)
    assert len(hybrid.blend.weights) > 1
    assert hybrid.blend.value > max(hybrid.blend.singles.values())
    best = max(value("item_neighbours", {}), value("recent_popular", {"window_days": 7}))
    assert evaluate(hybrid, parts, protocol).estimates["ndcg@10"].value > best + 0.02


def test_a_bundle_keeps_what_twins_share_once(drifting: Interactions, tmp_path: Path) -> None:
    model = create("hybrid", OPTIONS).fit(drifting)
    assert isinstance(model, Hybrid)
    fitted = model._fitted(["ease"], drifting, Inputs(), silent)
    model.parts, weights = fitted, {"ease": 0.5, "ease_fading": 0.5}
    model.blend = replace(model.blend, weights=weights)
    model.save(tmp_path / "bundle")
    names = read_bundle(tmp_path / "bundle").arrays
    assert "ease/weights" in names
    assert "ease_fading/weights" not in names
    users = np.arange(150, dtype=np.int32)
    assert np.array_equal(load("hybrid", tmp_path / "bundle").score(users), model.score(users))


def test_nobody_to_validate_with_is_said(drifting: Interactions) -> None:
    """The last tenth are newcomers."""
    _, late = validation_tail(drifting, 0.1)
    codes = drifting.user_codes % 100
    codes[drifting.times >= late.times.min()] = 100 + drifting.user_codes[drifting.times >= late.times.min()] % 50
    with pytest.raises(DataError, match="cannot be validated"):
        create("hybrid", OPTIONS).fit(replace(drifting, user_codes=codes.astype(np.int32)))
