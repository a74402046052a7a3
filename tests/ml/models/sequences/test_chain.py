"""On a shop where each item has favourite successors the oracle is known: sequence models must come near it."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from chains import chain_shop, ndcg_at_10

from ml.data.interactions import Interactions
from ml.errors import DataError
from ml.models.base import create
from ml.models.inputs import Inputs

USERS, ITEMS, STEPS = 1000, 100, 16
Shop = tuple[Interactions, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return chain_shop(USERS, ITEMS, STEPS)


def quality(name: str, shop: Shop, **options: Any) -> float:
    """NDCG@10 of the next item, as a part of the oracle's who ranks by the true chances."""
    train, truth, chances = shop
    last = train.item_codes.reshape(USERS, STEPS)[:, -1]
    oracle = ndcg_at_10(chances[last].astype(np.float32), truth)
    model = create(name, options, seed=0, device="cpu").fit(train)
    return ndcg_at_10(model.score(np.arange(USERS, dtype=np.int32)), truth) / oracle


@pytest.mark.parametrize(
    ("name", "options", "reach"),
    [
        ("sasrec", {"epochs": 7}, 0.9),
        ("sasrec", {"epochs": 7, "loss": "sampled_softmax", "negatives": 40}, 0.9),
        ("sasrec", {"epochs": 15, "loss": "gbce", "negatives": 40}, 0.8),
        ("convolution", {"epochs": 7}, 0.9),
        ("bert4rec", {"epochs": 16, "patience": 16}, 0.7),
    ],
)
def test_models_come_near_the_oracle(name: str, options: dict[str, Any], reach: float, shop: Shop) -> None:
    assert quality(name, shop, **options) > reach


def test_models_without_order_stay_far_below(shop: Shop) -> None:
    """So that the shop tells models that read the order from those that do not."""
    assert quality("ease", shop) < 0.3
    assert quality("popular", shop) < 0.3


def test_people_who_were_not_trained_on_are_told_from_their_history(shop: Shop) -> None:
    train, truth, chances = shop
    known = train.select(train.user_codes < 800)
    model = create("sasrec", {"epochs": 7}, seed=0, device="cpu").fit(known)
    strange = train.select(train.user_codes >= 800)
    folded = model.fold_in(strange)
    users = np.arange(800, USERS, dtype=np.int32)
    oracle = ndcg_at_10(chances[train.item_codes.reshape(USERS, STEPS)[users, -1]].astype(np.float32), truth[users])
    assert ndcg_at_10(folded.score(users), truth[users]) > 0.85 * oracle
    popular = np.log1p(np.bincount(known.item_codes, minlength=ITEMS)).astype(np.float32)
    np.testing.assert_allclose(folded.score(np.array([0], np.int32))[0], popular, rtol=1e-6)  # he has no history there


def test_a_training_that_is_cut_off_ends_as_one_that_was_not(tmp_path: Path, shop: Shop) -> None:
    train = shop[0]
    options = {"epochs": 3, "width": 16, "pretraining": "masked", "pretraining_epochs": 2}

    def cut(epoch: dict[str, Any]) -> None:
        if epoch["epoch"] == 2:
            raise KeyboardInterrupt

    whole = create("sasrec", options, seed=1, device="cpu").fit(train)
    with pytest.raises(KeyboardInterrupt):
        create("sasrec", options, seed=1, device="cpu").fit(
            train, features=Inputs(checkpoint=tmp_path / "kept", on_epoch=cut)
        )
    told: list[str] = []
    again = create("sasrec", options, seed=1, device="cpu").fit(
        train, features=Inputs(checkpoint=tmp_path / "kept", log=told.append)
    )
    users = np.arange(50, dtype=np.int32)
    assert np.array_equal(again.score(users), whole.score(users))
    assert [each["loss"] for each in again.learning_curve] == [each["loss"] for each in whole.learning_curve]
    assert any("Pre-training: masked" in each for each in told)


@pytest.mark.parametrize("name", ["sasrec", "bert4rec"])
def test_heads_that_do_not_share_the_width_are_refused(name: str, shop: Shop) -> None:
    with pytest.raises(DataError, match="not a multiple of 3 heads") as caught:
        create(name, {"heads": 3}).fit(shop[0])
    assert caught.value.where == "option heads"


@pytest.mark.parametrize("name", ["sasrec", "bert4rec", "convolution"])
def test_users_of_one_instant_teach_no_order(name: str, shop: Shop) -> None:
    train = shop[0]
    one_each = train.select(np.arange(len(train)) % STEPS == 0)
    with pytest.raises(DataError, match="No user has enough interactions"):
        create(name, {"epochs": 1}).fit(one_each)
