"""What led to a recommendation: the parts add up to the score, and the planted reason is named first."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ml.data.interactions import compact
from ml.data.splits import Parts
from ml.errors import DataError
from ml.explanation.history import explain_by_history
from ml.models.base import create
from tests.ml.evaluation.conftest import shop

MODELS = [
    ("ease", {"l2": 5.0}),
    ("ease", {"l2": 5.0, "binary": False}),
    ("item_neighbours", {"neighbours": 8}),
    ("item_neighbours", {"similarity": "jaccard", "half_life_days": 20.0}),
    ("user_neighbours", {"neighbours": 8}),
    ("user_neighbours", {"similarity": "jaccard", "shrinkage": 3.0}),
    ("user_neighbours", {"similarity": "bm25", "half_life_days": 20.0}),
]


@pytest.mark.parametrize(("name", "options"), MODELS)
def test_the_parts_add_up_to_the_score(name: str, options: dict) -> None:
    train = shop(5)
    model, met = create(name, options).fit(train), train.matrix()
    scores = model.score(np.arange(train.n_users, dtype=np.int32))
    explained = 0
    for user in range(0, train.n_users, 7):
        for item in range(0, train.n_items, 5):
            found = explain_by_history(model, user, item)
            assert sum(found.contributions) == pytest.approx(scores[user, item], rel=1e-4, abs=1e-5)
            assert set(found.items) == set(train.items[met[[user]].indices])
            assert sorted(found.contributions, key=abs, reverse=True) == found.contributions
            explained += abs(found.score) > 0
    assert explained > 30


@pytest.mark.parametrize("name", ["ease", "item_neighbours", "user_neighbours"])
def test_the_article_of_the_same_circle_is_the_reason(name: str) -> None:
    """Customers of two circles; user 0 met one article of the first circle and many of the second, and is recommended
    another of the first."""
    train = shop(6, users=80, items=20, rows=100)
    rng = np.random.default_rng(0)
    pairs = {
        (user, item)
        for user in range(80)
        for item in range(10 * (user % 2), 10 * (user % 2) + 10)
        if rng.random() < 0.7
    }
    pairs = {pair for pair in pairs if pair[0] != 0} | {(0, 3)} | {(0, item) for item in range(11, 15)}
    users, items = np.array(sorted(pairs), np.int32).T
    rows = replace(
        train,
        user_codes=users,
        item_codes=items,
        times=np.arange(len(users), dtype=np.int64),
        weights=np.ones(len(users), np.float32),
    )
    document = explain_by_history(create(name).fit(rows), 0, 5).document(most=2)
    assert document["because"][0]["item"] == rows.items[3]
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    whole = sum(each["contribution"] for each in document["because"]) + document["others"]
    assert whole == pytest.approx(document["score"], rel=1e-4, abs=1e-6)


def test_users_who_were_folded_in_are_explained_by_their_own_history() -> None:
    train, later = shop(5), shop(7)
    for name in ("ease", "item_neighbours"):
        folded = create(name).fit(train).fold_in(later)
        found = explain_by_history(folded, 3, 2)
        assert set(found.items) == set(later.items[later.matrix()[[3]].indices])
        assert sum(found.contributions) == pytest.approx(found.score, rel=1e-4, abs=1e-5)
    few = later.select(later.user_codes < 30)
    held = compact(few)
    held = replace(held, items=train.items, item_codes=few.item_codes)
    with pytest.raises(DataError, match="folded in"):
        explain_by_history(create("user_neighbours").fit(train).fold_in(held), 3, 2)


def test_what_cannot_be_explained_is_refused(parts: Parts) -> None:
    with pytest.raises(DataError, match="popular cannot say"):
        explain_by_history(create("popular").fit(parts.train), 0, 0)
    for user, item in ((-1, 0), (0, 10**6)):
        with pytest.raises(DataError, match="does not know"):
            explain_by_history(create("ease").fit(parts.train), user, item)
