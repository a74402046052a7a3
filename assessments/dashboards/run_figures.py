"""From a stored training run to what its page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.templatetags.govern import share as percent
from assessments.dashboards.charts import Chart, Interval, intervals, learning_curve
from assessments.dashboards.model_words import model_label
from assessments.recommenders.comparing import difference_of
from assessments.recommenders.models import MetricValue, Promotion, TrainingRun
from assessments.recommenders.promotions import JUDGED_BY
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
        "gauc": _("GAUC: the same, each person weighted by what they took"),
        "hit_rate": _("Hit rate@%(k)s: how many people found any of their items?"),
    }
    return words[base] % {"k": k} if base in words else name


def metric_short(name: str) -> str:
    base, _at, k = name.partition("@")
    shown = {"ndcg": "NDCG", "map": "MAP", "mrr": "MRR", "auc": "AUC", "gauc": "GAUC"}
    return shown.get(base, base.replace("_", " ").capitalize()) + (f"@{k}" if k else "")


def protocol_of(run: TrainingRun) -> str:
    """How the numbers were measured, in a sentence."""
    protocol = run.protocol
    words = {
        "until": str(protocol.get("train_until", ""))[:10],
        "end": str(protocol.get("test_until", ""))[:10] or _("the last row"),
        "share": _share_of(run.split),
        "k": ", ".join(str(k) for k in protocol.get("cutoffs", [])),
    }
    kind = run.split.partition(":")[0]
    sentences = {
        "loo": _("Learned from all but the last item of each person, and asked to foretell that one,"),
        "random": _(
            "Learned from what was left when %(share)s of each person's items were drawn; asked to foretell those,"
        ),
        "users": _("Learned without %(share)s of the people; then shown their first items, and asked for the rest,"),
    }
    usual = _("Learned from everything before %(until)s; then asked to foretell what known people take until %(end)s,")
    how = _("ranking every item of the catalogue and judged by the first %(k)s.")
    repeats = (
        _("Items that a person already had were left out.")
        if protocol.get("repeats") == "masked"
        else _("Items that a person already had could be recommended again.")
    )
    between = "" if get_language() == "zh-hans" else " "
    return between.join([sentences.get(kind, usual) % words, how % words, repeats])


def _share_of(split: str) -> str:
    share = split.partition(":")[2].partition(",")[0]
    try:
        return percent(float(share))
    except ValueError:
        return share


@dataclass(frozen=True)
class MetricRow:
    """A metric of every model; ``values`` in the order of the models, None where a model lacks it."""

    label: str
    values: list[MetricValue | None]


@dataclass(frozen=True)
class MetricTable:
    models: list[str]
    rows: list[MetricRow]


def metrics_table(run: TrainingRun, promotion: Promotion | None = None) -> MetricTable:
    """The run, its baselines, and the run in use where it was measured in the same way."""
    table = metrics_by_model(run)
    labels = [model_label(model) for model in table]
    columns = list(table.values())
    if promotion is not None and same_test(run, promotion.run):
        labels.append(_("In use: %(model)s") % {"model": model_label(promotion.run.model_name)})
        columns.append(metrics_by_model(promotion.run)[promotion.run.model_name])
    names = list(dict.fromkeys(name for metrics in columns for name in metrics))
    rows = [MetricRow(metric_word(name), [metrics.get(name) for metrics in columns]) for name in names]
    return MetricTable(labels, rows)


def same_test(run: TrainingRun, other: TrainingRun) -> bool:
    """Whether the numbers of another run may stand beside those of this one."""
    same = run.protocol_digest == other.protocol_digest and run.snapshot_id == other.snapshot_id
    return same and run.pk != other.pk


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
    adjusted_p: float | None = None


def comparisons_of(run: TrainingRun, promotion: Promotion | None = None) -> list[Comparison]:
    """Against each baseline and, where it was measured in the same way, against the run in use."""
    rows = [
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
    return rows + (_against_use(run, promotion.run) if promotion is not None else [])


def _against_use(run: TrainingRun, in_use: TrainingRun) -> list[Comparison]:
    if not same_test(run, in_use):
        return []
    try:
        found = difference_of(run, in_use, JUDGED_BY)
    except GovernError:
        return []
    label = _("In use: %(model)s") % {"model": model_label(in_use.model_name)}
    said = verdict_word(found.verdict)
    value = found.value if found.value is not None else 0.0
    return [Comparison(metric_short(JUDGED_BY), label, value, found.low, found.high, found.users, said)]


def verdict_of(comparison: Mapping[str, Any]) -> str:
    """Only an interval that leaves out zero says that one is better."""
    low, high = comparison.get("low"), comparison.get("high")
    if low is None or high is None:
        return verdict_word("unknown")
    return verdict_word("better" if low > 0 else "worse" if high < 0 else "no_difference")


def verdict_word(verdict: str) -> str:
    words = {"better": _("better"), "worse": _("worse"), "no_difference": _("no difference shown")}
    return words.get(verdict, _("not known"))


PARTS = {
    "train": gettext_noop("training part"),
    "validation": gettext_noop("validation part"),
    "test": gettext_noop("test part"),
}


def learning_of(run: TrainingRun) -> Chart | None:
    """Loss and metrics after each epoch; whatever ends with the name of a part is a metric on that part."""
    keys = list(dict.fromkeys(key for epoch in run.epochs for key in epoch))
    series = []
    for key in keys:
        metric, _line, part = key.rpartition("_")
        if metric and part in PARTS and any(isinstance(epoch.get(key), float) for epoch in run.epochs):
            words = {"metric": metric_short(metric), "part": _(PARTS[part])}
            series.append((key, _("%(metric)s, %(part)s") % words))
    if not run.epochs:
        return None
    return learning_curve(run.epochs, series, loss="loss" if "loss" in keys else "")


def notes_of(run: TrainingRun) -> list[str]:
    """What happened on the way, in words."""
    words = {
        "batch_halved": _(
            "The memory of the device did not suffice: the batch was halved from %(from)s to %(to)s examples."
        ),
        "resumed": _("The program that trained was ended; another went on from its checkpoint, with epoch %(epoch)s."),
    }
    return [words[note["kind"]] % note for note in run.notes if note.get("kind") in words]
