"""The recipe from options to a bundle that loads, on a tiny encoder."""

import json
from pathlib import Path

import pytest

from ml.recipes import train_tagger
from ml.text.tagger import Tagger
from tests.ml.text.tagging.conftest import encoder_folder  # noqa: F401 - a fixture


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict]]:
    code = train_tagger.main(list(arguments))
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_options_in_bundle_out(encoder_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    options = (
        "--texts",
        "60",
        "--epochs",
        "2",
        "--seed",
        "3",
        "--validation-texts",
        "20",
        "--encoder",
        str(encoder_folder),
    )
    code, events = run(capsys, "--out", str(tmp_path / "one"), *options)
    assert code == 0
    assert [event["event"] for event in events].count("epoch") == 2
    assert [event["fraction"] for event in events if event["event"] == "progress"][-1] == 0.95
    result = events[-1]
    assert result["event"] == "result"
    assert set(result["validation"]["*"]) == {"precision", "recall", "f1", "hits", "found", "labelled"}
    tagger = Tagger.load(tmp_path / "one")
    assert tagger.training["seed"] == 3
    assert tagger.training["texts"] == 60
    assert len(tagger.training["encoder_digest"]) == 64
    assert set(tagger.thresholds) == set(tagger.entities)


@pytest.mark.parametrize(("name", "value"), [("--texts", "3"), ("--epochs", "0"), ("--encoder", "/nowhere")])
def test_a_wrong_option_is_explained(name: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, events = run(capsys, "--out", str(tmp_path / "x"), "--texts", "20", name, value)
    assert code == 1
    assert events[-1]["event"] == "error"
    assert not (tmp_path / "x").exists()
