"""What the recipe does when the memory of the device does not suffice, and with a checkpoint."""

import json
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pytest
import torch

from ml.data.interactions import Codes, Interactions
from ml.errors import DataError
from ml.models import base
from ml.models.base import Progress, Recommender, Scores, silent
from ml.models.options import MODELS, Option
from ml.recipes import fitting
from ml.recipes.common import Events
from ml.recipes.fitting import fit
from ml.recipes.train import DEFAULTS

TINY = Interactions(
    user_codes=np.array([0, 1], np.int32),
    item_codes=np.array([0, 1], np.int32),
    times=np.array([1, 2], np.int64),
    weights=np.ones(2, np.float32),
    users=np.array(["a", "b"], dtype=object),
    items=np.array(["x", "y"], dtype=object),
)


class Hungry(Recommender):
    """Raises torch's error as often as ``failures`` says, and tells the sizes of batch that were tried."""

    name: ClassVar[str] = "hungry"
    failures: ClassVar[int] = 1
    tried: ClassVar[list[int]] = []
    error: ClassVar[BaseException] = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        Hungry.tried.append(int(self.options["batch_size"]))
        if len(Hungry.tried) <= Hungry.failures:
            raise Hungry.error
        features.on_epoch({"epoch": 1, "loss": float("nan"), "auc_validation": 0.5})
        return self

    def score(self, users: Codes) -> Scores:
        raise NotImplementedError

    def save(self, folder: Path) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def load(cls, folder: Path) -> Self:
        raise NotImplementedError


@pytest.fixture
def hungry(monkeypatch: pytest.MonkeyPatch) -> type[Hungry]:
    monkeypatch.setitem(MODELS, "hungry", (Option("batch_size", 1000, 1, 10_000, "examples of one step"),))
    monkeypatch.setitem(base.REGISTRY, "hungry", "x:y")
    monkeypatch.setattr(fitting, "create", lambda name, options, *, seed, device: Hungry(options, seed=seed))
    monkeypatch.setattr(Hungry, "tried", [])
    return Hungry


def told(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """What the recipe says while it fits this."""
    stream = StringIO()
    try:
        fit(
            {**DEFAULTS, "model": "hungry", "interactions": "x", "roles": {}, "split": "time:0.9", **spec},
            TINY,
            None,
            Events(stream),
        )
    finally:
        lines = stream.getvalue().splitlines()
    return [json.loads(line) for line in lines]


def test_out_of_memory_halves_the_batch_once_and_says_so(hungry: type[Hungry], tmp_path: Path) -> None:
    checkpoint = tmp_path / "state"
    checkpoint.mkdir()
    events = told({"checkpoint": str(checkpoint)})
    assert hungry.tried == [1000, 500]
    assert {"event": "note", "kind": "batch_halved", "from": 1000, "to": 500} in events
    assert any("halved from 1000 to 500" in str(event.get("message")) for event in events)
    assert events[-1] == {"event": "epoch", "epoch": 1, "loss": None, "auc_validation": 0.5}
    assert not checkpoint.exists()  # it was of another size of batch


def test_a_second_time_is_an_end_that_says_what_to_do(hungry: type[Hungry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hungry, "failures", 2)
    with pytest.raises(DataError, match="even for batches of 500") as caught:
        told({})
    assert (caught.value.where, hungry.tried) == ("option batch_size", [1000, 500])


def test_an_attempt_after_the_halving_begins_with_the_half_and_halves_no_more(hungry: type[Hungry]) -> None:
    with pytest.raises(DataError, match="even for batches of 500"):
        told({"batch_size": 500})
    assert hungry.tried == [500]


def test_another_error_is_no_want_of_memory(hungry: type[Hungry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hungry, "error", RuntimeError("shapes differ"))
    with pytest.raises(RuntimeError, match="shapes differ"):
        told({})
    assert hungry.tried == [1000]


def test_a_checkpoint_that_cannot_be_used_is_put_aside(
    hungry: type[Hungry], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "state"
    checkpoint.mkdir()
    monkeypatch.setattr(Hungry, "error", DataError("The model bundle is damaged.", where=str(checkpoint / "weights")))
    events = told({"checkpoint": str(checkpoint)})
    assert hungry.tried == [1000, 1000]
    assert any("begins anew" in str(event.get("message")) for event in events)
    assert not checkpoint.exists()


def test_other_data_errors_are_not_hidden(hungry: type[Hungry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hungry, "error", DataError("There are too few events to train on.", where="train"))
    with pytest.raises(DataError, match="too few events"):
        told({})
