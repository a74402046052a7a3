"""Two towers against shops where taste is told by words: items that nobody met and another shop come by their text."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.data.facts import Facts
from ml.data.interactions import DAY, NO_CLOCK, Interactions
from ml.data.sequences import read_sequences
from ml.errors import DataError
from ml.models.inputs import Inputs
from ml.models.two_tower import TwoTower
from ml.text.encoder import SentenceEncoder
from ml.training.histories import HistorySource

TOPICS = {
    "kitchen": ("saucepan", "frying pan", "teapot", "bread knife", "mixing bowl", "oven dish", "soup ladle", "whisk"),
    "garden": ("watering can", "flower pot", "rake", "garden hose", "spade", "bird table", "seed tray", "wheelbarrow"),
    "office": ("stapler", "ring binder", "ball pen", "notebook", "desk lamp", "paper tray", "envelope", "marker pen"),
    "toys": ("teddy bear", "jigsaw puzzle", "toy train", "doll", "building blocks", "kite", "board game", "yo-yo"),
}
OTHER_SHOP = {
    "kitchen": ("casserole", "espresso cup", "cutting board", "rolling pin", "colander"),
    "garden": ("lawn mower", "hedge shears", "compost bin", "plant support", "greenhouse"),
    "office": ("hole punch", "whiteboard", "calculator", "filing cabinet", "paper clips"),
    "toys": ("toy car", "puppet", "playing cards", "spinning top", "rocking horse"),
}
COLOURS = ("red", "blue", "green")
COLD = 6  # every 6th item is met by nobody in train
QUICK = {"epochs": 8, "width": 16, "batch_size": 128, "learning_rate": 0.005, "negatives": 32}


def catalogue(topics: dict[str, tuple[str, ...]]) -> tuple[list[str], np.ndarray]:
    """Titles, and the topic of each."""
    names = [
        (f"{colour} {good}", topic)
        for topic, goods in enumerate(topics.values())
        for good in goods
        for colour in COLOURS
    ]
    return [title for title, _ in names], np.array([topic for _, topic in names])


def shop(topics: dict[str, tuple[str, ...]], *, users: int, per_user: int, seed: int, cold: int = 0) -> Interactions:
    """User u meets items of topic u % 4, nine times in ten; of those numbered 0, ``cold``, … nobody meets any."""
    rng, (_, topic) = np.random.default_rng(seed), catalogue(topics)
    warm = np.ones(len(topic), bool)
    if cold:
        warm[::cold] = False
    codes = np.repeat(np.arange(users), per_user)
    own = rng.random(len(codes)) < 0.9
    wanted = np.where(own, codes % 4, rng.integers(0, 4, len(codes)))
    items = np.array([rng.choice(np.flatnonzero(warm & (topic == each))) for each in wanted])
    return Interactions(
        codes.astype(np.int32),
        items.astype(np.int32),
        rng.integers(0, 100 * DAY, len(codes)),
        np.ones(len(codes), np.float32),
        np.array([f"u{n:03}" for n in range(users)], dtype=object),
        np.array([f"i{n:03}" for n in range(len(topic))], dtype=object),
        until=100 * DAY,
    )


def of_warm_items(rows: Interactions) -> tuple[Interactions, np.ndarray]:
    """The rows with a vocabulary of the items that occur, as a split gives them, and which items those are."""
    warm = np.unique(rows.item_codes)
    return replace(
        rows, item_codes=np.searchsorted(warm, rows.item_codes).astype(np.int32), items=rows.items[warm]
    ), warm


@pytest.fixture(scope="module")
def vectors() -> dict[str, np.ndarray]:
    encoder = SentenceEncoder()
    return {name: encoder.encode(catalogue(topics)[0]) for name, topics in (("ours", TOPICS), ("other", OTHER_SHOP))}


@pytest.fixture(scope="module")
def rows() -> Interactions:
    return shop(TOPICS, users=120, per_user=12, seed=0, cold=COLD)


@pytest.fixture(scope="module")
def model(rows: Interactions, vectors: dict[str, np.ndarray]) -> TwoTower:
    train, warm = of_warm_items(rows)
    return TwoTower(QUICK, device="cpu").fit(train, features=Inputs(title_vectors=vectors["ours"][warm]))


def own_share(lists: np.ndarray, topic: np.ndarray) -> float:
    """The share of recommended items that are of their user's topic; by chance a quarter."""
    return float((topic[lists] == (np.arange(len(lists)) % 4)[:, None]).mean())


