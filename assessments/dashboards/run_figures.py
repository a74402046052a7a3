"""From a stored training run to what its page shows."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.dashboards.charts import Chart, Interval, intervals, learning_curve
from assessments.dashboards.model_words import model_label
from assessments.recommenders.models import MetricValue, TrainingRun
from assessments.recommenders.selectors import metrics_by_model

RANKING = ("ndcg", "recall", "precision", "map", "mrr")


def metric_word(name: str) -> str:
    """A metric's name and what it asks, in plain words."""
    base, _at, k = name.partition("@")
    words = {
        "ndcg": _("NDCG@%(k)s: are the right items near the top?"),
        "recall": _("Recall@%(k)s: how many of a person's items were found?"),
        "precision": _("Precision@%(k)s: how many of those shown were right?"),
        "map": _("MAP@%(k)s: precision over the whole list"),
        "mrr": _("MRR@%(k)s: how far up is the first right item?"),
        "coverage": _("Coverage@%(k)s: share of the catalogue that is shown"),
        "auc": _("AUC: is a taken item scored above one not taken?"),
    }
    return words[base] % {"k": k} if base in words else name


def metric_short(name: str) -> str:
    base, _at, k = name.partition("@")
    shown = {"ndcg": "NDCG", "recall": "Recall", "precision": "Precision", "map": "MAP", "mrr": "MRR", "auc": "AUC"}
    return shown.get(base, base.capitalize()) + (f"@{k}" if k else "")


def protocol_of(run: TrainingRun) -> str:
    """How the numbers were measured, in a sentence."""
    protocol = run.protocol
    words = {
        "until": str(protocol.get("train_until", ""))[:10],
        "end": str(protocol.get("test_until", ""))[:10] or _("the last row"),
        "k": ", ".join(str(k) for k in protocol.get("cutoffs", [])),
    }
    sentence = _(
        "Learned from everything before %(until)s; then asked to foretell what known people take until %(end)s, "
        "ranking every item of the catalogue and judged by the first %(k)s."
    )
    repeats = (
        _("Items that a person already had were left out.")
        if protocol.get("repeats") == "masked"
        else _("Items that a person already had could be recommended again.")
    )
    return f"{sentence % words} {repeats}"


@dataclass(frozen=True)
class MetricRow:
    """A metric of every model; ``values`` in the order of the models, None where a model lacks it."""

    label: str
    values: list[MetricValue | None]


@dataclass(frozen=True)
class MetricTable:
    models: list[str]
    rows: list[MetricRow]


def metrics_table(run: TrainingRun) -> MetricTable:
    table = metrics_by_model(run)
    names = list(dict.fromkeys(name for metrics in table.values() for name in metrics))
    rows = [MetricRow(metric_word(name), [metrics.get(name) for metrics in table.values()]) for name in names]
    return MetricTable([model_label(model) for model in table], rows)


def metrics_chart(run: TrainingRun) -> Chart | None:
    values = [
        Interval(model_label(model), metric_short(name), metric.value, metric.low, metric.high)
        for model, metrics in metrics_by_model(run).items()
        for name, metric in metrics.items()
        if name.split("@")[0] in RANKING
    ]
    if not values:
        return None
    return intervals("metrics", _("Metrics with 95 % intervals: the further right, the better"), values)


@dataclass(frozen=True)
class Comparison:
    """The run's model less a baseline on the same users, with its 95 % interval and what it says."""

    metric: str
    baseline: str
    difference: float
    low: float | None
    high: float | None
    users: int
    verdict: str


def comparisons_of(run: TrainingRun) -> list[Comparison]:
    return [
        Comparison(
            metric_short(each["metric"]),
            model_label(each["baseline"]),
            each["difference"],
            each.get("low"),
            each.get("high"),
            each["users"],
            verdict_of(each),
        )
        for each in run.comparisons
        if each.get("difference") is not None
    ]


def verdict_of(comparison: dict[str, Any]) -> str:
    """Only an interval that leaves out zero says that one is better."""
    low, high = comparison.get("low"), comparison.get("high")
    if low is None or high is None:
        return _("not known")
    if low > 0:
        return _("better")
    if high < 0:
        return _("worse")
    return _("no difference shown")


def learning_of(run: TrainingRun) -> Chart | None:
    known = {
        "auc_train": _("AUC, training part"),
        "auc_validation": _("AUC, validation part"),
        "auc_test": _("AUC, test part"),
    }
    series = [(key, str(name)) for key, name in known.items() if any(key in epoch for epoch in run.epochs)]
    return learning_curve(run.epochs, series) if run.epochs and series else None
