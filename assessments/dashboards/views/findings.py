"""What is wrong now?"""

from typing import Any

from django.contrib import messages
from django.db.models import Case, OuterRef, Subquery, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.findings import AcceptForm, FindingFilter
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.datasets.selectors import datasets_of
from assessments.quality.models import Finding, FindingEvent, QualityRun, Severity
from assessments.quality.selectors import finding_get, findings_of, meaning_of, runs_of
from assessments.quality.services import finding_accept


@require_GET
@allowed(Capability.VIEW)
def finding_list(request: HttpRequest) -> HttpResponse:
    organisation = organisation_of(request)
    form = FindingFilter(request.GET or {"state": Finding.State.OPEN}, datasets=datasets_of(organisation))
    gravest_first = Case(*(When(severity=s, then=-n) for n, s in enumerate(Severity.values)), default=0)
    findings = form.apply(findings_of(organisation)).order_by(gravest_first, "-opened_at", "-pk")
    measured = FindingEvent.objects.filter(finding=OuterRef("pk"), share__isnull=False).order_by("-pk")
    findings = findings.annotate(last_share=Subquery(measured.values("share")[:1]))
    page = page_of(request, findings)
    for finding in page:
        result = finding.last_result
        show(finding, counted=meaning_of(result) if result is not None else "", share_failing=_share(finding))
    succeeded = runs_of(organisation).filter(state=QualityRun.State.SUCCEEDED)
    context = {
        "page": page,
        "form": form,
        "may_accept": may(request, Capability.CHECK),
        "may_manage": may(request, Capability.MANAGE),
        "last_run": succeeded.first(),
        "may_register": may(request, Capability.REGISTER),
    }
    return render(request, "findings/list.html", context)


def _share(finding: Any) -> float | None:
    """The share that fails by the newest result or, of what no rule measures, by the newest event."""
    result = finding.last_result
    if result is None:
        last: float | None = finding.last_share
        return last
    return result.rows_failing / result.rows_checked if result.rows_checked else None


@require_http_methods(["GET", "POST"])
@allowed(Capability.CHECK)
def finding_accept_page(request: HttpRequest, pk: int) -> HttpResponse:
    finding = finding_get(organisation=organisation_of(request), pk=pk)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            finding_accept(
                finding=finding,
                user=user_of(request),
                reason=form.cleaned_data["reason"],
                until=form.cleaned_data["until"],
            )
        except GovernError as error:
            context = {"finding": finding, "form": form, "error": error}
            return render(request, "findings/accept.html", context, status=error.status)
        messages.success(request, _("Accepted. It is listed under “Accepted” with your reason."))
        return redirect("findings")
    return render(
        request, "findings/accept.html", {"finding": finding, "form": form}, status=400 if form.errors else 200
    )
