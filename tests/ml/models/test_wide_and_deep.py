"""Wide and deep against shops whose tastes are planted: what features tell, and what must be remembered."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ml.data.facts import Facts
from ml.data.features import read_history
from ml.data.interactions import DAY, Interactions
from ml.errors import DataError
from ml.explanation.gradients import explain_by_features
from ml.models.crosses import make_crosses, property_codes, recent_items
from ml.models.inputs import Inputs
from ml.models.perceptron import Perceptron
from ml.models.wide_and_deep import WideAndDeep

USERS, ITEMS, COUNTRIES = 300, 90, 3
DAYS, SPLIT, PER_USER = 60, 50, 8
FAVOURED = 0.85  # share of a user's events among the items that his country likes
QUICK = {"epochs": 8, "batch_size": 256, "taste_factors": 0, "buckets": 4096, "learning_rate": 0.01}


def planted(seed: int = 0) -> tuple[Interactions, Interactions, Facts]:
    """Users of country c like the items of which (item // 7) % 3 is c; no category, no price and few events tell it."""
    rng = np.random.default_rng(seed)
    users = np.repeat(np.arange(USERS), PER_USER)
    liked = rng.random(len(users)) < FAVOURED
    circle = np.where(liked, users % COUNTRIES, (users + rng.integers(1, COUNTRIES, len(users))) % COUNTRIES)
    shelves = [np.flatnonzero(np.arange(ITEMS) // 7 % COUNTRIES == each) for each in range(COUNTRIES)]
    items = np.array([rng.choice(shelves[each]) for each in circle])
    times = rng.integers(0, DAYS * DAY, len(users))
    rows = Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        times,
        np.ones(len(users), np.float32),
        np.array([f"u{n:03}" for n in range(USERS)], dtype=object),
        np.array([f"i{n:03}" for n in range(ITEMS)], dtype=object),
    )
    groups = np.eye(COUNTRIES, dtype=np.float32)[np.arange(USERS) % COUNTRIES]
    facts = Facts(
        prices=np.full(ITEMS, np.nan, np.float32),
        categories=np.full(ITEMS, -1, np.int32),
        titles=[""] * ITEMS,
        groups=groups,
        group_names=["country=A", "country=B", "country=C"],
    )
    early = times < SPLIT * DAY
    return rows.select(early, until=SPLIT * DAY), rows.select(~early, until=DAYS * DAY), facts


@pytest.fixture(scope="module")
def model() -> WideAndDeep:
    train, _, facts = planted()
    return WideAndDeep(QUICK, device="cpu").fit(train, features=Inputs(facts=facts))


def test_it_finds_a_taste_that_features_tell_and_the_perceptron_without_them_does_not(model: WideAndDeep) -> None:
    """The best AUC is that of whether the item is of the liked third: 0.85 * 2/3 + (0.85 / 3 + 0.15 * 2/3) / 2."""
    train, test, _ = planted()
    best = FAVOURED * 2 / 3 + (FAVOURED / 3 + (1 - FAVOURED) * 2 / 3) / 2
    options = {name: QUICK[name] for name in ("epochs", "batch_size", "taste_factors", "learning_rate")}
    without = Perceptron(options, device="cpu").fit(train)
    assert best == pytest.approx(0.7583, abs=5e-5)
    assert model.event_auc(test) == pytest.approx(0.7518, abs=0.003)
    assert without.event_auc(test) == pytest.approx(0.5655, abs=0.003)


def test_it_remembers_pairs_of_property_and_item_that_the_perceptron_with_features_cannot(model: WideAndDeep) -> None:
    train, _, facts = planted()
    options = {name: QUICK[name] for name in ("epochs", "batch_size", "taste_factors", "learning_rate")}
    perceptron = Perceptron(options, device="cpu").fit(train, features=Inputs(facts=facts))
    lists = {each.name: each.recommend(np.arange(USERS, dtype=np.int32), 10) for each in (model, perceptron)}
    own = (np.arange(USERS) % COUNTRIES)[:, None]
    hits = {name: (some // 7 % COUNTRIES == own).mean() for name, some in lists.items()}
    assert hits["wide_and_deep"] == pytest.approx(0.987, abs=0.005)
    assert hits["perceptron"] == pytest.approx(0.687, abs=0.02)


def test_ranking_scores_are_those_of_the_network(model: WideAndDeep) -> None:
    scores = model.score(np.array([5, 200], np.int32))
    single = model.score_pairs(np.repeat([5, 200], ITEMS), np.tile(np.arange(ITEMS), 2))
    np.testing.assert_allclose(scores.ravel(), single, rtol=1e-4, atol=1e-5)


def test_a_loaded_model_scores_exactly_as_the_saved_one(model: WideAndDeep, tmp_path: Path) -> None:
    _, test, _ = planted()
    model.save(tmp_path / "bundle")
    loaded = WideAndDeep.load(tmp_path / "bundle")
    users = np.arange(0, USERS, 7, dtype=np.int32)
    np.testing.assert_array_equal(loaded.score(users), model.score(users))
    assert loaded.event_auc(test) == model.event_auc(test)


def test_a_training_that_stopped_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    train, _, facts = planted()

    def stop(epoch: dict) -> None:
        if epoch["epoch"] == 2:
            raise KeyboardInterrupt

    def run(**more: object) -> WideAndDeep:
        options = {**QUICK, "epochs": 3}
        return WideAndDeep(options, device="cpu").fit(train, features=Inputs(facts=facts, **more))

    whole = run()
    with pytest.raises(KeyboardInterrupt):
        run(checkpoint=tmp_path, on_epoch=stop)
    again = run(checkpoint=tmp_path)
    for name, weights in whole.network.state_dict().items():
        assert torch.equal(weights, again.network.state_dict()[name]), name


def test_several_hidden_layers_are_not_explained_as_one(model: WideAndDeep) -> None:
    with pytest.raises(DataError, match="more than one hidden layer"):
        explain_by_features(model, 0, 0)


def test_crosses_are_of_what_holds_and_none_of_what_is_missing() -> None:
    train, _, facts = planted()
    history = read_history(train, facts, as_of=train.end, step=10 * DAY, factors=0, seed=0)
    assert property_codes(facts)[:4, 0].tolist() == [1, 2, 3, 1]
    crosses = make_crosses(property_codes(facts), facts.categories, [history], last=2, buckets=2**20)
    grid = crosses.ids(torch.arange(6)[:, None], torch.arange(ITEMS)[None])
    assert grid.shape == (6, ITEMS, 1 + 2 + 2)
    assert (grid[:, :, [0, 2]] == 0).all()  # no category is known
    assert torch.equal(grid[0, :, 1], grid[3, :, 1])  # the same country
    assert len(torch.unique(grid[:3, :, 1])) == 3 * ITEMS  # as good as no collisions among a million buckets
    pairs = crosses.ids(torch.tensor([0, 4]), torch.tensor([7, 8]))
    assert torch.equal(pairs, grid[[0, 4], [7, 8]])


def test_the_last_items_are_in_the_order_of_their_last_meeting() -> None:
    rows = Interactions(
        np.array([0, 0, 0, 1], np.int32),
        np.array([2, 0, 2, 1], np.int32),
        np.array([1, 2, 3, 1], np.int64) * DAY,
        np.ones(4, np.float32),
        np.array(["a", "b", "c"], dtype=object),
        np.array(["x", "y", "z"], dtype=object),
        until=5 * DAY,
    )
    facts = Facts(np.full(3, np.nan, np.float32), np.full(3, -1, np.int32), groups=np.zeros((3, 0), np.float32))
    history = read_history(rows, facts, as_of=5 * DAY, step=DAY, factors=0, seed=0)
    assert recent_items(history, 3).tolist() == [[3, 1, 0], [2, 0, 0], [0, 0, 0]]
    assert recent_items(history, 1).tolist() == [[3], [2], [0]]
