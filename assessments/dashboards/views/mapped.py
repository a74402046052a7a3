"""Taking the level that answers to other checklists propose."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.checklists.selectors import item_get, questionnaire_get
from assessments.checklists.services import AnswerConflictError, mapped_level_take
from assessments.common.errors import GovernError
from assessments.dashboards.asking import organisation_of, user_of
from assessments.dashboards.views.questionnaire import number_of, page_context


@require_POST
@allowed(Capability.ANSWER)
def mapped_level_take_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take the level that the person saw; what changed meanwhile is shown, and nothing is saved."""
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    item = item_get(questionnaire=questionnaire, key=key)
    try:
        mapped_level_take(
            questionnaire=questionnaire,
            item=item,
            assessor=user_of(request),
            level=number_of(request.POST.get("level", "")),
            revision=number_of(request.POST.get("revision", "")) or 0,
        )
    except AnswerConflictError as conflict:
        context = page_context(request, questionnaire, item) | {"typed": conflict.typed, "conflict": conflict}
        return render(request, "checklists/questionnaire.html", context, status=conflict.status)
    except GovernError as error:
        context = page_context(request, questionnaire, item) | {"error": error}
        return render(request, "checklists/questionnaire.html", context, status=error.status)
    messages.success(request, _("Taken as your answer; the paths are noted in its comment."))
    return redirect(f"{reverse('questionnaire', args=[pk])}?item={key}")
