"""Examples of lists on a run's page: in words, with reasons, and without people for who may not train."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.test import Client

from assessments.dashboards.run_examples import THEMES, reasons_of
from assessments.recommenders.models import TrainingRun
from ml.explanation.features import feature_themes

As = Callable[[str], Client]
REASON = {
    "kind": "history",
    "because": [
        {"item": "i7", "title": "Blue cup", "contribution": 0.6, "share": 0.75},
        {"item": "i8", "title": "", "contribution": -0.2, "share": 0.25},
    ],
    "others": 0.0,
}
EXAMPLE: dict[str, Any] = {
    "user": "customer-77",
    "known": 12,
    "had": [{"item": "i7", "title": "Blue cup"}, {"item": "i8", "title": ""}],
    "wanted": 2,
    "found": 1,
    "length": 10,
    "items": [
        {"item": "i1", "title": "Red lamp <b>", "right": True, "had": False, "reason": REASON},
        {"item": "i7", "title": "Blue cup", "right": False, "had": True, "reason": REASON},
    ],
}


def page(shop: SimpleNamespace, client: Client, **changes: Any) -> str:
    TrainingRun.objects.filter(pk=shop.training_run.pk).update(examples=[EXAMPLE | changes])
    return client.get(f"/recommenders/{shop.training_run.pk}/").content.decode()


def test_a_list_is_shown_with_its_reasons(shop: SimpleNamespace, client_as: As) -> None:
    text = page(shop, client_as("steward"))
    assert "customer-77" in text
    assert "12 events known" in text
    assert "Blue cup · i8" in text
    assert "1 of the 2 items taken later are among the first 10." in text
    assert "Red lamp &lt;b&gt;" in text
    assert "Blue cup (75.0\N{NO-BREAK SPACE}%)" in text
    assert "i8, speaks against it (25.0\N{NO-BREAK SPACE}%)" in text
    assert text.count("was taken</span>") == 1
    assert text.count("had before</span>") == 1


def test_who_may_not_train_does_not_see_who_it_is(shop: SimpleNamespace, client_as: As) -> None:
    text = page(shop, client_as("viewer"))
    assert "customer-77" not in text
    assert "c••••••••••" in text
    assert "Who they are is hidden from your role." in text
    assert "Blue cup (75.0\N{NO-BREAK SPACE}%)" in text


def test_a_model_that_gives_no_reasons_says_so(shop: SimpleNamespace, client_as: As) -> None:
    items = [each | {"reason": None} for each in EXAMPLE["items"]]
    text = page(shop, client_as("steward"), items=items)
    assert "This kind of recommender cannot say what led to a recommendation." in text
    assert "Because of" not in text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, []),
        ({"kind": "popular"}, ["many took it: the list is the same for everybody"]),
        (
            {
                "kind": "features",
                "because": [{"feature": "taste", "contribution": 1.234}, {"feature": "price", "contribution": -0.5}],
            },
            ["likeness to what the person took\N{NO-BREAK SPACE}+1.23", "price\N{NO-BREAK SPACE}−0.50"],
        ),
    ],
)
def test_reasons_in_words(reason: dict[str, Any] | None, words: list[str]) -> None:
    assert reasons_of(reason) == words


def test_every_theme_of_ml_has_words() -> None:
    model: Any = SimpleNamespace(
        history=SimpleNamespace(user=np.zeros((1, 3)), item=np.zeros((1, 12))), titles=np.zeros((1, 2))
    )
    assert set(feature_themes(model)) == set(THEMES)
