"""The tagger as a whole: the same answer every time, long texts, and its bundle."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ml.errors import DataError
from ml.models.bundle import write_bundle
from ml.text.tagger import Tagger

TEXTS = ["Zoë Lee 👩‍🚀 lives in Bonn", "王小明住在上海。", "", " \n", "call +44 20 7946 0958 now " * 30]


def test_the_same_texts_give_the_same_spans(tagger: Tagger) -> None:
    first = tagger.spans(TEXTS)
    assert first == tagger.spans(TEXTS)
    assert len(first) == len(TEXTS)
    assert first[2] == first[3] == []
    assert any(first)


def test_spans_lie_in_the_text_in_order_and_apart(tagger: Tagger) -> None:
    for text, spans in zip(TEXTS, tagger.spans(TEXTS), strict=True):
        assert all(0 <= span.start < span.end <= len(text) and 0 <= span.score <= 1 for span in spans)
        assert all(not text[edge].isspace() for span in spans for edge in (span.start, span.end - 1))
        assert all(one.end <= other.start for one, other in pairwise(spans))


def test_a_text_is_judged_alike_alone_and_among_others(tagger: Tagger) -> None:
    words = tagger.reader.read(TEXTS)
    together = tagger.word_scores(words)
    for one, score in zip(words, together, strict=True):
        np.testing.assert_allclose(tagger.word_scores([one])[0], score, atol=1e-4)


def test_a_long_text_is_judged_by_the_window_around_each_word(tagger: Tagger) -> None:
    text = "the quick brown fox " * 60
    words = tagger.reader.read([text])[0]
    scores = tagger.word_scores([words])[0]
    np.testing.assert_allclose(np.exp(scores).sum(axis=1), 1.0, atol=1e-4)  # no word was left out
    near = tagger.reader.read([text[: 4 * 48]])[0]
    inner = slice(0, 36)  # words that the first window holds alone
    assert len(near) < tagger.window
    np.testing.assert_allclose(tagger.word_scores([near])[0][0], scores[0], atol=0.5)
    assert scores[inner].shape == (36, scores.shape[1])


def test_thresholds_drop_spans(tagger: Tagger) -> None:
    tagger.thresholds = dict.fromkeys(tagger.entities, 1.1)
    assert tagger.spans(TEXTS) == [[]] * len(TEXTS)


def test_a_saved_tagger_answers_as_before(tagger: Tagger, tmp_path: Path) -> None:
    tagger.thresholds = {"PERSON": 0.25}
    manifest = tagger.save(tmp_path / "tagger")
    again = Tagger.load(tmp_path / "tagger")
    assert again.entities == tagger.entities
    assert again.thresholds == tagger.thresholds
    assert (again.window, again.overlap, again.training) == (48, 12, {"seed": 1})
    words = tagger.reader.read(TEXTS)
    for one, other in zip(tagger.word_scores(words), again.word_scores(words), strict=True):
        np.testing.assert_allclose(one, other, atol=0.02)  # weights are kept in half precision
    assert manifest["digest"] == again.save(tmp_path / "copy")["digest"]
    assert Tagger.load(tmp_path / "copy").spans(TEXTS) == again.spans(TEXTS)


def test_a_damaged_bundle_is_refused(tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path / "tagger")
    weights = tmp_path / "tagger" / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    with pytest.raises(DataError, match="damaged"):
        Tagger.load(tmp_path / "tagger")


def test_a_foreign_bundle_and_no_bundle_are_refused(tagger: Tagger, tmp_path: Path) -> None:
    write_bundle(tmp_path / "other", name="ease", config={}, arrays={}, vocabulary={})
    with pytest.raises(DataError, match="'ease'"):
        Tagger.load(tmp_path / "other")
    with pytest.raises(DataError, match="not a model bundle"):
        Tagger.load(tmp_path)


@pytest.mark.parametrize("change", ["no weights", "no tokenizer", "no encoder", "unknown encoder"])
def test_a_bundle_that_lacks_a_part_is_refused(tagger: Tagger, tmp_path: Path, change: str) -> None:
    config = {
        "encoder": tagger.network.encoder.config.to_dict() if change != "unknown encoder" else {"model_type": "none"},
        "thresholds": {},
        "window": 48,
        "overlap": 12,
        "training": {},
    }
    if change == "no encoder":
        del config["encoder"]
    vocabulary = {"entities": list(tagger.entities)}
    if change != "no tokenizer":
        vocabulary["tokenizer"] = [tagger.reader.document]
    arrays = {} if change == "no weights" else tagger.network.state_dict()
    write_bundle(tmp_path / "tagger", name="tagger", config=config, arrays=arrays, vocabulary=vocabulary)
    with pytest.raises(DataError):
        Tagger.load(tmp_path / "tagger")


def test_a_bundle_holds_no_text_of_training(tagger: Tagger, tmp_path: Path) -> None:
    manifest = tagger.save(tmp_path / "tagger")
    assert json.dumps(manifest)
    assert sorted(path.name for path in (tmp_path / "tagger").iterdir()) == [
        "README.md",
        "manifest.json",
        "vocabulary.json",
        "weights.safetensors",
    ]
