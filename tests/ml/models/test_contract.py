"""What every registered recommender promises, on a toy shop with a known answer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.data.interactions import Interactions
from ml.errors import DataError
from ml.evaluation.ranking import top_k
from ml.models import base
from ml.models.base import REGISTRY, Recommender, create, load
from ml.models.bundle import read_bundle, write_bundle
from ml.models.options import MODELS

SEQUENCE = {"epochs": 20, "patience": 20, "width": 16, "batch_size": 16, "warmup_steps": 0, "learning_rate": 0.01}
PAIRWISE = {"factors": 8, "epochs": 15, "batch_size": 64, "learning_rate": 0.02}
QUICK = {
    "bpr": PAIRWISE,
    "lightgcn": PAIRWISE,
    "softmax_factors": {"factors": 8, "l2": 1.0, "epochs": 15, "learning_rate": 0.02},
    "ease": {"l2": 1.0},
    "item_neighbours": {"neighbours": 8, "shrinkage": 0},
    "user_neighbours": {"neighbours": 20, "shrinkage": 0},
    "ials": {"factors": 8, "iterations": 5},
    "hybrid": {"models": "popular,ease,ials,item_neighbours,recent_popular"},
    "perceptron": {"epochs": 3, "taste_factors": 4},
    "two_tower": {"epochs": 20, "width": 16, "batch_size": 64, "learning_rate": 0.02},
    "wide_and_deep": {"epochs": 3, "taste_factors": 4, "buckets": 512, "width": 4},
} | dict.fromkeys(("sasrec", "bert4rec", "convolution"), SEQUENCE)
TASTEFUL = ("ease", "item_neighbours", "user_neighbours", "ials")
# Those that recommend to users whom they were not trained on.
FOLDING = (
    *TASTEFUL,
    "hybrid",
    "two_tower",
    "bert4rec",
    "convolution",
    "sasrec",
    "popular",
    "recent_popular",
    "personal_popular",
)


@pytest.fixture(scope="module", params=sorted(REGISTRY))
def model(request: pytest.FixtureRequest, toy: Interactions) -> Recommender:
    return fitted(request.param, toy)


def fitted(name: str, toy: Interactions, seed: int = 0) -> Recommender:
    return create(name, QUICK.get(name, {}), seed=seed, device="cpu").fit(toy)


def everyone(toy: Interactions) -> np.ndarray:
    return np.arange(toy.n_users, dtype=np.int32)


def test_every_model_states_its_options() -> None:
    assert set(REGISTRY) == set(MODELS)


def test_scores_are_finite_float32_for_every_item(model: Recommender, toy: Interactions) -> None:
    scores = model.score(np.array([5, 0, 5], np.int32))
    assert scores.dtype == np.float32
    assert scores.shape == (3, toy.n_items)
    assert np.isfinite(scores).all()
    assert np.array_equal(scores[0], scores[2])


def test_a_block_of_users_scores_as_each_alone(model: Recommender, toy: Interactions) -> None:
    whole = model.score(everyone(toy))
    alone = np.concatenate([model.score(everyone(toy)[user : user + 1]) for user in range(toy.n_users)])
    np.testing.assert_allclose(whole, alone, rtol=1e-5, atol=1e-6)


def test_recommend_is_the_top_of_the_scores(
    model: Recommender, toy: Interactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = top_k(model.score(everyone(toy)), 4)
    assert np.array_equal(model.recommend(everyone(toy), 4), expected)
    monkeypatch.setattr(base.blocks, "__defaults__", (7 * toy.n_items,))
    blocked = model.recommend(everyone(toy), 4)
    assert blocked.shape == expected.shape
    assert (blocked == expected).mean() > 0.95  # scores of blocks may differ in the last bit


def test_what_is_excluded_is_not_recommended(model: Recommender, toy: Interactions) -> None:
    seen = toy.matrix()
    ranked = model.recommend(everyone(toy), toy.n_items, exclude=seen)
    assert ((ranked >= 0).sum(axis=1) == toy.n_items - 9).all()
    for user in range(toy.n_users):
        kept = ranked[user][ranked[user] >= 0]
        assert not set(kept) & set(seen[[user]].indices)


def test_saved_and_loaded_scores_are_equal(model: Recommender, toy: Interactions, tmp_path: Path) -> None:
    manifest = model.save(tmp_path / "bundle")
    again = load(model.name, tmp_path / "bundle")
    assert np.array_equal(again.score(everyone(toy)), model.score(everyone(toy)))
    assert again.items.tolist() == toy.items.tolist()
    assert again.users.tolist() == toy.users.tolist()
    assert again.options == model.options
    assert manifest["name"] == model.name
    assert {path.suffix for path in (tmp_path / "bundle").iterdir()} == {".json", ".safetensors", ".md"}


def test_a_bundle_of_another_model_is_refused(model: Recommender, tmp_path: Path) -> None:
    model.save(tmp_path / "bundle")
    other = "popular" if model.name != "popular" else "ease"
    with pytest.raises(DataError, match=f"'{model.name}'"):
        load(other, tmp_path / "bundle")


def test_a_whole_bundle_without_what_the_model_needs_is_refused(model: Recommender, tmp_path: Path) -> None:
    """Each array left out, cut short or pointing outside in turn; the digests are right all the time."""
    model.save(tmp_path / "good")
    good = read_bundle(tmp_path / "good")
    parts = {"name": good.name, "config": good.config, "vocabulary": good.vocabulary}
    needed = [name for name in good.arrays if name != "titles" and good.arrays[name].size]
    for name in needed:
        others = {key: array for key, array in good.arrays.items() if key != name}
        changed = [others, others | {name: good.arrays[name][:0]}]
        if name.endswith("indices"):
            changed.append(others | {name: good.arrays[name] + 10**6})
        for arrays in changed:
            write_bundle(tmp_path / "bad", arrays=arrays, **parts)
            with pytest.raises(DataError):
                load(model.name, tmp_path / "bad")
    write_bundle(tmp_path / "bad", arrays=good.arrays, **(parts | {"config": {}}))
    with pytest.raises(DataError):
        load(model.name, tmp_path / "bad")


def test_the_same_seed_gives_the_same_scores(model: Recommender, toy: Interactions) -> None:
    assert np.array_equal(fitted(model.name, toy).score(everyone(toy)), model.score(everyone(toy)))


def test_the_training_rows_are_left_as_they_were(model: Recommender, toy: Interactions) -> None:
    before = [getattr(toy, part).copy() for part in ("user_codes", "item_codes", "times", "weights")]
    fitted(model.name, toy)
    for part, old in zip(("user_codes", "item_codes", "times", "weights"), before, strict=True):
        assert np.array_equal(getattr(toy, part), old)


def left_out(user: int) -> int:
    return (user % 2) * 10 + (user // 2) % 10


def newcomers(toy: Interactions) -> Interactions:
    """Users 10 to 19 of the toy shop under other ids, in the opposite order."""
    some = toy.select((toy.user_codes >= 10) & (toy.user_codes < 20), until=toy.until)
    return replace(some, user_codes=19 - some.user_codes, users=np.array([f"n{n}" for n in range(10)], dtype=object))


def test_users_folded_in_are_scored_from_their_history(model: Recommender, toy: Interactions) -> None:
    before, some = model.score(everyone(toy)), np.arange(10, dtype=np.int32)
    if model.name not in FOLDING:
        with pytest.raises(DataError, match="cannot recommend to users whom it was not trained on"):
            model.fold_in(newcomers(toy))
        return
    folded = model.fold_in(newcomers(toy))
    assert folded.users.tolist() == newcomers(toy).users.tolist()
    assert np.array_equal(folded.items, model.items)
    scores = folded.score(some)
    assert scores.shape == (10, toy.n_items)
    assert scores.dtype == np.float32
    if model.name in TASTEFUL:
        ranked = folded.recommend(some, 1, exclude=newcomers(toy).matrix())
        assert ranked[:, 0].tolist() == [left_out(19 - user) for user in range(10)]
    assert np.array_equal(model.score(everyone(toy)), before)


def test_a_history_of_other_items_is_not_folded_in(model: Recommender, toy: Interactions) -> None:
    other = replace(newcomers(toy), items=np.array([f"x{n}" for n in range(toy.n_items)], dtype=object))
    with pytest.raises(DataError, match="other items" if model.name in FOLDING else "not trained on"):
        model.fold_in(other)


def test_the_learning_curve_has_its_epochs_in_order(model: Recommender) -> None:
    curve = model.learning_curve
    assert [row["epoch"] for row in curve] == list(range(1, len(curve) + 1))
    for row in curve:
        assert np.isfinite(row["loss"])
        assert row["seconds"] >= 0
    if curve:
        assert sum(bool(row["best"]) for row in curve) == 1


@pytest.mark.parametrize("name", TASTEFUL)
def test_the_article_left_out_is_recommended_first(name: str, toy: Interactions) -> None:
    ranked = fitted(name, toy).recommend(everyone(toy), 1, exclude=toy.matrix())
    assert ranked[:, 0].tolist() == [left_out(user) for user in range(toy.n_users)]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("eese", {}, "Did you mean ease"),
        ("something", {}, "ease"),
        ("ease", {"l3": 1}, "Did you mean l2"),
        ("ease", {"l2": "much"}, "much"),
        ("ease", {"l2": "nan"}, "nan"),
        ("recent_popular", {"window_days": -1}, "-1"),
    ],
)
def test_unknown_models_and_options_are_refused(name: str, options: dict, message: str) -> None:
    with pytest.raises(DataError) as caught:
        create(name, options)
    assert message in f"{caught.value} {caught.value.hint}"
