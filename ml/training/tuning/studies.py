"""Optuna studies: one for each model, in memory or in a database, named so that only the same question goes on."""

import hashlib
import json
import os
import platform
from dataclasses import asdict
from typing import Any

import numpy as np
import optuna
import psutil
from optuna.trial import FrozenTrial, TrialState

from ml.data.interactions import Interactions
from ml.errors import DataError
from ml.evaluation.protocol import Protocol
from ml.models.options.closed_form import CLOSED_FORM
from ml.training.tuning.plan import Plan, Tried
from ml.training.tuning.space import defaults, varied

STARTUP = 6  # trials drawn at random before the sampler learns from them
PRUNE_AFTER = 4  # trials before one can be ended early
FIRST_EPOCHS = 3  # in which a slow learner is not told from a poor one
WORKER, TOOK = "worker", "seconds"  # attributes of a trial: the process that makes it, and how long it took
ENQUEUED = "fixed_params"  # where Optuna keeps the options of a trial that was asked for
STATES = {TrialState.COMPLETE: "complete", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}


def open_studies(plan: Plan, train: Interactions, protocol: Protocol) -> dict[str, optuna.Study]:
    """{model: study}; a model's defaults stand first in a new one. Raises DataError for a database out of reach."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = _storage(plan.study)
    data = data_digest(train)
    studies = {}
    for model in plan.models:
        study = optuna.create_study(
            storage=storage,
            study_name=f"{model}-{_question(plan, model, data, protocol)}",
            direction="maximize",
            load_if_exists=True,
            pruner=optuna.pruners.MedianPruner(
                n_startup_trials=PRUNE_AFTER, n_warmup_steps=0 if model in CLOSED_FORM else FIRST_EPOCHS
            ),
        )
        give_up_killed(study)
        study.sampler = optuna.samplers.TPESampler(n_startup_trials=STARTUP, seed=plan.seed + len(study.trials))
        study.enqueue_trial(defaults(model, plan.fixed.get(model, {})), skip_if_exists=True)
        studies[model] = study
    return studies


def finished(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that came to an end of their own: a worker that was killed or interrupted told no time."""
    return [each for each in study.get_trials(deepcopy=False) if each.state.is_finished() and TOOK in each.user_attrs]


def sign(trial: optuna.Trial) -> None:
    """Note in the trial which process makes it."""
    trial.set_user_attr(WORKER, [platform.node(), os.getpid(), psutil.Process().create_time()])


def give_up_killed(study: optuna.Study) -> None:
    """Close the trials of processes of this machine that are no more; what was asked of them is asked again.

    A trial of another machine is left alone: nobody here can know whether it still runs.
    """
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        machine, number, begun = trial.user_attrs.get(WORKER, ["", 0, 0.0])
        if machine != platform.node() or _runs(int(number), float(begun)):
            continue
        study.tell(trial.number, state=TrialState.FAIL)
        if ENQUEUED in trial.system_attrs:
            study.enqueue_trial(trial.system_attrs[ENQUEUED])


def _runs(number: int, begun: float) -> bool:
    """Whether the process still runs, and is no later one of the same number."""
    try:
        return bool(abs(psutil.Process(number).create_time() - begun) < 1.0)
    except psutil.NoSuchProcess:
        return False


def told(model: str, trial: FrozenTrial) -> Tried:
    """A finished trial as a result, whichever worker made it."""
    said = trial.user_attrs
    complete = trial.state == TrialState.COMPLETE
    return Tried(
        model=model,
        number=trial.number,
        options=dict(said.get("options", {})),
        value=trial.value if complete else None,
        state=STATES[trial.state],
        seconds=float(said.get(TOOK, 0.0)),
        message=str(said.get("message", "")),
    )


def data_digest(train: Interactions) -> str:
    """SHA-256 of the rows and ids, so that a study of other data is not taken up."""
    digest = hashlib.sha256()
    for array in (train.user_codes, train.item_codes, train.times, train.weights):
        digest.update(np.ascontiguousarray(array).data)
    for ids in (train.users, train.items):
        digest.update("\n".join(ids).encode())
    return digest.hexdigest()


def _question(plan: Plan, model: str, data: str, protocol: Protocol) -> str:
    fixed = dict(plan.fixed.get(model, {}))
    asked: dict[str, Any] = {
        "data": data,
        "protocol": protocol.digest,
        "metric": plan.metric,
        "seed": plan.seed,
        "fixed": fixed,
        "space": {name: asdict(search) for name, search in varied(model, fixed).items()},
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _storage(study: str) -> optuna.storages.BaseStorage:
    if not study:
        return optuna.storages.InMemoryStorage()
    url = study if "://" in study else f"sqlite:///{study}"
    engine = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}  # workers wait for one another
    try:
        return optuna.storages.RDBStorage(url, engine_kwargs=engine)
    except Exception as error:  # whatever the driver of the database raises
        hint = "Give the path of a file, or a URL such as sqlite:///study.db or postgresql://host/name."
        raise DataError(f"The study cannot be opened: {type(error).__name__}.", where="study", hint=hint) from error