def test_items_that_nobody_met_are_recommended_by_their_titles(
    model: TwoTower, rows: Interactions, vectors: dict[str, np.ndarray]
) -> None:
    """Of 96 items 16 are cold, four of each topic: the best four of them for each user."""
    whole = model.with_items(rows.items, vectors["ours"])
    cold = np.arange(0, rows.n_items, COLD)
    scores = whole.score(np.arange(rows.n_users, dtype=np.int32))
    ranked = cold[np.argsort(-scores[:, cold], axis=1, kind="stable")[:, :4]]
    topic = catalogue(TOPICS)[1]
    assert np.bincount(topic[cold]).tolist() == [4, 4, 4, 4]
    assert own_share(ranked, topic) == pytest.approx(0.946, abs=0.01)


def test_items_of_train_score_as_before_among_more_items(
    model: TwoTower, rows: Interactions, vectors: dict[str, np.ndarray]
) -> None:
    users = np.arange(10, dtype=np.int32)
    warm = of_warm_items(rows)[1]
    whole = model.with_items(rows.items, vectors["ours"])
    np.testing.assert_allclose(whole.score(users)[:, warm], model.score(users), rtol=1e-5, atol=1e-6)
    assert whole.items.tolist() == rows.items.tolist()
    assert len(model.items) == len(warm)


def test_a_bundle_serves_another_shop_by_text(model: TwoTower, vectors: dict[str, np.ndarray], tmp_path: Path) -> None:
    """60 other articles, 40 other customers with three purchases each; what they did not buy is ranked."""
    model.save(tmp_path / "bundle")
    other = shop(OTHER_SHOP, users=40, per_user=3, seed=5)
    other = replace(other, items=np.array([f"x{n:03}" for n in range(60)], dtype=object))
    adapted = TwoTower.load(tmp_path / "bundle").with_items(other.items, vectors["other"]).fold_in(other)
    lists = adapted.recommend(np.arange(40, dtype=np.int32), 5, exclude=other.matrix())
    assert own_share(lists, catalogue(OTHER_SHOP)[1]) == pytest.approx(0.69, abs=0.02)


def test_a_stopped_training_goes_on_to_the_same_factors(
    rows: Interactions, vectors: dict[str, np.ndarray], tmp_path: Path
) -> None:
    train, warm = of_warm_items(rows)

    def stop(epoch: dict) -> None:
        if epoch["epoch"] == 2:
            raise KeyboardInterrupt

    def run(**more: object) -> TwoTower:
        inputs = Inputs(title_vectors=vectors["ours"][warm], **more)
        return TwoTower({**QUICK, "epochs": 3}, device="cpu").fit(train, features=inputs)

    whole = run()
    with pytest.raises(KeyboardInterrupt):
        run(checkpoint=tmp_path / "kept", on_epoch=stop)
    again = run(checkpoint=tmp_path / "kept")
    assert np.array_equal(again.user_factors, whole.user_factors)
    assert np.array_equal(again.item_factors, whole.item_factors)


