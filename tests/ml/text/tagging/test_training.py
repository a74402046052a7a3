"""Fine-tuning learns, stops, and gives the same weights for the same seed; thresholds by hand."""

import dataclasses

import pytest
import torch

from ml.errors import DataError
from ml.evaluation.spans import Span, score_spans
from ml.text.personal_texts import LabelledText
from ml.text.tagger import Tagger
from ml.text.tagging.calibration import calibrate
from ml.text.tagging.encoders import empty_encoder
from ml.text.tagging.examples import Examples
from ml.text.tagging.labels import count_labels
from ml.text.tagging.network import TaggerNetwork
from ml.text.tagging.training import TaggerOptions, fine_tune
from ml.text.tagging.words import WordReader
from tests.ml.text.tagging.conftest import TINY

ENTITIES = ("NAME", "YEAR")
NAMES = ("Ana", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal")
OPTIONS = TaggerOptions(epochs=4, batch_size=16, encoder_rate=3e-3, head_rate=1e-2, seed=0)


def texts(count: int) -> list[LabelledText]:
    """Sentences that any tagger must learn: a name after "hello", a year of four digits."""
    made = []
    for number in range(count):
        name, year = NAMES[number * 7 % len(NAMES)], str(1900 + number * 13 % 100)
        text = f"hello {name} of {year}" if number % 2 else f"in {year} we said hello {name}"
        spans = [
            Span(text.index(name), text.index(name) + len(name), "NAME"),
            Span(text.index(year), text.index(year) + 4, "YEAR"),
        ]
        made.append(LabelledText(text, tuple(sorted(spans)), "toy"))
    return made


def train(reader: WordReader, options: TaggerOptions) -> tuple[Tagger, list[dict[str, float]]]:
    torch.manual_seed(options.seed)
    network = TaggerNetwork(empty_encoder(TINY), count_labels(ENTITIES))
    tagger = Tagger(network, reader, entities=ENTITIES)
    held = texts(60)[40:]

    def evaluate() -> dict[str, float]:
        return {"f1": score_spans([each.spans for each in held], tagger.spans([each.text for each in held])).micro().f1}

    return tagger, fine_tune(network, Examples(texts(320), reader, ENTITIES, window=64), evaluate, options)


def test_it_learns(reader: WordReader) -> None:
    tagger, curve = train(reader, OPTIONS)
    assert curve[-1]["loss"] < 0.75 * curve[0]["loss"]
    assert max(each["f1"] for each in curve) > 0.95
    assert [span.entity for span in tagger.spans(["hello Ana of 1931"])[0]] == ["NAME", "YEAR"]


def test_the_same_seed_gives_the_same_weights(reader: WordReader) -> None:
    one, other = (train(reader, dataclasses.replace(OPTIONS, epochs=1))[0] for _ in range(2))
    for name, weight in one.network.state_dict().items():
        assert torch.equal(weight, other.network.state_dict()[name]), name


def test_the_word_table_and_frozen_layers_stay(reader: WordReader) -> None:
    torch.manual_seed(0)
    before = TaggerNetwork(empty_encoder(TINY), count_labels(ENTITIES)).encoder.state_dict()
    tagger, _ = train(reader, dataclasses.replace(OPTIONS, epochs=1, frozen_layers=1))
    after = tagger.network.encoder.state_dict()
    same = {name for name in before if torch.equal(before[name], after[name])}
    assert "embeddings.word_embeddings.weight" in same
    assert any(name.startswith("encoder.layer.0.") for name in same)
    assert "encoder.layer.1.intermediate.dense.weight" not in same


def test_a_loss_that_is_no_number_ends_it(reader: WordReader) -> None:
    with pytest.raises(DataError, match="diverged"):
        train(reader, dataclasses.replace(OPTIONS, encoder_rate=float("nan")))


def test_threshold_drops_what_is_more_often_wrong() -> None:
    truth = [[Span(0, 4, "A")] for _ in range(40)]
    found = [[Span(0, 4, "A", 0.9), Span(6, 9, "A", 0.6)] for _ in range(40)]
    assert calibrate(truth, found, ("A", "B")) == {"A": 0.7, "B": 0.7}
