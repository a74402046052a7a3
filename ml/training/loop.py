"""One plain training loop: batches in a seeded order, early stopping, a guard against divergence, checkpoints."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ml.errors import DataError
from ml.models.base import Progress, silent
from ml.models.inputs import EnoughTraining
from ml.training.distributed import Group, current_group
from ml.training.guard import check_loss
from ml.training.keeping import Keeper
from ml.training.logs import TensorBoardLog
from ml.training.optimisers import make_optimiser, rate_factor, set_rate
from ml.training.options import LoopOptions
from ml.training.precision import Precision
from ml.training.randomness import seeded
from ml.training.sources import PlannedSource, Source, plan_epoch
from ml.training.state import State

__all__ = ["LoopOptions", "PlannedSource", "Source", "train"]

GUARD_STEPS = 200  # how often, in steps, the loss is looked at within an epoch
PROGRESS_SECONDS = 2.0  # how often an epoch that takes long says how far it is

Evaluate = Callable[[nn.Module], dict[str, float]]


def train(
    model: nn.Module,
    source: Source,
    evaluate: Evaluate,
    options: LoopOptions,
    *,
    device: torch.device,
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None,
    progress: Progress = silent,
    checkpoint: Path | None = None,
    log: Callable[[str], None] = lambda message: None,
    tensorboard: Path | None = None,
) -> list[dict[str, Any]]:
    """Train in place and return the learning curve; the model ends with the weights of its best epoch.

    After each epoch ``evaluate`` gives its figures, of which ``options.metric`` decides: training stops when it has not
    risen for ``options.patience`` epochs. A checkpoint that is there is resumed, within an epoch too, and on the CPU
    gives the same weights, bit for bit, as one go. Inside ``ml.training.distributed.process_group`` all
    processes train one model together. ``on_epoch`` may end the training early by ``EnoughTraining``.
    Raises DataError when the loss is no longer a finite number or explodes, when ``evaluate`` does not give the metric,
    and for a damaged checkpoint or that of another training.
    """
    group = current_group()
    with seeded(options.seed, device):
        run = _Run(model, source, options, device, group, progress)
        keeper = Keeper(checkpoint, model, run.optimiser, run.precision, source, options, device, log)
        keeper.restore(run.state)
        board = TensorBoardLog(tensorboard if group.first else None, epochs_done=len(run.state.epochs))
        try:
            while not run.state.ends(options.epochs, options.patience):
                figures = run.epoch(evaluate, keeper)
                board.epoch(figures)
                on_epoch(figures)
        except EnoughTraining:
            pass
        finally:
            board.close()
        model.load_state_dict(run.state.best_weights)
    for figures in run.state.epochs:
        figures["best"] = figures["epoch"] == run.state.best_epoch
    return run.state.epochs


@dataclass
class _Run:
    """What stays the same over all epochs, and the state, which does not."""

    model: nn.Module
    source: Source
    options: LoopOptions
    device: torch.device
    group: Group
    progress: Progress

    def __post_init__(self) -> None:
        self.optimiser = make_optimiser(self.model.parameters(), self.options)
        self.precision = Precision(self.options.precision, self.device)
        self.order = torch.Generator().manual_seed(self.options.seed)
        if isinstance(self.source, PlannedSource):
            self.source.draws.manual_seed(self.options.seed)
            self.source.rank, self.source.ranks = self.group.rank, self.group.size
        wrapped = self.group.wrap(self.model)
        self.called: nn.Module = torch.compile(wrapped) if self.options.compile else wrapped  # type: ignore[assignment]
        self.state = State(total=torch.zeros((), device=self.device), order=self.order.get_state())

    def epoch(self, evaluate: Evaluate, keeper: Keeper) -> dict[str, Any]:
        """Train one epoch, or the rest of one that was interrupted, and judge it; its point of the curve."""
        state, started = self.state, time.perf_counter()
        number = len(state.epochs) + 1
        loss = self._pass(keeper, started)
        trained = state.spent + time.perf_counter() - started
        figures = {"epoch": number, "loss": loss, **evaluate(self.model)}
        metric = self.options.metric
        value = self.group.agree(read_metric(figures, metric) if metric else float(number), self.device)
        figures |= {"train_seconds": trained, "seconds": state.spent + time.perf_counter() - started}
        state.epochs.append(figures)
        state.remember(self.model, value)
        state.step, state.spent, state.order = 0, 0.0, self.order.get_state()
        state.total = torch.zeros((), device=self.device)
        if self.group.first:
            keeper.save(state)
        told = f"validation {_label(metric)} {value:.4f}" if metric else f"loss {loss:.4f}"
        self.progress(number / self.options.epochs, f"Epoch {number}: {told}")
        return figures

    def _pass(self, keeper: Keeper, started: float) -> float:
        """One pass over all batches that the running epoch still has; the mean loss of the whole epoch."""
        state, spent = self.state, self.state.spent
        self.model.train()
        self.group.reseed(self.options.seed, len(state.epochs))
        batches, told = self._plan(), time.monotonic()
        while state.step < len(batches):
            self._step(batches[state.step], len(batches))
            if self.group.size == 1 and state.step < len(batches) and keeper.due(state.steps):
                state.spent = spent + time.perf_counter() - started
                keeper.save(state)
            if time.monotonic() - told > PROGRESS_SECONDS:
                told, done = time.monotonic(), len(state.epochs) + state.step / len(batches)
                self.progress(done / self.options.epochs, f"Epoch {len(state.epochs) + 1}")
        state.spent = spent
        mean = self.group.mean(state.total, self.device) / len(self.source)
        check_loss(mean, state.first_loss)
        return mean

    def _plan(self) -> list[Tensor]:
        """The batches of the running epoch: of an interrupted one those that it began with."""
        self.order.set_state(self.state.order)
        return plan_epoch(self.source, self.options.batch_size, self.order)

    def _step(self, batch: Tensor, count: int) -> None:
        """One step of the optimiser on one of the epoch's ``count`` batches."""
        state, options = self.state, self.options
        done = (len(state.epochs) + state.step / count) / options.epochs
        set_rate(self.optimiser, options.learning_rate * rate_factor(options, step=state.steps, done=done))
        self.optimiser.zero_grad(set_to_none=True)
        with self.precision.autocast():
            loss = self.source.loss(self.called, batch.to(self.device))
        self.precision.step(loss, self.optimiser, options.clip)
        state.total += loss.detach() * len(batch)
        if state.steps == 0:
            state.first_loss = float(loss.detach())
        if state.step % GUARD_STEPS == 0:
            check_loss(float(loss.detach()), state.first_loss)
        state.step, state.steps = state.step + 1, state.steps + 1


def read_metric(figures: dict[str, Any], metric: str) -> float:
    """Raises DataError, naming the figures that there are, when ``metric`` is none of them."""
    if metric not in figures:
        known = ", ".join(name for name in figures if name not in {"epoch", "loss"})
        raise DataError(
            f"The training has no figure '{metric}' to judge by.", where="option metric", hint=f"It has: {known}."
        )
    return float(figures[metric])


def _label(metric: str) -> str:
    return metric.removesuffix("_validation").upper()
