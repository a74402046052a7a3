"""Low-rank adapters: they begin as nothing, learn what belongs together, and are gone when merged."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ml.errors import DataError
from ml.text.adapting import LoraOptions, PairSource, accuracy, adapt, add_adapters, save_encoder
from ml.text.encoder import SentenceEncoder

pytest.importorskip("peft", reason="the extra lora is not installed")

# Names that only this shop knows: the plain encoder cannot tell what they mean.
GOODS = {"frobnik": "coffee machine", "zarvel": "garden hose", "quimby": "running shoe", "plonder": "desk lamp"}
FORMS = ("{} new", "cheap {}", "buy {} online", "{} in blue", "my {}", "best {}", "{} sale", "large {}")
TRAIN = [(form.format(name), good) for form in FORMS[:6] for name, good in GOODS.items()]
VALIDATION = [(form.format(name), good) for form in FORMS[6:] for name, good in GOODS.items()]
QUICK = LoraOptions(epochs=6, patience=6, batch_size=8, learning_rate=3e-3)


@pytest.fixture(scope="module")
def learned() -> tuple[SentenceEncoder, list[dict]]:
    encoder = SentenceEncoder()
    return encoder, adapt(encoder, TRAIN, VALIDATION, QUICK)


def test_it_learns_the_words_of_a_shop(learned: tuple[SentenceEncoder, list[dict]]) -> None:
    encoder, curve = learned
    assert accuracy(SentenceEncoder(), VALIDATION) <= 0.5
    assert accuracy(encoder, VALIDATION) == 1.0
    assert max(epoch["accuracy_validation"] for epoch in curve) == 1.0
    assert sum(epoch["best"] for epoch in curve) == 1


def test_nothing_is_left_of_the_adapters_and_the_encoder_is_one_as_before(
    learned: tuple[SentenceEncoder, list[dict]], tmp_path: Path
) -> None:
    encoder, _ = learned
    names = set(SentenceEncoder().loaded().state_dict())
    assert set(encoder.loaded().state_dict()) == names
    again = SentenceEncoder(save_encoder(encoder, tmp_path / "encoder"))
    texts = [text for text, _ in VALIDATION]
    np.testing.assert_allclose(again.encode(texts), encoder.encode(texts), atol=1e-5)


def test_untrained_adapters_change_nothing_and_are_few() -> None:
    encoder = SentenceEncoder()
    before = encoder.encode(["a red lamp"])
    add_adapters(encoder.loaded()[0].model, LoraOptions(rank=4))
    np.testing.assert_allclose(encoder.encode(["a red lamp"]), before, atol=1e-6)
    trained = [each.numel() for each in encoder.loaded().parameters() if each.requires_grad]
    assert sum(trained) == 6 * 2 * 2 * 4 * 384  # layers, query and value, two matrices, rank, width


def test_equal_partners_of_a_batch_are_one_answer() -> None:
    vectors = {"a": [1.0, 0.0], "b": [1.0, 0.0], "x": [1.0, 0.0], "y": [0.0, 1.0]}
    source = PairSource([("a", "x"), ("b", "x"), ("a", "y")])
    loss = source.loss(lambda texts: torch.tensor([vectors[text] for text in texts]), torch.arange(3))  # type: ignore[arg-type]
    assert float(loss) == pytest.approx((2 * np.log1p(np.exp(-20)) + np.log1p(np.exp(20))) / 3)


def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    options = LoraOptions(epochs=2, batch_size=12)

    def stop(epoch: dict) -> None:
        raise KeyboardInterrupt

    whole, stopped, again = (SentenceEncoder() for _ in range(3))
    adapt(whole, TRAIN, VALIDATION, options)
    with pytest.raises(KeyboardInterrupt):
        adapt(stopped, TRAIN, VALIDATION, options, checkpoint=tmp_path, on_epoch=stop)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2_000_000  # the adapters, not the encoder
    adapt(again, TRAIN, VALIDATION, options, checkpoint=tmp_path)
    for name, each in whole.loaded().state_dict().items():
        assert torch.equal(each, again.loaded().state_dict()[name]), name


def test_too_few_pairs_and_unknown_layers_are_explained() -> None:
    with pytest.raises(DataError, match="too few pairs"):
        adapt(SentenceEncoder(), TRAIN[:1], VALIDATION)
    with pytest.raises(DataError, match="no layers called nothing"):
        adapt(SentenceEncoder(), TRAIN, VALIDATION, LoraOptions(targets=("nothing",)))
