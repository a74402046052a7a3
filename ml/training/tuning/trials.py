"""One trial: fit on the fitting part, watched epoch by epoch, and measure on the validation part."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna

from ml.data.interactions import Interactions
from ml.data.splits import Parts, apply_split
from ml.errors import DataError
from ml.evaluation.protocol import Protocol
from ml.evaluation.ranking import hits_of, ranking_metrics, top_k, truth_of
from ml.models.base import BLOCK_CELLS, Recommender, blocks, create
from ml.models.inputs import EnoughTraining
from ml.models.options.closed_form import CLOSED_FORM
from ml.models.options.option import Value
from ml.training.tuning.plan import MakeInputs, Plan

MOST_USERS = 20_000  # who are ranked for in validation: the error of a mean over so many is small beside the options'
FIRST_SHARE = 0.25  # of the users, for a first look at models that have no learning curve
LARGE = 200_000  # rows of train from which on a first look pays
VALIDATION = "_validation"


class OutOfTime(Exception):  # noqa: N818 - it is no error: the budget ends
    """Raised inside a fit that the wall time leaves nothing of."""


@dataclass(frozen=True)
class Limits:
    """Moments of ``time.monotonic``: when a training should come to its end, and when any fit is given up."""

    soft: float
    hard: float


class Trials:
    """Makes trials on one validation split of train."""

    def __init__(self, plan: Plan, train: Interactions, make_inputs: MakeInputs) -> None:
        self.plan, self.make_inputs = plan, make_inputs
        self.parts = apply_split(train, plan.split)
        self.first_parts = _first_look(train, plan) if len(train) >= LARGE else None

    def run(
        self, trial: optuna.Trial, model: str, options: Mapping[str, Value], limits: Limits
    ) -> tuple[float, dict[str, Value]]:
        """The metric on the validation part, and the options with the epochs that there was time for.

        Raises TrialPruned, OutOfTime, or DataError where the model cannot.
        """
        if self.first_parts is not None and model in CLOSED_FORM:
            value, _ = self._measure(self.first_parts, model, options, trial, limits)
            trial.report(value, step=0)
            if trial.should_prune():
                raise optuna.TrialPruned("worse than most on a quarter of the users")
        return self._measure(self.parts, model, options, trial, limits)

    def _measure(
        self, parts: Parts, name: str, options: Mapping[str, Value], trial: optuna.Trial, limits: Limits
    ) -> tuple[float, dict[str, Value]]:
        watch = _Watch(trial, limits, has_curve=name not in CLOSED_FORM)
        model = create(name, options, seed=self.plan.seed, device=self.plan.device)
        model.fit(parts.train, features=self.make_inputs(name, parts.train, watch.on_epoch), progress=watch.progress)
        used = dict(options)
        if watch.cut and "epochs" in used:
            used["epochs"] = watch.epochs  # a refit shall not take longer
        return validation_value(model, parts, self.plan), used


@dataclass
class _Watch:
    """Looks at a fit: ends it when its curve is poor or its time is over."""

    trial: optuna.Trial
    limits: Limits
    has_curve: bool
    epochs: int = 0
    cut: bool = False

    def on_epoch(self, figures: dict[str, Any]) -> None:
        self.epochs = int(figures["epoch"])
        value = next((figures[key] for key in figures if key.endswith(VALIDATION)), None)
        if value is not None and np.isfinite(value):
            self.trial.report(float(value), step=self.epochs)
            if self.trial.should_prune():
                raise optuna.TrialPruned("its learning curve is below most")
        if time.monotonic() > self.limits.soft:
            self.cut = True
            raise EnoughTraining

    def progress(self, fraction: float, message: str = "") -> None:
        limit = self.limits.hard if self.has_curve else self.limits.soft
        if not self.cut and time.monotonic() > limit and fraction < 1.0:
            raise OutOfTime


def validation_value(model: Recommender, parts: Parts, plan: Plan) -> float:
    """The mean of the metric over the validation users, of at most MOST_USERS drawn by the seed."""
    if parts.history is not None:
        model = model.fold_in(parts.history)
    known, masked = parts.known.matrix(), plan.repeats == "masked"
    truth = truth_of(known, parts.test.matrix(), parts.unknown_items, masked=masked)
    chosen = np.arange(len(truth.users))
    if len(chosen) > MOST_USERS:
        chosen = np.sort(np.random.default_rng(plan.seed).choice(len(chosen), MOST_USERS, replace=False))
    values = []
    for block in blocks(chosen.astype(np.int32), known.shape[1], BLOCK_CELLS // 4):
        users = truth.users[block]
        ranked = top_k(model.score(users), plan.k, known[users] if masked else None)
        hits = hits_of(ranked, truth.items[block])
        values.append(ranking_metrics(hits, truth.sizes[block], plan.k)[f"{plan.metric}@{plan.k}"])
    if not values:
        raise DataError("No user is left to validate on.", where="split", hint="Choose another split.")
    return float(np.concatenate(values).mean())


def validation_protocol(plan: Plan, parts: Parts) -> Protocol:
    """How the value of a trial is measured."""
    from ml.evaluation.harness import protocol_of

    return protocol_of(parts, plan.split, repeats=plan.repeats, cutoffs=(plan.k,), preparation=dict(plan.preparation))


def _first_look(train: Interactions, plan: Plan) -> Parts | None:
    """The same validation on a quarter of the users; None where they cannot be split."""
    chosen = np.random.default_rng(plan.seed).random(train.n_users) < FIRST_SHARE
    try:
        return apply_split(train.select(chosen[train.user_codes], until=train.until), plan.split)
    except DataError:
        return None
