"""The search: trials of all models until the budget ends, and the best of them."""

import time

import optuna
from optuna.trial import TrialState

from ml.data.interactions import Interactions
from ml.errors import DataError
from ml.models.base import Progress, silent
from ml.models.options.option import Value
from ml.training.tuning.budget import Budget
from ml.training.tuning.plan import MakeInputs, Plan, Tried, Tuned, bare_inputs
from ml.training.tuning.space import draw, varied
from ml.training.tuning.studies import TOOK, finished, open_studies, sign, told
from ml.training.tuning.trials import Limits, OutOfTime, Trials, validation_protocol


def tune(
    train: Interactions, plan: Plan, *, make_inputs: MakeInputs = bare_inputs, progress: Progress = silent
) -> Tuned:
    """Try configurations of the models on a validation part of ``train`` and tell which did best.

    Raises DataError when the validation part cannot be cut, or no trial of any model could be measured.
    """
    trials = Trials(plan, train, make_inputs)
    protocol = validation_protocol(plan, trials.parts)
    studies = open_studies(plan, train, protocol)
    still = frozenset(model for model in plan.models if not varied(model, plan.fixed.get(model, {})))
    budget, metric = Budget(plan, still), f"{plan.metric}@{plan.k}"
    while True:
        tried = {model: [told(model, trial) for trial in finished(study)] for model, study in studies.items()}
        model = budget.next_model(tried)
        if model is None:
            break
        last = _one(studies[model], model, plan, trials, budget)
        progress(_done(budget, tried), _say(last, metric, tried))
    results = [each for model in plan.models for each in tried[model]]
    measured = [each for each in results if each.value is not None]
    if not measured:
        reasons = "; ".join(sorted({f"{each.model}: {each.message}" for each in results if each.message}))
        raise DataError(
            f"No configuration could be measured. {reasons}".strip(),
            where="tuning",
            hint="Give more minutes, or choose other models.",
        )
    best = max(measured, key=lambda each: (each.value or 0.0, -each.seconds))
    return Tuned(best, results, protocol, metric)


def _one(study: optuna.Study, model: str, plan: Plan, trials: Trials, budget: Budget) -> Tried:
    """Ask, try, tell; what happened is kept with the trial, for other workers too."""
    fixed = plan.fixed.get(model, {})
    trial = study.ask()
    sign(trial)
    started = time.monotonic()
    options: dict[str, Value] = {}
    value, state, message = None, TrialState.COMPLETE, ""
    try:
        options = draw(trial, model, fixed)
        limits = Limits(budget.trial_deadline(model), budget.deadline)
        value, used = trials.run(trial, model, options, limits)
        if used != options:
            options, message = used, f"the time was enough for {used['epochs']} epochs"
    except optuna.TrialPruned as error:
        state, message = TrialState.PRUNED, str(error)
    except OutOfTime:
        state, message = TrialState.PRUNED, "cut off by the time budget"
    except (DataError, MemoryError) as error:
        state, message = TrialState.FAIL, str(error) or "not enough memory"
    except BaseException:
        study.tell(trial, state=TrialState.FAIL)  # a crash or an interruption leaves no trial that seems to run
        raise
    seconds = time.monotonic() - started
    budget.take(model, seconds)
    for name, said in (("options", options), (TOOK, round(seconds, 3)), ("message", message[:500])):
        trial.set_user_attr(name, said)
    return told(model, study.tell(trial, value if state == TrialState.COMPLETE else None, state=state))


def _done(budget: Budget, tried: dict[str, list[Tried]]) -> float:
    plan = budget.plan
    if plan.minutes is not None:
        return min((time.monotonic() - budget.started) / (plan.minutes * 60), 1.0)
    return min((sum(map(len, tried.values())) + 1) / (len(plan.models) * (plan.trials or 1)), 1.0)


def _say(last: Tried, metric: str, tried: dict[str, list[Tried]]) -> str:
    best = max((each.value for all_ in tried.values() for each in all_ if each.value is not None), default=0.0)
    found = f"{metric} {last.value:.4f}, best {max(best, last.value):.4f}" if last.value is not None else last.state
    return f"{last.model}, trial {last.number}: {found}, {last.seconds:.1f} s {last.message}".rstrip()
