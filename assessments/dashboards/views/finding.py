"""One finding: what is wrong, since when, how it has gone, whose it is?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.dashboards import charts
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.findings import AssignForm
from assessments.dashboards.repair_words import shown_step
from assessments.quality.models import Finding, FindingEvent
from assessments.quality.selectors import events_of, finding_get, meaning_of, repairs_for_finding
from assessments.quality.services import finding_assign

EVENTS_SHOWN = 200


@require_GET
@allowed(Capability.VIEW)
def finding_page(request: HttpRequest, pk: int) -> HttpResponse:
    finding = finding_get(organisation=organisation_of(request), pk=pk)
    newest = list(events_of(finding).order_by("-pk")[:EVENTS_SHOWN])
    result = finding.last_result
    context: dict[str, Any] = {
        "finding": finding,
        "events": newest,
        "result": result,
        "counted": meaning_of(result) if result is not None else "",
        "deliveries": finding.deliveries.select_related("channel")[:20],
        "mends": [shown_step(step) for step in repairs_for_finding(finding)] if _stands(finding) else [],
        "may_change": may(request, Capability.CHECK) and finding.state != Finding.State.RESOLVED,
        "form": AssignForm(organisation=organisation_of(request), initial={"owner": finding.owner_id}),
    }
    points = [(_when(event), event.share) for event in reversed(newest) if event.share is not None]
    if len(points) > 1:
        context["chart"] = charts.share_history(points)
    return render(request, "findings/finding.html", context)


def _stands(finding: Finding) -> bool:
    return finding.state == Finding.State.OPEN


def _when(event: FindingEvent) -> str:
    number = f"#{event.run.snapshot.number} " if event.run else ""
    return f"{number}{timezone.localtime(event.at):%m-%d %H:%M}"


@require_POST
@allowed(Capability.CHECK)
def finding_assign_view(request: HttpRequest, pk: int) -> HttpResponse:
    finding = finding_get(organisation=organisation_of(request), pk=pk)
    form = AssignForm(request.POST, organisation=organisation_of(request))
    if form.is_valid():
        finding_assign(finding=finding, owner=form.cleaned_data["owner"], user=user_of(request))
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose a member of the organisation."))
    return redirect("finding", pk)
