"""What a checkpoint of the loop holds, when one is written, and how a training goes on from it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ml.errors import DataError
from ml.training.checkpoints import (
    check_same,
    moments_to_tensors,
    read_checkpoint,
    tensors_to_moments,
    under,
    write_checkpoint,
)
from ml.training.options import LoopOptions
from ml.training.precision import Precision
from ml.training.randomness import read_states, write_states
from ml.training.sources import PlannedSource, Source
from ml.training.state import State

NUMBERS = ("epochs", "best", "best_epoch", "step", "steps", "first_loss", "spent")


@dataclass
class Keeper:
    """Writes and restores checkpoints of one training; without a folder it does nothing."""

    folder: Path | None
    model: nn.Module
    optimiser: torch.optim.Optimizer
    precision: Precision
    source: Source
    options: LoopOptions
    device: torch.device
    log: Callable[[str], None]
    of: dict[str, Any] = field(default_factory=dict)
    written: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        if self.folder is not None:
            self.of = {**self.options.kept(), "examples": self.source.fingerprint()}

    def due(self, step: int) -> bool:
        """Whether ``step`` (of the whole training) is to be followed by a checkpoint."""
        if self.folder is None:
            return False
        every = self.options.checkpoint_steps
        return bool(every and step % every == 0) or time.monotonic() - self.written >= self.options.checkpoint_seconds

    def save(self, state: State) -> None:
        """A full disk costs the checkpoint, not the training: the former one stays and the log says so."""
        if self.folder is None:
            return
        facts: dict[str, Any] = {"of": self.of, **{name: getattr(state, name) for name in NUMBERS}}
        facts["scaler"] = self.precision.scaler.state_dict()
        try:
            write_checkpoint(self.folder, self._tensors(state), facts)
        except OSError as error:
            reason = error.strerror or str(error)
            self.log(f"The checkpoint could not be written ({reason}); the training goes on, the former one stays.")
        self.written = time.monotonic()

    def restore(self, state: State) -> None:
        """Put everything back in place. Raises DataError for a damaged checkpoint or that of another training."""
        kept = read_checkpoint(self.folder) if self.folder is not None else None
        if kept is None:
            return
        tensors, facts = kept
        check_same(self.folder or Path(), facts.get("of"), self.of)
        try:
            self._restore(state, tensors, facts)
        except (KeyError, RuntimeError, ValueError) as error:
            raise DataError(
                "The checkpoint belongs to another model.",
                where=str(self.folder),
                hint="Remove the folder to begin anew.",
            ) from error

    def _tensors(self, state: State) -> dict[str, Tensor]:
        tensors = {f"model.{name}": each for name, each in self.model.state_dict().items()}
        tensors |= {f"best.{name}": each for name, each in state.best_weights.items()}
        moments = moments_to_tensors(self.optimiser.state_dict()["state"])
        tensors |= {f"optimiser.{name}": each for name, each in moments.items()}
        tensors |= {f"random.{name}": each for name, each in read_states(self.device).items()}
        if isinstance(self.source, PlannedSource):
            tensors["draws"] = self.source.draws.get_state()
        return tensors | {"total": state.total, "order": state.order}

    def _restore(self, state: State, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        self.model.load_state_dict(under(tensors, "model."))
        saved = self.optimiser.state_dict()
        saved["state"] = tensors_to_moments(under(tensors, "optimiser."))
        self.optimiser.load_state_dict(saved)
        self.precision.scaler.load_state_dict(facts["scaler"])
        if isinstance(self.source, PlannedSource):
            self.source.draws.set_state(tensors["draws"])
        for name in NUMBERS:
            setattr(state, name, facts[name])
        state.best_weights = {name: each.to(self.device) for name, each in under(tensors, "best.").items()}
        state.total, state.order = tensors["total"].to(self.device), tensors["order"]
        write_states(under(tensors, "random."), self.device)
