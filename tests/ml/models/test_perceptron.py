from pathlib import Path

import numpy as np
import pytest
import torch

from ml.data.facts import Facts
from ml.data.interactions import DAY, Interactions
from ml.errors import DataError
from ml.models.bundle import WEIGHTS
from ml.models.inputs import Inputs
from ml.models.perceptron import Perceptron

USERS, ITEMS, CATEGORIES = 240, 150, 3
FAVOURITE = 0.8  # share of a user's events in the one category that the user likes
DAYS, SPLIT = 120, 100


def planted(seed: int = 0, per_user: int = 60) -> tuple[Interactions, Interactions, Facts]:
    """Train, test and facts: user u likes category u % 3, and within a category every item alike."""
    rng = np.random.default_rng(seed)
    users = np.repeat(np.arange(USERS), per_user)
    other = (users + rng.integers(1, CATEGORIES, len(users))) % CATEGORIES
    category = np.where(rng.random(len(users)) < FAVOURITE, users % CATEGORIES, other)
    items = rng.integers(0, ITEMS // CATEGORIES, len(users)) * CATEGORIES + category
    times = rng.integers(0, DAYS * DAY, len(users))
    rows = Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        times,
        np.ones(len(users), np.float32),
        np.array([f"u{n:03}" for n in range(USERS)], dtype=object),
        np.array([f"i{n:03}" for n in range(ITEMS)], dtype=object),
    )
    facts = Facts(
        prices=np.full(ITEMS, np.nan, np.float32),
        categories=(np.arange(ITEMS) % CATEGORIES).astype(np.int32),
        category_names=["a", "b", "c"],
        titles=[""] * ITEMS,
        groups=np.zeros((USERS, 0), np.float32),
    )
    early = times < SPLIT * DAY
    return rows.select(early, until=SPLIT * DAY), rows.select(~early, until=DAYS * DAY), facts


def fitted(seed: int = 0, **options: float) -> tuple[Perceptron, Interactions]:
    train, test, facts = planted()
    model = Perceptron({"epochs": 6, "batch_size": 512, **options}, seed=seed, device="cpu")
    return model.fit(train, features=Inputs(facts=facts)), test


@pytest.fixture(scope="module")
def model_and_test() -> tuple[Perceptron, Interactions]:
    return fitted()


def test_it_comes_near_the_best_possible_auc_on_planted_taste(model_and_test: tuple[Perceptron, Interactions]) -> None:
    """The best score is whether the item is of the favourite category: the likelihood ratio has two values.

    An event is of it with probability 0.8, a uniformly drawn item with 1/3, so the best AUC is
    0.8 * 2/3 + (0.8 * 1/3 + 0.2 * 2/3) / 2 = 0.7333. Its standard error here is below 0.01.
    """
    model, test = model_and_test
    best = FAVOURITE * 2 / 3 + (FAVOURITE / 3 + (1 - FAVOURITE) * 2 / 3) / 2
    assert best - 0.03 < model.event_auc(test) < best + 0.02


def test_without_taste_in_the_data_it_finds_none() -> None:
    train, test, facts = planted()
    rng = np.random.default_rng(3)
    train, test = (
        Interactions(
            part.user_codes,
            rng.integers(0, ITEMS, len(part)).astype(np.int32),
            part.times,
            part.weights,
            part.users,
            part.items,
            part.until,
        )
        for part in (train, test)
    )
    model = Perceptron({"epochs": 3}, device="cpu").fit(train, features=Inputs(facts=facts))
    assert model.event_auc(test) == pytest.approx(0.5, abs=0.03)


def test_a_ranking_puts_the_favourite_category_first(model_and_test: tuple[Perceptron, Interactions]) -> None:
    model, _ = model_and_test
    lists = model.recommend(np.arange(USERS, dtype=np.int32), 10)
    hits = (lists % CATEGORIES) == (np.arange(USERS) % CATEGORIES)[:, None]
    assert hits.mean() > 0.95


def test_the_learning_curve_has_an_auc_for_each_epoch(model_and_test: tuple[Perceptron, Interactions]) -> None:
    model, _ = model_and_test
    assert [epoch["epoch"] for epoch in model.epochs] == list(range(1, len(model.epochs) + 1))
    assert sum(epoch["best"] for epoch in model.epochs) == 1
    for epoch in model.epochs:
        assert 0.5 < epoch["auc_train"] < 1
        assert 0.5 < epoch["auc_validation"] < 1
        assert epoch["loss"] > 0


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    users = np.arange(USERS, dtype=np.int32)
    first, second, other = (fitted(seed, epochs=2)[0] for seed in (7, 7, 8))
    np.testing.assert_array_equal(first.score(users), second.score(users))
    losses = [[epoch["loss"] for epoch in model.epochs] for model in (first, second, other)]
    assert losses[0] == losses[1] != losses[2]
    assert (first.score(users) != other.score(users)).any()


