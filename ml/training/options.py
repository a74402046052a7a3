"""How a training runs: the optimiser, the course of its rate, when it stops, how often it is kept."""

from dataclasses import dataclass, fields
from typing import Literal

from ml.errors import DataError

CHOICES = {
    "optimiser": ("adam", "adamw", "sgd"),
    "decay": ("none", "linear", "cosine"),
    "precision": ("float32", "auto", "bf16", "fp16"),
}
FREE = ("epochs", "patience", "checkpoint_seconds", "checkpoint_steps", "compile")  # may differ when going on


@dataclass(frozen=True)
class LoopOptions:
    """``metric`` names the figure of ``evaluate`` that decides which epoch is best; higher is better. Without a name
    the last epoch is the best.

    ``precision`` speaks of CUDA alone; the CPU always computes in float32. ``weight_decay`` is decoupled with adamw and
    an L2 penalty with the others. ``compile`` costs up to a minute first, so it pays only for long trainings.
    """

    epochs: int = 20
    patience: int = 3  # epochs without a better ``metric`` before it stops
    batch_size: int = 2048
    learning_rate: float = 0.001
    weight_decay: float = 0.01
    seed: int = 0
    optimiser: Literal["adam", "adamw", "sgd"] = "adamw"
    momentum: float = 0.9  # of sgd
    beta2: float = 0.999  # of adam and adamw
    fused: bool = False  # one kernel for the whole step of adam or adamw: faster, last bits differ
    warmup_steps: int = 0  # over which the rate grows from nearly 0
    decay: Literal["none", "linear", "cosine"] = "none"  # of the rate, down to 0 after ``epochs``
    clip: float = 0.0  # largest norm of the gradient; 0 leaves it as it is
    precision: Literal["float32", "auto", "bf16", "fp16"] = "float32"
    compile: bool = False
    metric: str = "auc_validation"
    checkpoint_seconds: float = 60.0  # between checkpoints within an epoch; after each epoch there is one anyway
    checkpoint_steps: int = 0  # the same in steps; 0 counts seconds alone

    def __post_init__(self) -> None:
        """Raises DataError for a choice that is none or a number out of range."""
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise DataError(
                    f"'{getattr(self, name)}' is not a possible {name}.",
                    where=f"option {name}",
                    hint=f"Choose one of: {', '.join(choices)}.",
                )
        for name in ("epochs", "patience", "batch_size"):
            if getattr(self, name) < 1:
                raise DataError(f"{name} must be 1 or more.", where=f"option {name}")
        if not self.learning_rate > 0:
            raise DataError("The learning rate must be above 0.", where="option learning_rate")
        for name in ("weight_decay", "warmup_steps", "clip"):
            if not getattr(self, name) >= 0:
                raise DataError(f"{name} must not be negative.", where=f"option {name}")

    def kept(self) -> dict[str, float | str]:
        """What a training that goes on from a checkpoint must not change."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in FREE}
        if self.decay != "none":
            values["epochs"] = self.epochs  # the rate's course depends on it
        return values
