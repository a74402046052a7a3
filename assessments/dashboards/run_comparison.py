"""Runs beside each other: their metrics, and each less the first on the same people."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.dashboards.charts import Chart, Interval, intervals
from assessments.dashboards.model_words import model_label
from assessments.dashboards.run_figures import Comparison, MetricRow, metric_short, metric_word, verdict_word
from assessments.recommenders.comparing import differences_in
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.selectors import metrics_by_model

PAIRED = ("ndcg@10", "recall@10", "auc")


@dataclass(frozen=True)
class RunComparison:
    """``pairs``: each run less the first; ``refusal`` says why there are none."""

    table: list[MetricRow]
    pairs: list[Comparison]
    chart: Chart | None
    refusal: str


def comparison_of(runs: Sequence[TrainingRun]) -> RunComparison:
    """Of runs that may be compared (``comparing.check_comparable``)."""
    columns = [metrics_by_model(run)[run.model_name] for run in runs]
    names = list(dict.fromkeys(name for column in columns for name in column))
    table = [MetricRow(metric_word(name), [column.get(name) for column in columns]) for name in names]
    try:
        pairs = _pairs(runs, [name for name in PAIRED if all(name in column for column in columns)])
    except GovernError as error:
        return RunComparison(table, [], None, str(error))
    values = [Interval(each.baseline, each.metric, each.difference, each.low, each.high) for each in pairs]
    title = _("Difference to %(first)s with 95 %% intervals: right of zero is better") % {"first": run_name(runs[0])}
    return RunComparison(table, pairs, intervals("differences", title, values, zero=True) if values else None, "")


def run_name(run: TrainingRun) -> str:
    return _("%(model)s, run %(number)s") % {"model": model_label(run.model_name), "number": run.pk}


def _pairs(runs: Sequence[TrainingRun], metrics: Sequence[str]) -> list[Comparison]:
    """One row for each metric and run; ``baseline`` here names the run that is held against the first."""
    by_number = {run.pk: run for run in runs}
    return [
        Comparison(
            metric_short(each.metric),
            run_name(by_number[each.run]),
            each.value,
            each.low,
            each.high,
            each.users,
            verdict_word(each.verdict),
            each.adjusted_p,
        )
        for each in differences_in(runs, metrics)
        if each.value is not None
    ]
