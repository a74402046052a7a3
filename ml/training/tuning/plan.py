"""What is to be tuned and what tuning found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ml.data.interactions import Interactions
from ml.data.splits import Split
from ml.errors import DataError
from ml.evaluation.protocol import Protocol, Repeats
from ml.models.inputs import Inputs
from ml.models.options.option import Value

METRICS = ("ndcg", "recall", "precision", "map", "mrr")

OnEpoch = Callable[[dict[str, Any]], None]
MakeInputs = Callable[[str, Interactions, OnEpoch], Inputs]  # of a model name and its train part


def bare_inputs(model: str, train: Interactions, on_epoch: OnEpoch) -> Inputs:
    """Nothing but the interactions."""
    return Inputs(on_epoch=on_epoch)


@dataclass(frozen=True)
class Plan:
    """``split`` cuts the validation part from train. ``minutes`` is the wall time of all models together, the refit
    included; ``trials`` is how many configurations of each model are tried. One of the two must be given.

    ``study`` is an Optuna database URL or the path of an SQLite file: a study that is there goes on, and several
    workers may share it. Empty keeps it in memory. Where no time cuts, the same seed gives the same trials.
    """

    models: tuple[str, ...]
    split: Split
    repeats: Repeats = "allowed"
    k: int = 10
    metric: str = "ndcg"
    minutes: float | None = None
    trials: int | None = None
    study: str = ""
    seed: int = 0
    device: str = "auto"
    fixed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # {model: {option: value}} not to be varied
    preparation: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.metric not in METRICS:
            raise DataError(
                f"'{self.metric}' cannot be tuned for.", where="metric", hint=f"Choose one of: {', '.join(METRICS)}."
            )
        if self.minutes is None and self.trials is None:
            raise DataError("Tuning needs an end.", where="minutes", hint="Give minutes, or trials for each model.")
        if (self.minutes is not None and not self.minutes > 0) or (self.trials is not None and self.trials < 1):
            raise DataError("Tuning needs some minutes and at least one trial.", where="minutes")


@dataclass(frozen=True)
class Tried:
    """One configuration. ``value`` is the metric on the validation part; None where it was not measured to the end."""

    model: str
    number: int  # within the model's study
    options: dict[str, Value]  # all of them
    value: float | None
    state: str  # "complete", "pruned" or "failed"
    seconds: float
    message: str = ""

    def document(self) -> dict[str, Any]:
        return dict(self.__dict__)


@dataclass(frozen=True)
class Tuned:
    best: Tried
    tried: list[Tried]
    protocol: Protocol  # of the validation
    metric: str  # such as "ndcg@10"
