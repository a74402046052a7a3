"""From stored scores to what the overview and the assessment page show. No arithmetic of the score is done anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.checklists.models import localised
from assessments.common.levels import LEVELS
from assessments.common.templatetags.govern import one, signed
from assessments.dashboards.charts import (
    Chart,
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
from assessments.dashboards.evidence_links import address_of
from assessments.dashboards.score_changes import Part, decompose
from assessments.remediation.selectors import FirstThing, first_things
from assessments.scoring.models import Assessment, Score

MATURITY = "maturity"
DRIVERS_SHOWN = 8
TREND_SHOWN = 12
FIRST_THINGS = 5

Scores = Mapping[str, Score]


def by_path(scores: Sequence[Score]) -> dict[str, Score]:
    """{path: score}; of every score ``label`` is its name in the reader's language."""
    table = {}
    for score in scores:
        score.label = localised(score.name)
        table[score.path] = score
    return table


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
        if each["path"] in scores and each["share"] > 0
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


def tree_of(assessment: Assessment, scores: Scores) -> Chart:
    return tree(
        [
            TreeNode(s.path, s.parent, s.label, s.share, s.value, node_address(assessment, s.path))
            for s in scores.values()
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
    return sorted(gates, key=lambda gate: not gate["raised"])


def first_things_of(assessment: Assessment, scores: Scores) -> list[dict[str, str]]:
    """What to look at first, with the page of it and why it is there."""
    return [
        {"label": label_of(thing, scores), "why": why_of(thing), "address": thing_address(assessment, thing)}
        for thing in first_things(assessment)[:FIRST_THINGS]
    ]


def label_of(thing: FirstThing, scores: Scores) -> str:
    name = localised(dict(thing.name))
    parent = scores.get(scores[thing.path].parent) if thing.path in scores else None
    return f"{parent.label}: {name}" if parent is not None and parent.path else name


def why_of(thing: FirstThing) -> str:
    if thing.kind == "gate":
        return _("holds the level at %(cap)s at most") % {"cap": thing.cap}
    return _("%(value)s of 100; worth up to %(gain)s points") % {"value": one(thing.value), "gain": signed(thing.gain)}


def thing_address(assessment: Assessment, thing: FirstThing) -> str:
    if thing.kind != "gate":
        return node_address(assessment, thing.path)
    addresses = [address_of(source) for source in thing.sources]
    return next((address for address in addresses if address), reverse("findings") + "?state=open")
