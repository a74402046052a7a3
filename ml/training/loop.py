"""One plain training loop: batches in a seeded order, AdamW, early stopping, a guard against divergence."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from ml.errors import DataError
from ml.models.base import Progress, silent
from ml.training.checkpoints import load_checkpoint, save_checkpoint

KEPT_OPTIONS = ("seed", "batch_size", "learning_rate", "weight_decay")  # a resumed training must not change these
GUARD_STEPS = 200  # how often, in steps, the loss is looked at within an epoch


@dataclass(frozen=True)
class LoopOptions:
    epochs: int = 20
    patience: int = 3
    batch_size: int = 2048
    learning_rate: float = 0.001
    weight_decay: float = 0.01
    seed: int = 0


class Source(Protocol):
    """Training examples on their device.

    ``loss`` is that of the examples at these positions; ``fingerprint`` is the same for the same examples alone.
    """

    def __len__(self) -> int: ...

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor: ...

    def fingerprint(self) -> str: ...


@dataclass
class Progressing:
    """How far a training is: what a checkpoint holds besides model, optimiser and random state."""

    epochs: list[dict[str, Any]] = field(default_factory=list)
    best: float = -math.inf
    best_epoch: int = 0
    best_weights: dict[str, Tensor] = field(default_factory=dict)


def train(
    model: nn.Module,
    source: Source,
    evaluate: Callable[[nn.Module], dict[str, float]],
    options: LoopOptions,
    *,
    device: torch.device,
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None,
    progress: Progress = silent,
    checkpoint: Path | None = None,
) -> list[dict[str, Any]]:
    """Train in place and return the learning curve; the model ends with the weights of its best epoch.

    After each epoch ``evaluate`` gives its figures, of which ``auc_validation`` decides: training stops when it has not
    risen for ``patience`` epochs. A checkpoint that is there is resumed and gives the same result as one go.
    Raises DataError when the loss is no longer a finite number, and for the checkpoint of another training.
    """
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay)
    order = torch.Generator().manual_seed(options.seed)
    state = Progressing()
    of = {name: getattr(options, name) for name in KEPT_OPTIONS}
    if checkpoint is not None:
        of["examples"] = source.fingerprint()
        if checkpoint.exists():
            load_checkpoint(checkpoint, model, optimiser, order, state, of=of)
    while len(state.epochs) < options.epochs and len(state.epochs) - state.best_epoch < options.patience:
        number, started = len(state.epochs) + 1, time.perf_counter()
        loss = _epoch(model, source, optimiser, options, order, device)
        trained = time.perf_counter() - started
        figures = {"epoch": number, "loss": loss, **evaluate(model)}
        figures |= {"train_seconds": trained, "seconds": time.perf_counter() - started}
        state.epochs.append(figures)
        _remember(state, model, figures["auc_validation"])
        if checkpoint is not None:
            save_checkpoint(checkpoint, model, optimiser, order, state, of=of)
        on_epoch(figures)
        progress(number / options.epochs, f"Epoch {number}: validation AUC {figures['auc_validation']:.4f}")
    model.load_state_dict(state.best_weights)
    for figures in state.epochs:
        figures["best"] = figures["epoch"] == state.best_epoch
    return state.epochs


def _epoch(
    model: nn.Module,
    source: Source,
    optimiser: torch.optim.Optimizer,
    options: LoopOptions,
    order: torch.Generator,
    device: torch.device,
) -> float:
    """One pass over all examples; the mean loss."""
    model.train()
    positions = torch.randperm(len(source), generator=order).to(device)
    total = torch.zeros((), device=device)
    for step, batch in enumerate(torch.split(positions, options.batch_size)):
        optimiser.zero_grad(set_to_none=True)
        loss = source.loss(model, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        total += loss.detach() * len(batch)
        if step % GUARD_STEPS == 0:
            _guard(float(total))
    mean = float(total) / len(source)
    _guard(mean)
    return mean


def _guard(loss: float) -> None:
    if not math.isfinite(loss):
        raise DataError(
            "The training diverged: its loss is not a finite number.",
            where="option learning_rate",
            hint="Choose a smaller learning rate, and look for extreme values in the prices.",
        )


def _remember(state: Progressing, model: nn.Module, auc: float) -> None:
    if auc > state.best or not state.best_weights:
        state.best, state.best_epoch = auc, len(state.epochs)
        state.best_weights = {key: value.detach().clone() for key, value in model.state_dict().items()}
