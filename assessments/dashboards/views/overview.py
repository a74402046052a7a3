"""How capable are we, how sure, which way, and what first?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assessments.accounts.access import allowed
from assessments.accounts.models import Organisation
from assessments.accounts.roles import Capability
from assessments.checklists.models import Answer
from assessments.checklists.selectors import questionnaires_of
from assessments.dashboards.asking import membership_of, organisation_of
from assessments.dashboards.rows import show
from assessments.dashboards.score_figures import (
    by_path,
    changes_of,
    children_of,
    drivers_of,
    first_things_of,
    gates_of,
    radar_of,
    trend_of,
    weakest_of,
)
from assessments.datasets.selectors import datasets_of
from assessments.quality.models import Finding
from assessments.quality.selectors import findings_of
from assessments.scoring.models import Assessment
from assessments.scoring.selectors import assessment_latest, assessment_previous, assessments_of, scores_of


@require_GET
@allowed(Capability.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    organisation = organisation_of(request)
    periods = list(assessments_of(organisation).order_by("-period").values_list("period", flat=True).distinct())
    asked = request.GET.get("period", "")
    period = asked if asked in periods else (periods[0] if periods else "")
    assessment = shown_assessment(organisation, period)
    if assessment is None:
        return render(request, "overview/empty.html", {"steps": steps_of(request)})
    context = {"periods": periods, "period": period} | figures(organisation, assessment)
    return render(request, "overview/overview.html", context)


def shown_assessment(organisation: Organisation, period: str) -> Assessment | None:
    """Of one period the newest published assessment, or the newest draft while none is published."""
    if not period:
        return None
    return assessment_latest(organisation, published_only=True, period=period) or assessment_latest(
        organisation, period=period
    )


def figures(organisation: Organisation, assessment: Assessment) -> dict[str, Any]:
    scores = by_path(scores_of(assessment))
    previous = assessment_previous(assessment)
    before = by_path(scores_of(previous)) if previous is not None else {}
    pillars = children_of(scores, "")
    for pillar in pillars:
        old = before[pillar.path].value if pillar.path in before else None
        show(pillar, weakest=weakest_of(scores, pillar.path), change=difference(pillar.value, old))
    published = assessments_of(organisation).filter(state=Assessment.State.PUBLISHED)
    return {
        "assessment": assessment,
        "previous": previous,
        "change": difference(assessment.score, previous.score if previous is not None else None),
        "pillars": pillars,
        "gates": [gate for gate in gates_of(assessment) if gate["raised"]],
        "level_by_score": assessment.document.get("result", {}).get("level_by_score"),
        "radar": radar_of(assessment, scores, previous, before),
        "trend": trend_of(list(published)),
        "drivers": drivers_of(assessment, scores),
        "changes": changes_of(assessment, scores, previous, before),
        "first_things": first_things_of(assessment),
        "open_findings": findings_of(organisation).filter(state=Finding.State.OPEN).count(),
        "sample": Answer.objects.filter(
            sample=True, questionnaire__organisation=organisation, questionnaire__period=assessment.period
        ).exists(),
    }


def difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def steps_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The three steps to a first score: what is done, and who may do it."""
    organisation, membership = organisation_of(request), membership_of(request)
    return [
        {
            "name": "register",
            "done": datasets_of(organisation).exists(),
            "may": membership.may(Capability.REGISTER),
        },
        {
            "name": "answer",
            "done": questionnaires_of(organisation).filter(answers__isnull=False).exists(),
            "may": membership.may(Capability.ANSWER),
        },
        {"name": "assess", "done": False, "may": membership.may(Capability.ASSESS)},
    ]
