"""Reading training runs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import NotFoundError
from assessments.datasets.models import Dataset
from assessments.recommenders.models import MetricValue, TrainingRun, TuningRun

MOST_NAMED = 100


def runs_of(organisation: Organisation) -> QuerySet[TrainingRun]:
    """The organisation's training runs, newest first, with dataset, snapshot and job at hand."""
    return TrainingRun.objects.filter(dataset__organisation=organisation).select_related("dataset", "snapshot", "job")


def run_get(*, organisation: Organisation, pk: int) -> TrainingRun:
    found = runs_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no training run %(number)s.") % {"number": pk})
    return found


def runs_named(*, organisation: Organisation, numbers: Sequence[str | int]) -> list[TrainingRun]:
    """These runs in the order in which they were named, each once, with their metrics.

    NotFoundError for a number of no run of the organisation.
    """
    wanted = list(dict.fromkeys(int(n) for n in numbers[:MOST_NAMED] if str(n).isdecimal() and len(str(n)) < 18))
    found = {run.pk: run for run in runs_of(organisation).filter(pk__in=wanted).prefetch_related("metrics")}
    missing = [number for number in wanted if number not in found]
    if missing:
        raise NotFoundError(_("There is no training run %(number)s.") % {"number": missing[0]})
    return [found[number] for number in wanted]


def tunings_of(organisation: Organisation) -> QuerySet[TuningRun]:
    """The organisation's searches for good options, newest first."""
    return TuningRun.objects.filter(dataset__organisation=organisation).select_related("dataset", "snapshot", "job")


def tuning_get(*, organisation: Organisation, pk: int) -> TuningRun:
    found = tunings_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no tuning %(number)s.") % {"number": pk})
    return found


def run_latest(dataset: Dataset) -> TrainingRun | None:
    """The newest run on this dataset that succeeded."""
    runs = TrainingRun.objects.filter(dataset=dataset, state=TrainingRun.State.SUCCEEDED)
    return runs.order_by("-finished_at", "-pk").first()


def runs_comparable(run: TrainingRun) -> QuerySet[TrainingRun]:
    """Succeeded runs on the same snapshot under the same protocol, this one among them, newest first.

    The digest alone is not enough: numbers measured on different rows are not comparable either.
    """
    if not run.protocol_digest:
        return TrainingRun.objects.none()
    return TrainingRun.objects.filter(
        dataset=run.dataset_id,
        snapshot=run.snapshot_id,
        protocol_digest=run.protocol_digest,
        state=TrainingRun.State.SUCCEEDED,
    ).prefetch_related("metrics")


def metric_of(run: TrainingRun, name: str, *, model: str = "") -> MetricValue | None:
    """One metric of the run's own model, or of the baseline named by ``model``."""
    return run.metrics.filter(model=model or run.model_name, name=name).first()


def metrics_by_model(run: TrainingRun) -> dict[str, dict[str, MetricValue]]:
    """Model name → metric name → value, the run's own model first."""
    table: dict[str, dict[str, MetricValue]] = {run.model_name: {}}
    for metric in run.metrics.all():
        table.setdefault(metric.model, {})[metric.name] = metric
    return table


def metric_documents(metrics: Iterable[MetricValue]) -> dict[str, dict[str, Any]]:
    """Metric name → value, interval, standard error and users, as commands and the API print them."""
    return {
        metric.name: {
            "value": metric.value,
            "low": metric.low,
            "high": metric.high,
            "standard_error": metric.standard_error,
            "users": metric.users,
        }
        for metric in metrics
    }
