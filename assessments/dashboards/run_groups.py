"""What is stored of a run besides its metrics: by group of people or items, and beyond accuracy."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.templatetags.govern import decimals, share
from assessments.dashboards.charts import Chart, Interval, intervals
from assessments.dashboards.run_figures import metric_short
from assessments.recommenders.models import TrainingRun

MOST_GROUPS = 10
ORDERED = ("head", "low", "middle", "high", "tail")
ROW_PIXELS, FRAME_PIXELS = 34, 70


@dataclass(frozen=True)
class GroupReport:
    """One attribute: a chart of its groups and a sentence on the gap between the best and the worst."""

    title: str
    chart: Chart
    height: int
    gap: str
    left_out: int


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    interval: str


@dataclass(frozen=True)
class RunEvaluation:
    reports: list[GroupReport]
    figures: list[Figure]


def evaluation_of(run: TrainingRun) -> RunEvaluation | None:
    """None for a run that kept no such document."""
    document = run.evaluation
    if not document:
        return None
    reports = [*document.get("slices", []), *document.get("groups", [])]
    shown = [_report(number, report) for number, report in enumerate(reports) if _measured(report)]
    return RunEvaluation(shown, _figures(document))


def _measured(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [group for group in report.get("groups", []) if group.get("value") is not None]


def _report(number: int, report: dict[str, Any]) -> GroupReport:
    groups = _measured(report)
    largest = sorted(groups, key=lambda group: -group["users"])[:MOST_GROUPS]
    shown = sorted((group for group in groups if group in largest), key=lambda group: _place(str(group["name"])))
    attribute, metric = str(report["attribute"]), metric_short(str(report["metric"]))
    title = _("%(metric)s %(by)s") % {"metric": metric, "by": attribute_word(attribute)}
    values = [
        Interval(
            metric,
            f"{group_word(attribute, str(group['name']))} ({group['users']})",
            group["value"],
            group.get("low"),
            group.get("high"),
        )
        for group in shown
    ]
    chart = intervals(f"group-{number}", title, values)
    height = FRAME_PIXELS + ROW_PIXELS * len(shown)
    return GroupReport(title, chart, height, _gap(attribute, report.get("gap")), len(groups) - len(shown))


def _place(name: str) -> tuple[int, str]:
    """Spans such as "5-19" in order of where they begin, ordered names in their order, all else by name."""
    begin = re.match(r"\d+", name)
    return (int(begin.group()) if begin else ORDERED.index(name) if name in ORDERED else 0, name)


def _gap(attribute: str, gap: dict[str, Any] | None) -> str:
    if not gap or gap.get("value") is None:
        return ""
    words = {
        "best": group_word(attribute, str(gap["best"])),
        "worst": group_word(attribute, str(gap["worst"])),
        "value": decimals(gap["value"], 4),
        "low": decimals(gap.get("low"), 4),
        "high": decimals(gap.get("high"), 4),
    }
    if (gap.get("low") or 0.0) > 0:
        return _("“%(worst)s” fares worse than “%(best)s”, by %(value)s (95 %% interval %(low)s – %(high)s).") % words
    return _("No difference between groups is shown: the largest is %(value)s (%(low)s – %(high)s).") % words


def attribute_word(attribute: str) -> str:
    words = {
        "history": _("by how many items a person had before"),
        "item_history": _("by how many people had the item before"),
        "popularity": _("by popularity of the item"),
        "category": _("by category of the item"),
        "price": _("by price of the item"),
        "country": _("by country of the person"),
        "age": _("by age band of the person"),
    }
    return words.get(attribute, _("by %(attribute)s") % {"attribute": attribute.replace("_", " ")})


def group_word(attribute: str, name: str) -> str:
    words = {
        ("popularity", "head"): _("most popular, a fifth of all taken"),
        ("popularity", "middle"): _("middle"),
        ("popularity", "tail"): _("least popular, a fifth of all taken"),
        ("price", "low"): _("cheapest third"),
        ("price", "middle"): _("middle third"),
        ("price", "high"): _("dearest third"),
    }
    if attribute in {"history", "item_history"}:
        return name.replace("-", "–")
    return words.get((attribute, name), name)


def _figures(document: dict[str, Any]) -> list[Figure]:
    """Figures that are not about accuracy alone, each in words."""
    k = document.get("k", 10)
    probability = document.get("probability") or {}
    beyond, debiased = document.get("beyond_accuracy") or {}, document.get("debiased") or {}
    wanted: list[tuple[str, Any]] = [
        (_("Unevenness (Gini): 0 shows all items alike, 1 shows one item only"), beyond.get(f"gini@{k}")),
        (_("Novelty, bits: how little known are the items shown?"), beyond.get(f"novelty@{k}")),
        (_("Serendipity: share of lists that is right and not simply popular"), beyond.get(f"serendipity@{k}")),
        (_("Different categories in a list, 0 to 1"), beyond.get(f"category_diversity@{k}")),
        (_("NDCG with popular items counted less (inverse propensity)"), debiased.get(f"snips_ndcg@{k}")),
        (_("Log loss of its probabilities, lower is better"), probability.get("log_loss")),
        (
            _("Calibration error: how far are its probabilities from what happens?"),
            probability.get("calibration_error"),
        ),
    ]
    figures = [_figure(label, found) for label, found in wanted if found and found.get("value") is not None]
    unknown = (document.get("unknown_items") or {}).get("value")
    if unknown is not None:
        label = _("Test items that nobody had before, so that few recommenders can find them")
        figures.append(Figure(label, share(unknown), ""))
    return figures


def _figure(label: str, found: dict[str, Any]) -> Figure:
    low, high = found.get("low"), found.get("high")
    between = "" if low is None or high is None else f"{decimals(low, 4)} – {decimals(high, 4)}"
    return Figure(label, decimals(found["value"], 4), between)