def test_properties_of_users_stand_for_a_history() -> None:
    """Each user has met two items, drawn evenly from his country's ten."""
    rng, users = np.random.default_rng(0), 400
    country = np.arange(users) % 2
    met = np.repeat(np.arange(users), 2)
    rows = Interactions(
        met.astype(np.int32),
        (rng.integers(0, 10, len(met)) + 10 * country[met]).astype(np.int32),
        rng.integers(0, 100 * DAY, len(met)),
        np.ones(len(met), np.float32),
        np.array([f"u{n:03}" for n in range(users)], dtype=object),
        np.array([f"i{n:02}" for n in range(20)], dtype=object),
        until=100 * DAY,
    )
    facts = Facts(
        np.full(20, np.nan, np.float32),
        np.full(20, -1, np.int32),
        groups=np.eye(2, dtype=np.float32)[country],
        group_names=["country=A", "country=B"],
    )
    model = TwoTower({**QUICK, "epochs": 10}, device="cpu").fit(rows, features=Inputs(facts=facts))
    lists = model.recommend(np.arange(users, dtype=np.int32), 10)
    assert (lists // 10 == country[:, None]).mean() > 0.99


def test_what_stands_in_one_basket_is_no_history_of_itself() -> None:
    rows = Interactions(
        np.zeros(4, np.int32),
        np.array([0, 1, 2, 0], np.int32),
        np.array([1, 1, 2, 3], np.int64) * DAY,
        np.ones(4, np.float32),
        np.array(["a"], dtype=object),
        np.array(["x", "y", "z"], dtype=object),
    )
    given = {"length": 2, "negatives": 3, "id_dropout": 0.0, "device": torch.device("cpu")}
    source = HistorySource(read_sequences(rows), torch.zeros(3, 0), torch.zeros(1, 0), only_new=False, **given)
    assert source.stops.tolist() == [0, 0, 2, 3]
    assert len(source) == 4
    assert source.chances.tolist() == [0.5, 0.25, 0.25]
    fresh = HistorySource(read_sequences(rows), torch.zeros(3, 0), torch.zeros(1, 0), only_new=True, **given)
    assert fresh.rows.tolist() == [0, 1, 2]
    some = HistorySource(
        read_sequences(rows), torch.zeros(3, 0), torch.zeros(1, 0), only_new=False, max_events=2, seed=1, **given
    )
    assert len(some) == 2
    assert some.stops.tolist() == [0, 0, 2, 3]  # what is not asked is still history


def test_equal_logits_leave_the_chances_of_being_a_candidate() -> None:
    """At equal logits the likelihood of item j among the candidates is 1 / E_j over the sum of 1 / E of all of them."""
    rows = shop(TOPICS, users=8, per_user=4, seed=1)
    source = HistorySource(
        read_sequences(rows),
        torch.zeros(rows.n_items, 0),
        torch.zeros(8, 0),
        length=3,
        negatives=rows.n_items,
        id_dropout=0.0,
        only_new=False,
        device=torch.device("cpu"),
    )
    every = torch.arange(len(source))
    loss = source.loss(lambda *given: torch.zeros(len(every), len(given[5])), every)  # type: ignore[arg-type]
    odds = 1 / (np.bincount(rows.item_codes, minlength=rows.n_items) + 1)
    targets = source.sequences.items[source.rows]
    assert float(loss) == pytest.approx(float(-np.log(odds[targets] / odds.sum()).mean()), rel=1e-5)


def test_rows_without_an_order_are_learned_too(rows: Interactions, vectors: dict[str, np.ndarray]) -> None:
    train, warm = of_warm_items(rows)
    timeless = replace(train, times=np.zeros(len(train), np.int64), clock=NO_CLOCK, until=None)
    model = TwoTower(QUICK, device="cpu").fit(timeless, features=Inputs(title_vectors=vectors["ours"][warm]))
    lists = model.recommend(np.arange(train.n_users, dtype=np.int32), 5)
    assert own_share(lists, catalogue(TOPICS)[1][warm]) > 0.9


def test_texts_of_another_encoder_and_no_texts_are_refused(
    model: TwoTower, rows: Interactions, vectors: dict[str, np.ndarray]
) -> None:
    with pytest.raises(DataError, match="reads texts of 384 numbers"):
        model.with_items(rows.items, vectors["ours"][:, :10])
    with pytest.raises(DataError, match="neither titles nor ids"):
        TwoTower({"ids": False}, device="cpu").fit(rows)
