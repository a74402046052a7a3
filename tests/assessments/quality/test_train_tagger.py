"""The command that trains the tagger, and the tagger as the app reads it."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from assessments.common.errors import CancelledError, GovernError
from assessments.quality import ml_adapter
from tests.ml.text.tagging.conftest import encoder_folder  # noqa: F401 - a fixture

SMALL = {"texts": 40, "epochs": 1, "seed": 1, "threads": 1}


@pytest.fixture
def home(tmp_path: Path, settings: Any, encoder_folder: Path) -> Path:  # noqa: F811
    settings.HOME = tmp_path
    settings.ENCODER_MODEL = str(encoder_folder)
    return tmp_path


def test_before_a_training_there_is_no_tagger(home: Path) -> None:
    assert not ml_adapter.tagger_exists()
    assert ml_adapter.tagger_load() is None


def test_the_command_trains_and_the_app_finds_spans(home: Path) -> None:
    out, told = StringIO(), StringIO()
    call_command("train_tagger", "--texts", "40", "--epochs", "1", "--threads", "1", "--json", stdout=out, stderr=told)
    document = json.loads(out.getvalue())
    assert document["out"] == str(home / "models" / "tagger")
    assert document["bundle"]["bytes"] > 1_000_000
    assert "Making 40 texts" in told.getvalue()
    find = ml_adapter.tagger_load()
    assert find is not None
    texts = ["Ana Rossi, Via Roma 5, Bologna", ""]
    found = find(texts)
    assert len(found) == 2
    assert all(0 <= start < end <= len(texts[0]) and 0 <= score <= 1 for start, end, _, score in found[0])
    assert found[1] == []

    weights = home / "models" / "tagger" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(GovernError, match="damaged") as damaged:
        ml_adapter.tagger_load()
    assert "train_tagger" in damaged.value.hint


def test_a_cancelled_training_leaves_nothing(home: Path) -> None:
    def stop(fraction: float, message: str = "") -> None:
        raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        ml_adapter.tagger_train(options=SMALL, progress=stop)
    assert not ml_adapter.tagger_exists()


def test_a_failure_of_the_recipe_is_explained(home: Path, settings: Any) -> None:
    settings.ENCODER_MODEL = str(home / "nowhere")
    with pytest.raises(GovernError, match=r"modules\.json"):
        ml_adapter.tagger_train(options=SMALL)


@pytest.mark.parametrize("options", [("--texts", "2"), ("--epochs", "0"), ("--threads", "-1")])
def test_numbers_out_of_range_are_wrong_usage(home: Path, options: tuple[str, str]) -> None:
    with pytest.raises(Exception, match="at least"):
        call_command("train_tagger", *options)