def test_ranking_scores_are_those_of_the_network(model_and_test: tuple[Perceptron, Interactions]) -> None:
    model, _ = model_and_test
    scores = model.score(np.array([5, 200], np.int32))
    assert scores.shape == (2, ITEMS)
    assert scores.dtype == np.float32
    single = model.score_pairs(np.repeat([5, 200], ITEMS), np.tile(np.arange(ITEMS), 2))
    np.testing.assert_allclose(scores.ravel(), single, rtol=1e-4, atol=1e-5)


def test_the_network_is_that_of_the_mission(model_and_test: tuple[Perceptron, Interactions]) -> None:
    model, _ = model_and_test
    shapes = {name: tuple(value.shape) for name, value in model.network.state_dict().items()}
    width = shapes["0.weight"][1]
    assert shapes == {"0.weight": (64, width), "0.bias": (64,), "2.weight": (1, 64), "2.bias": (1,)}
    assert type(model.network[1]).__name__ == "ReLU"
    assert width == sum(len(scaler.mean) for scaler in model.scalers.values())


def test_a_loaded_model_scores_exactly_as_the_saved_one(
    model_and_test: tuple[Perceptron, Interactions], tmp_path: Path
) -> None:
    model, test = model_and_test
    model.save(tmp_path / "bundle")
    loaded = Perceptron.load(tmp_path / "bundle")
    users = np.arange(0, USERS, 7, dtype=np.int32)
    np.testing.assert_array_equal(loaded.score(users), model.score(users))
    assert loaded.event_auc(test) == model.event_auc(test)
    assert loaded.items.tolist() == model.items.tolist()
    weights = tmp_path / "bundle" / WEIGHTS
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match="damaged"):
        Perceptron.load(tmp_path / "bundle")


def test_normalisation_is_measured_on_the_training_examples_alone() -> None:
    """A change in the last period of train, the validation part, moves no mean."""
    train, _, facts = planted()
    late = train.times >= (SPLIT - SPLIT / 10) * DAY
    items = train.item_codes.copy()
    items[late] = np.roll(items[late], 1)
    changed = Interactions(train.user_codes, items, train.times, train.weights, train.users, train.items, train.until)
    first, second = (
        Perceptron({"epochs": 1, "step_days": 10}, device="cpu").fit(part, features=Inputs(facts=facts))
        for part in (train, changed)
    )
    for kind in first.scalers:
        np.testing.assert_array_equal(first.scalers[kind].mean, second.scalers[kind].mean)
        np.testing.assert_array_equal(first.scalers[kind].deviation, second.scalers[kind].deviation)


def test_titles_are_an_input() -> None:
    """The liked category is told by the title vectors alone: no category is given."""
    train, test, _ = planted()
    vectors = np.eye(CATEGORIES, dtype=np.float32)[np.arange(ITEMS) % CATEGORIES]
    model = Perceptron({"epochs": 1}, device="cpu").fit(train, features=Inputs(title_vectors=vectors))
    assert model.network[0].in_features == sum(len(s.mean) for s in model.scalers.values()) + CATEGORIES
    assert np.isfinite(model.event_auc(test))


def test_masked_repeats_are_no_examples() -> None:
    train, test, facts = planted()
    model = Perceptron({"epochs": 2}, device="cpu").fit(train, features=Inputs(facts=facts, unseen_only=True))
    met = 0  # place of "met before": constant where only new pairs are examples
    assert model.scalers["pair"].mean[met] == 0.0
    assert model.event_auc(test) > 0.65


def test_a_short_history_and_an_absent_device_are_explained() -> None:
    train, _, _ = planted()
    short = train.select(train.times < DAY, until=DAY)
    with pytest.raises(DataError, match="too few"):
        Perceptron(device="cpu").fit(short)
    with pytest.raises(DataError, match="no option"):
        Perceptron({"lerning_rate": 1})
    with pytest.raises(DataError, match="no device"):
        Perceptron(device="abacus").fit(train)


def test_the_network_learns_on_one_thread_and_leaves_the_others_as_they_were() -> None:
    """Threads that wait for each other spin: on a shared machine they made a training ten times slower."""
    train, _, facts = planted()
    before, seen = torch.get_num_threads(), []
    torch.set_num_threads(3)
    try:
        model = Perceptron({"epochs": 1, "batch_size": 4096}, device="cpu")
        model.fit(train, features=Inputs(facts=facts, on_epoch=lambda epoch: seen.append(torch.get_num_threads())))
        assert seen == [1]
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert model.device_used == "CPU (1 thread)"
