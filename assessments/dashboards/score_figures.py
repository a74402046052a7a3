"""From stored scores to what the overview and the assessment page show. No arithmetic of the score is done anew."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.checklists.models import localised
from assessments.common.levels import LEVELS
from assessments.common.templatetags.govern import decimals, share, signed
from assessments.dashboards.charts import Chart
from assessments.dashboards.evidence_links import address_of
from assessments.dashboards.run_figures import metric_short
from assessments.dashboards.score_changes import Part, decompose
from assessments.dashboards.score_charts import (
    DomainPoint,
    TreeNode,
    TrendPoint,
    drivers,
    level_probabilities,
    radar,
    tree,
    trend,
    waterfall,
)
from assessments.dashboards.score_methods import method_words
from assessments.remediation.selectors import FirstThing, first_things
from assessments.scoring.models import Assessment, Score
from assessments.scoring.selectors import aggregations_of

MATURITY = "maturity"
DRIVERS_SHOWN = 8
LEAST_DRIVER = 0.005
TREND_SHOWN = 12
FIRST_THINGS = 5

Scores = Mapping[str, Score]


def by_path(scores: Iterable[Score]) -> dict[str, Score]:
    return {score.path: score for score in scores}


def children_of(scores: Scores, path: str) -> list[Score]:
    return [score for score in scores.values() if score.path and score.parent == path]


def node_address(assessment: Assessment, path: str) -> str:
    address = reverse("assessment", args=[assessment.pk])
    return f"{address}?node={path}" if path else address


def radar_of(assessment: Assessment, scores: Scores, previous: Assessment | None, before: Scores) -> Chart | None:
    domains = children_of(scores, MATURITY)
    if len(domains) < 3:
        return None
    points = [DomainPoint(d.label, d.value, before[d.path].value if d.path in before else None) for d in domains]
    last = previous.period if previous is not None and any(p.previous is not None for p in points) else ""
    return radar(points, period=assessment.period, previous_period=last)


def trend_of(published: Sequence[Assessment]) -> Chart | None:
    """The last published assessment of each period, oldest first."""
    newest: dict[str, Assessment] = {}
    for each in sorted(published, key=lambda a: (a.as_of, a.pk)):
        newest[each.period] = each
    kept = sorted(newest.values(), key=lambda a: a.period)[-TREND_SHOWN:]
    if len(kept) < 2:
        return None
    return trend([TrendPoint(a.period, a.score, a.low, a.high, reverse("assessment", args=[a.pk])) for a in kept])


def drivers_of(assessment: Assessment, scores: Scores) -> Chart | None:
    result = assessment.document.get("result", {}).get("drivers", {})
    rows = [
        (scores[each["path"]].label, float(each["share"]), node_address(assessment, each["path"]))
        for each in result.get("leaves", [])
        if each["path"] in scores and each["share"] >= LEAST_DRIVER
    ]
    if result.get("weights"):
        rows.append((_("the choice of weights"), float(result["weights"]), node_address(assessment, "")))
    rows.sort(key=lambda row: -row[1])
    return drivers(rows[:DRIVERS_SHOWN]) if rows else None


def changes_of(assessment: Assessment, scores: Scores, previous: Assessment | None, before: Scores) -> Chart | None:
    """What each pillar brought to the change since the last period; what that leaves is shown as other."""
    if previous is None or assessment.score is None or previous.score is None:
        return None
    pillars = [(pillar, before.get(pillar.path)) for pillar in children_of(scores, "")]
    parts = [Part(p.label, p.weight, p.value, old.value if old else None) for p, old in pillars]
    changes = decompose(parts, previous.score, assessment.score, geometric=scores[""].method == "geometric")
    rest = assessment.score - previous.score - sum(change for _name, change in changes)
    if abs(rest) >= 0.05:
        changes.append((_("other"), rest))
    return waterfall((previous.period, previous.score), changes, (assessment.period, assessment.score))


def weakest_of(scores: Scores, path: str) -> Score | None:
    """The part just below ``path`` with the lowest score."""
    known = [(score.value, score.position, score) for score in children_of(scores, path) if score.value is not None]
    return min(known)[2] if known else None


def measured_of(node: Score) -> str:
    """The measured value in its own units, in words; empty for a node that is not measured itself."""
    if node.raw is None:
        return ""
    if node.unit == "share":
        return share(node.raw)
    if node.unit == "level":
        return _("level %(level)s") % {"level": decimals(node.raw, 1)}
    if node.unit == "relative gain":
        return _("%(percent)s %% over what it is compared with") % {"percent": signed(node.raw * 100)}
    return f"{decimals(node.raw, 3)} {metric_short(node.unit)}".strip()


def tree_of(assessment: Assessment, scores: Scores) -> Chart:
    aggregations = aggregations_of(assessment)
    return tree(
        [
            TreeNode(
                path=score.path,
                parent=score.parent,
                name=score.label,
                share=score.share,
                value=score.value,
                address=node_address(assessment, score.path),
                method=method_words(aggregations.get(score.path)),
            )
            for score in scores.values()
        ]
    )


def levels_of(assessment: Assessment) -> Chart | None:
    shares = assessment.document.get("result", {}).get("levels", {}).get("share") or []
    return level_probabilities(dict(enumerate(shares, start=1)), LEVELS) if shares else None


def gates_of(assessment: Assessment) -> list[dict[str, Any]]:
    """The conditions of the scoring model with ``label``; those that cap the level first."""
    gates = [
        {**gate, "label": localised(gate["name"])} for gate in assessment.document.get("result", {}).get("gates", [])
    ]
    return sorted(gates, key=lambda gate: (not gate["raised"], gate["cap"]))


def first_things_of(assessment: Assessment) -> list[dict[str, str]]:
    """What to look at first, with the page of it and why it is there."""
    return [
        {"label": thing.label, "why": thing.why, "address": thing_address(assessment, thing)}
        for thing in first_things(assessment, FIRST_THINGS)
    ]


def thing_address(assessment: Assessment, thing: FirstThing) -> str:
    if thing.kind not in {"gate", "finding"}:
        return node_address(assessment, thing.path)
    address = address_of(thing.source) if thing.source is not None else ""
    return address or reverse("findings") + "?state=open"
