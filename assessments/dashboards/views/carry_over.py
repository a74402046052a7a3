"""A newer version of a questionnaire's checklist: what it changes, and going on with it."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.checklists.models import Framework, Questionnaire
from assessments.checklists.selectors import (
    answers_of,
    framework_document,
    framework_get,
    newest_version_above,
    questionnaire_get,
    waiting_of,
)
from assessments.checklists.services import questionnaire_carry_over
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.checklists import CarryOverForm
from assessments.dashboards.periods import quarter_of
from assessments.dashboards.version_difference import difference_groups


@require_GET
@allowed(Capability.VIEW)
def newer_version_page(request: HttpRequest, pk: int) -> HttpResponse:
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    newer = newest_version_above(questionnaire.framework)
    period = max(quarter_of(timezone.localdate()), questionnaire.period)
    form = CarryOverForm(initial={"period": period, "version": newer.version if newer else None})
    return render_difference(request, questionnaire, newer, form)


def render_difference(
    request: HttpRequest,
    questionnaire: Questionnaire,
    newer: Framework | None,
    form: CarryOverForm,
    error: GovernError | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "questionnaire": questionnaire,
        "newer": newer,
        "form": form,
        "error": error,
        "groups": [],
        "may_answer": may(request, Capability.ANSWER),
    }
    if newer is not None:
        # Those that still wait for a look in the older questionnaire come along too.
        answers = Counter(answer.item.key for answer in answers_of(questionnaire))
        answers.update(waiting.item.key for waiting in waiting_of(questionnaire))
        documents = framework_document(questionnaire.framework), framework_document(newer)
        context["groups"] = difference_groups(*documents, answers)
    return render(request, "checklists/newer.html", context, status=status)


@require_POST
@allowed(Capability.ANSWER)
def questionnaire_carry_over_view(request: HttpRequest, pk: int) -> HttpResponse:
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    form = CarryOverForm(request.POST)
    if not form.is_valid():
        newer = newest_version_above(questionnaire.framework)
        return render_difference(request, questionnaire, newer, form, status=400)
    # The version whose difference the person saw, even when a newer one was loaded meanwhile.
    newer = framework_get(identifier=questionnaire.framework.identifier, version=form.cleaned_data["version"])
    try:
        result = questionnaire_carry_over(
            questionnaire=questionnaire, framework=newer, period=form.cleaned_data["period"], user=user_of(request)
        )
    except GovernError as error:
        return render_difference(request, questionnaire, newer, form, error, error.status)
    messages.success(
        request,
        _("Answers carried over: %(carried)d. To be confirmed: %(waiting)d. New items to be answered: %(added)d.")
        % {"carried": result.carried, "waiting": result.waiting, "added": result.items_added},
    )
    return redirect("questionnaire", result.questionnaire.pk)
