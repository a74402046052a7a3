"""Assessments: where does this number come from?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError, NotFoundError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.evidence_links import linked, missing_of
from assessments.dashboards.forms.assessments import AssessForm
from assessments.dashboards.paging import page_of
from assessments.dashboards.periods import quarter_of
from assessments.dashboards.score_figures import (
    by_path,
    children_of,
    drivers_of,
    gates_of,
    levels_of,
    measured_of,
    tree_of,
)
from assessments.dashboards.score_methods import how_of
from assessments.jobs.dispatch import job_start
from assessments.scoring.models import Assessment
from assessments.scoring.selectors import (
    aggregations_of,
    assessment_get,
    assessment_previous,
    assessment_verify,
    assessments_of,
    scores_of,
    verdict_sentence,
)
from assessments.scoring.services import assessment_export, assessment_publish


@require_GET
@allowed(Capability.VIEW)
def assessment_list(request: HttpRequest) -> HttpResponse:
    return render_list(request, AssessForm(initial={"period": quarter_of(timezone.localdate())}))


def render_list(request: HttpRequest, form: AssessForm) -> HttpResponse:
    context = {
        "page": page_of(request, assessments_of(organisation_of(request)).order_by("-period", "-as_of", "-pk")),
        "form": form,
        "may_assess": may(request, Capability.ASSESS),
    }
    return render(request, "assessments/list.html", context, status=400 if form.errors else 200)


@require_POST
@allowed(Capability.ASSESS)
def assess(request: HttpRequest) -> HttpResponse:
    form = AssessForm(request.POST)
    if not form.is_valid():
        return render_list(request, form)
    job = job_start(
        organisation=organisation_of(request),
        kind="scoring.assess",
        subject=form.cleaned_data["period"],
        parameters={"period": form.cleaned_data["period"]},
        started_by=user_of(request),
    )
    return redirect("job", job.pk)


@require_GET
@allowed(Capability.VIEW)
def assessment_page(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = organisation_of(request)
    assessment = assessment_get(organisation=organisation, pk=pk)
    scores = by_path(scores_of(assessment))
    path = request.GET.get("node", "")
    if path not in scores:
        raise NotFoundError(_("The assessment has no part “%(path)s”.") % {"path": path[:200]})
    node = scores[path]
    draft = assessment.state != Assessment.State.PUBLISHED
    context: dict[str, Any] = {
        "assessment": assessment,
        "node": node,
        "how": how_of(aggregations_of(assessment).get(path), path, scores),
        "measured": measured_of(node),
        "children": children_of(scores, path),
        "trail": trail_of(scores, path),
        "tree": tree_of(assessment, scores),
        "levels": levels_of(assessment),
        "gates": gates_of(assessment),
        "drivers": drivers_of(assessment, scores) if not path else None,
        "previous": (previous := assessment_previous(assessment)),
        "before": scores_of(previous).filter(path=path).first() if previous else None,
        "evidence": linked(organisation, node.evidence),
        "missing": missing_of(assessment.document.get("evidence", {}).get("leaves", {}).get(path)),
        "may_publish": draft and may(request, Capability.PUBLISH),
        "may_export": may(request, Capability.EXPORT),
        "may_assess": may(request, Capability.ASSESS),
    }
    return render(request, "assessments/assessment.html", context)


def trail_of(scores: dict[str, Any], path: str) -> list[Any]:
    """The nodes from the root to the parent of ``path``."""
    trail = []
    while path:
        path = scores[path].parent
        trail.append(scores[path])
    return trail[::-1]


@require_POST
@allowed(Capability.PUBLISH)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = assessment_get(organisation=organisation_of(request), pk=pk)
    assessment_publish(assessment=assessment, user=user_of(request))
    messages.success(request, _("Published and sealed. It can no longer be changed."))
    return redirect("assessment", pk)


@require_GET
@allowed(Capability.EXPORT)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = assessment_get(organisation=organisation_of(request), pk=pk)
    name = f"assessment-{assessment.organisation.slug}-{assessment.period}-{assessment.pk}.json"
    return HttpResponse(
        assessment_export(assessment),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@allowed(Capability.EXPORT)
def verify_view(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = assessment_get(organisation=organisation_of(request), pk=pk)
    if assessment.state != Assessment.State.PUBLISHED:
        raise GovernError(_("Only a published assessment has a seal."), hint=_("Publish it first."))
    verdict = assessment_verify(assessment)
    if verdict.valid:
        messages.success(request, _("Verified: every number was recomputed from the evidence and the seal holds."))
    else:
        problem = {"reason": verdict_sentence(verdict), "where": verdict.where}
        messages.error(request, _("The seal does not hold: %(reason)s (%(where)s)") % problem)
    return redirect("assessment", pk)
