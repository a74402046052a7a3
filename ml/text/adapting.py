"""Fine-tunes a sentence encoder on pairs of texts that belong together, by low-rank adapters.

LoRA (Hu et al., ICLR 2022; the library ``peft``, extra ``lora``) learns two thin matrices beside each query and value
of the attention and leaves the encoder as it is; merged into it at the end they cost nothing. The loss is the
cross-entropy of a text's partner among all partners of the batch (Henderson et al., 2017; "InfoNCE"). The rate warms up
in a straight line, then falls to 0: without that the first steps of Adam tear at what the encoder knows.
"""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.errors import DataError
from ml.models.base import Progress, silent
from ml.text.encoder import SentenceEncoder
from ml.training.device import one_thread
from ml.training.loop import LoopOptions, train
from ml.training.randomness import seeded

SCALE = 20.0  # by which cosines are multiplied before the softmax, as sentence-transformers does
METRIC = "accuracy_validation"
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class LoraOptions:
    rank: int = 8
    alpha: int = 16  # the adapters' product is multiplied by alpha / rank
    dropout: float = 0.05
    targets: tuple[str, ...] = ("query", "value")  # names of the linear layers that get adapters
    epochs: int = 3
    patience: int = 3
    batch_size: int = 32  # pairs
    learning_rate: float = 1e-3
    warm_up: float = 0.1  # share of all steps
    seed: int = 0


class Adapted(nn.Module):
    """The encoder with its adapters; its state is that of the adapters alone, so that checkpoints stay small."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, texts: list[str]) -> Tensor:
        """[n, dimensions] vectors of length 1."""
        device = next(self.parameters()).device
        features = {
            name: value.to(device) if isinstance(value, Tensor) else value
            for name, value in self.encoder.preprocess(texts).items()
        }
        return functional.normalize(self.encoder(features)["sentence_embedding"], dim=1)

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Tensor]:  # type: ignore[override]
        return {name: each.detach() for name, each in self.named_parameters() if each.requires_grad}

    def load_state_dict(self, state_dict: Any, *args: Any, **kwargs: Any) -> Any:
        own = self.state_dict()
        if own.keys() != state_dict.keys():
            raise RuntimeError("These are the weights of other adapters.")
        with torch.no_grad():
            for name, each in own.items():
                each.copy_(state_dict[name])


class PairSource:
    """A ``ml.training.sources.Source`` of pairs; equal partners of one batch are not told from each other."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = list(pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self.pairs).encode()).hexdigest()

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        chosen = [self.pairs[place] for place in positions.tolist()]
        partners = sorted({partner for _, partner in chosen})
        place = {text: row for row, text in enumerate(partners)}
        vectors = model([text for text, _ in chosen] + partners)
        asked, answers = vectors[: len(chosen)], vectors[len(chosen) :]
        own = torch.tensor([place[partner] for _, partner in chosen], device=vectors.device)
        return functional.cross_entropy(SCALE * asked @ answers.T, own)


def adapt(
    encoder: SentenceEncoder,
    pairs: Pairs,
    validation: Pairs,
    options: LoraOptions | None = None,
    *,
    checkpoint: Path | None = None,
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None,
    progress: Progress = silent,
) -> list[dict[str, Any]]:
    """Fine-tune the loaded encoder in place and return the learning curve; its best epoch is merged into it.

    Raises DataError without ``peft``, for too few pairs and for layers that the encoder does not have.
    """
    given = options or LoraOptions()
    if len(pairs) < 2 or not validation:
        raise DataError("There are too few pairs of texts to learn from.", where="pairs", hint="Give more of them.")
    loaded = encoder.loaded()
    with seeded(given.seed, torch.device(encoder.device)):
        lora = add_adapters(loaded[0].model, given)
    model = Adapted(loaded).to(encoder.device)
    steps = math.ceil(len(pairs) / given.batch_size) * given.epochs
    loop = LoopOptions(
        epochs=given.epochs,
        patience=given.patience,
        batch_size=given.batch_size,
        learning_rate=given.learning_rate,
        warmup_steps=max(1, round(given.warm_up * steps)),
        decay="linear",
        clip=1.0,
        seed=given.seed,
        metric=METRIC,
    )
    try:
        with one_thread():
            return train(
                model,
                PairSource(pairs),
                lambda trained: {METRIC: accuracy(encoder, validation)},
                loop,
                device=torch.device(encoder.device),
                on_epoch=on_epoch,
                progress=progress,
                checkpoint=checkpoint,
            )
    finally:
        loaded[0].model = lora.merge_and_unload()
        loaded.eval()


def accuracy(encoder: SentenceEncoder, pairs: Pairs) -> float:
    """The share of first texts that are more like their own partner than like any other partner."""
    encoder.loaded().eval()
    partners = sorted({partner for _, partner in pairs})
    asked, answers = encoder.encode([text for text, _ in pairs]), encoder.encode(partners)
    found = (asked @ answers.T).argmax(axis=1)
    right = [partners[place] == partner for place, (_, partner) in zip(found, pairs, strict=True)]
    return float(sum(right)) / len(right)


def add_adapters(network: nn.Module, options: LoraOptions) -> Any:
    """Put untrained adapters into the network, which says what it said before; gives what can merge them."""
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError as error:
        raise DataError(
            "Fine-tuning needs the package peft.", where="peft", hint="Install it: pip install 'govern[lora]'."
        ) from error
    config = LoraConfig(
        r=options.rank,
        lora_alpha=options.alpha,
        lora_dropout=options.dropout,
        target_modules=list(options.targets),
    )
    try:
        return get_peft_model(network, config)
    except ValueError as error:
        raise DataError(
            f"The encoder has no layers called {', '.join(options.targets)}.", where="option targets"
        ) from error


def save_encoder(encoder: SentenceEncoder, folder: Path) -> Path:
    """Write the encoder as a folder of safetensors that GOVERN_ENCODER_MODEL may name; gives the folder."""
    encoder.loaded().save_pretrained(str(folder), safe_serialization=True, create_model_card=False)
    return folder
