"""Recommender capability: what the training runs measured, for the best model of each dataset.

Only runs on the same snapshot under the same protocol are compared: those of the newest succeeded run. The best is
the model with the highest value of the metric that the parameters name; it is chosen on the test part, which favours
it slightly where many models were tried. Datasets count the same.
"""

from collections.abc import Callable
from typing import Any

from assessments.recommenders.models import MetricValue, TrainingRun
from assessments.recommenders.selectors import runs_comparable, runs_of
from assessments.scoring.indicators.registry import KNOWN, UNKNOWN, Ask, Found, indicator, instant, oldest

NORMAL_95 = 1.959963984540054
BASELINES = ("popular", "recent_popular")
Part = dict[str, Any]


@indicator("recommender_skill")
def recommender_skill(ask: Ask) -> Found:
    """The paired gain of the best model over a baseline, as a share of the baseline.

    Parameters: ``metric``, ``baseline``. A baseline that was never right has no share: such a dataset is unknown.
    """
    return _over_datasets(ask, ask.parameters["metric"], "relative gain", _skill_part)


@indicator("recommender_metric")
def recommender_metric(ask: Ask) -> Found:
    """One metric of the best model. Parameters: ``metric``, and ``choose_by``, the metric that says which is best."""
    return _over_datasets(ask, ask.parameters["choose_by"], ask.parameters["metric"], _metric_part)


def _over_datasets(ask: Ask, choose_by: str, unit: str, part_of: Callable[[Ask, TrainingRun], Part | None]) -> Found:
    newest = _newest_runs(ask)
    groups, sources, dates, missing = [], [], [], []
    for run in newest:
        date = run.finished_at or run.created_at
        best = _best(run, choose_by, ask) if ask.fresh(date) else None
        part = part_of(ask, best) if best is not None else None
        if best is None or part is None:
            missing.append({"dataset": run.dataset.name, "reason": "not_measured" if ask.fresh(date) else "expired"})
            continue
        date = best.finished_at or best.created_at
        groups.append({"label": run.dataset.name, "parts": [part]})
        sources.append(_source(best, part, instant(date)))
        dates.append(date)
    if not groups:
        reason = missing[0]["reason"] if missing else "no_training_run"
        return Found(UNKNOWN, unit, missing=missing, reason=reason)
    kind = "skill" if "baseline" in groups[0]["parts"][0] else "metric"
    return Found(
        KNOWN, unit, measure={"kind": kind, "groups": groups}, date=oldest(dates), sources=sources, missing=missing
    )


def _newest_runs(ask: Ask) -> list[TrainingRun]:
    """The newest succeeded run of each dataset, by the name of the dataset."""

    def read() -> list[TrainingRun]:
        runs = runs_of(ask.context.organisation).filter(
            state=TrainingRun.State.SUCCEEDED, finished_at__lte=ask.context.as_of
        )
        newest: dict[int, TrainingRun] = {}
        for run in runs.order_by("-finished_at", "-pk"):
            newest.setdefault(run.dataset_id, run)
        return sorted(newest.values(), key=lambda run: run.dataset.name)

    return ask.context.once("training runs", read)


def _best(run: TrainingRun, metric: str, ask: Ask) -> TrainingRun | None:
    """Among comparable runs that are valid still, the one whose own model has the highest metric.

    A baseline trained on its own is left aside; when only baselines were trained, the best of those stands.
    """
    runs = runs_comparable(run).filter(finished_at__lte=ask.context.as_of).select_related("dataset", "snapshot")
    fresh = [one for one in runs if ask.fresh(one.finished_at or one.created_at)]
    rated = [(value.value, one) for one in fresh if (value := _metric(one, one.model_name, metric)) is not None]
    rated = [pair for pair in rated if pair[1].model_name not in BASELINES] or rated
    return max(rated, key=lambda pair: (pair[0], pair[1].pk))[1] if rated else None


def _metric(run: TrainingRun, model: str, name: str) -> MetricValue | None:
    return next((value for value in run.metrics.all() if value.model == model and value.name == name), None)


def _skill_part(ask: Ask, run: TrainingRun) -> Part | None:
    metric, name = ask.parameters["metric"], ask.parameters["baseline"]
    baseline = _metric(run, name, metric)
    if baseline is None or not baseline.value > 0 or baseline.users < 2:
        return None
    error = _error(baseline)
    if run.model_name == name:
        return {"difference": 0.0, "standard_error": 0.0, "baseline": baseline.value, "baseline_error": error}
    paired = next(
        (one for one in run.comparisons if one["baseline"] == name and one["metric"] == metric and "difference" in one),
        None,
    )
    if paired is None or paired["low"] is None or paired["high"] is None:
        return None
    return {
        "difference": paired["difference"],
        "standard_error": paired.get("standard_error") or (paired["high"] - paired["low"]) / (2 * NORMAL_95),
        "low": paired["low"],
        "high": paired["high"],
        "users": paired.get("users"),
        "baseline": baseline.value,
        "baseline_error": error,
    }


def _metric_part(ask: Ask, run: TrainingRun) -> Part | None:
    value = _metric(run, run.model_name, ask.parameters["metric"])
    if value is None or value.users < 2:
        return None  # one user says nothing about how unsure the mean is
    return {"value": value.value, "standard_error": _error(value), "users": value.users}


def _error(value: MetricValue) -> float:
    """The stored standard error; else the one of the 95 % interval; 0 for a number that was counted."""
    if value.standard_error is not None:
        return value.standard_error
    if value.low is not None and value.high is not None:
        return (value.high - value.low) / (2 * NORMAL_95)
    return 0.0


def _source(run: TrainingRun, part: Part, date: str) -> dict[str, Any]:
    return {
        "type": "training_run",
        "id": run.pk,
        "label": f"{run.model_name} · {run.dataset.name}",
        "date": date,
        "dataset": run.dataset.name,
        "dataset_id": run.dataset_id,
        "snapshot": run.snapshot.number,
        "digest": run.snapshot.digest,
        "protocol_digest": run.protocol_digest,
        "model": run.model_name,
        "users": part.get("users"),
    }
