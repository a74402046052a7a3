"""Questionnaires: starting, submitting and reopening them."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.checklists.selectors import (
    evidence_file_open,
    frameworks,
    progress_of,
    questionnaire_get,
    questionnaires_of,
)
from assessments.checklists.services import questionnaire_create, questionnaire_reopen, questionnaire_submit
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.checklists import QuestionnaireForm, ReopenForm
from assessments.dashboards.paging import page_of
from assessments.dashboards.periods import quarter_of
from assessments.dashboards.rows import show
from assessments.scoring.selectors import frameworks_scored


@require_GET
@allowed(Capability.VIEW)
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    initial = {"period": quarter_of(timezone.localdate())}
    form = QuestionnaireForm(initial=initial, frameworks=frameworks(), scored=frameworks_scored())
    return render_list(request, form)


def render_list(
    request: HttpRequest, form: QuestionnaireForm, error: GovernError | None = None, status: int = 200
) -> HttpResponse:
    page = page_of(request, questionnaires_of(organisation_of(request)).order_by("-period", "-pk"), size=10)
    for questionnaire in page:
        progress = progress_of(questionnaire)
        total, answered = sum(part.total for part in progress), sum(part.answered for part in progress)
        show(questionnaire, total=total, answered=answered)
    context = {
        "page": page,
        "form": form,
        "error": error,
        "may_answer": may(request, Capability.ANSWER),
        "has_framework": frameworks().exists(),
    }
    return render(request, "checklists/list.html", context, status=status)


@require_POST
@allowed(Capability.ANSWER)
def questionnaire_new(request: HttpRequest) -> HttpResponse:
    form = QuestionnaireForm(request.POST, frameworks=frameworks(), scored=frameworks_scored())
    if not form.is_valid():
        return render_list(request, form, status=400)
    try:
        created = questionnaire_create(
            organisation=organisation_of(request),
            framework=form.cleaned_data["framework"],
            period=form.cleaned_data["period"],
            user=user_of(request),
        )
    except GovernError as error:
        return render_list(request, form, error, error.status)
    return redirect("questionnaire", created.pk)


@require_POST
@allowed(Capability.ANSWER)
def questionnaire_submit_view(request: HttpRequest, pk: int) -> HttpResponse:
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    questionnaire_submit(questionnaire=questionnaire, user=user_of(request))
    messages.success(request, _("Submitted. The answers count in the next assessment of this period."))
    return redirect("questionnaire", pk)


@require_POST
@allowed(Capability.MANAGE)
def questionnaire_reopen_view(request: HttpRequest, pk: int) -> HttpResponse:
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    form = ReopenForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    questionnaire_reopen(questionnaire=questionnaire, user=user_of(request), reason=reason)
    messages.success(request, _("Open again for changes."))
    return redirect("questionnaire", pk)


@require_GET
@allowed(Capability.VIEW)
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that backs an answer, as a download: a browser never shows it as a page of ours."""
    opened = evidence_file_open(organisation=organisation_of(request), pk=pk)
    response = FileResponse(
        opened.file,
        as_attachment=True,
        filename=opened.name,
        content_type=opened.content_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
    return cast(HttpResponse, response)  # a streaming response, which the type of a view leaves out
