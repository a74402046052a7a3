"""Answering: one item at a time, saved as it is typed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from assessments.accounts.access import allowed
from assessments.accounts.bodies import takes_files
from assessments.accounts.models import User
from assessments.accounts.roles import Capability
from assessments.checklists.evidence_types import MAX_BYTES
from assessments.checklists.framework_difference import item_parts_changed
from assessments.checklists.mapped_answers import mapped_proposal
from assessments.checklists.models import Answer, Item, Questionnaire, localised
from assessments.checklists.selectors import (
    answer_of,
    answers_of,
    item_document,
    item_get,
    items_of,
    newest_version_above,
    next_item,
    previous_item,
    progress_of,
    questionnaire_get,
    revisions_of,
    waiting_of,
)
from assessments.checklists.services import AnswerConflictError, TypedAnswer, answer_save, evidence_add
from assessments.common.errors import ConflictError, GovernError
from assessments.common.levels import LEVELS
from assessments.dashboards.asking import from_htmx, may, organisation_of, user_of
from assessments.dashboards.forms.checklists import EvidenceForm, ReopenForm
from assessments.dashboards.measured_words import measured_show, proposal_words
from assessments.dashboards.rows import show
from assessments.dashboards.version_difference import Part, parts_of
from assessments.scoring.selectors import level_proposal

REVISIONS_SHOWN = 10


@require_GET
@allowed(Capability.VIEW)
def questionnaire_page(request: HttpRequest, pk: int) -> HttpResponse:
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    item = item_of(questionnaire, request.GET.get("item", ""), user_of(request))
    return render(request, "checklists/questionnaire.html", page_context(request, questionnaire, item))


def item_of(questionnaire: Questionnaire, key: str, user: User) -> Item:
    """The item that the address names, else the first that this person has not answered, else the first."""
    if key:
        return item_get(questionnaire=questionnaire, key=key)
    items = items_of(questionnaire)
    mine = answers_of(questionnaire, assessor=user).values("item")
    item = items.exclude(pk__in=mine).first() or items.first()
    if item is None:
        raise GovernError(_("This checklist has no items."))
    return item


def page_context(request: HttpRequest, questionnaire: Questionnaire, item: Item) -> dict[str, Any]:
    # Who may still answer sees how far they are themselves; everybody else, how far all are together.
    mine = may(request, Capability.ANSWER) and questionnaire.submitted_at is None
    user = user_of(request) if mine else None
    answered = dict(answers_of(questionnaire, assessor=user).values_list("item_id", "status"))
    items = list(items_of(questionnaire))
    domains = []
    for part in progress_of(questionnaire, assessor=user):
        inside = [each for each in items if each.domain_id == part.domain.pk]
        domains.append({"part": part, "open": part.domain.pk == item.domain_id, "items": inside})
    waiting = waiting_of(questionnaire)
    if user is not None:
        waiting = waiting.filter(previous__assessor=user)
    marks = dict.fromkeys(waiting.values_list("item_id", flat=True), "waiting") | answered
    for each in items:
        show(each, mark=marks.get(each.pk, ""))
    return {
        "domains": domains,
        "mine": mine,
        "answered": len(answered),
        "total": len(items),
        "may_submit": may(request, Capability.ANSWER) and questionnaire.submitted_at is None,
        "may_reopen": may(request, Capability.MANAGE) and questionnaire.submitted_at is not None,
        "reopen_form": ReopenForm(),
        "newer": newest_version_above(questionnaire.framework),
    } | item_context(request, questionnaire, item)


def item_context(request: HttpRequest, questionnaire: Questionnaire, item: Item) -> dict[str, Any]:
    user = user_of(request)
    mine = answer_of(questionnaire=questionnaire, item=item, assessor=user)
    others = list(answers_of(questionnaire).filter(item=item).exclude(assessor=user))
    levels = [
        {"number": number, "word": LEVELS[number], "text": localised(text)}
        for number, text in enumerate(item.levels, start=1)
    ]
    proposal = level_proposal(questionnaire, item)
    for answer in [*([mine] if mine else []), *others]:
        measured_show(answer.evidence.all())
    waiting = {each.previous.assessor_id: each for each in waiting_of(questionnaire).filter(item=item)}
    my_waiting = waiting.pop(user.pk, None)
    may_answer = may(request, Capability.ANSWER) and questionnaire.submitted_at is None
    # An older answer stands in the fields as if typed: saving them is what confirms it.
    stands = mine or (my_waiting.previous if my_waiting and may_answer else None)
    return {
        "questionnaire": questionnaire,
        "item": item,
        "question": localised(item.question),
        "levels": levels,
        "answer": mine,
        "typed": TypedAnswer(stands.status, stands.level, stands.comment) if stands else TypedAnswer("", None, ""),
        "revision": mine.revision if mine else 0,
        "others": others,
        "proposal": proposal_words(questionnaire.organisation, proposal) if proposal else None,
        "waiting": my_waiting,
        "changed_parts": parts_changed(my_waiting.previous.item, item) if my_waiting else [],
        "mapped": mapped_proposal(questionnaire=questionnaire, item=item),
        "others_waiting": list(waiting.values()),
        "history": revisions_of(mine)[:REVISIONS_SHOWN] if mine else [],
        "evidence_form": EvidenceForm(),
        "next": next_item(questionnaire=questionnaire, item=item),
        "previous": previous_item(questionnaire=questionnaire, item=item),
        "may_answer": may_answer,
    }


def parts_changed(old: Item, new: Item) -> list[Part]:
    was, now = item_document(old), item_document(new)
    return parts_of(was, now, item_parts_changed(was, now))


@require_POST
@allowed(Capability.ANSWER)
def answer_save_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Save what was typed. The page shows it again with its new revision; a conflict shows both texts."""
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    item = item_get(questionnaire=questionnaire, key=key)
    typed, proposal = typed_of(request), level_proposal(questionnaire, item)
    accepted = number_of(request.POST.get("accept", ""))
    conflict = error = None
    try:
        if accepted is not None:
            typed = proposal_accepted(accepted, proposal, typed)
        answer_save(
            questionnaire=questionnaire,
            item=item,
            assessor=user_of(request),
            status=typed.status,
            level=typed.level,
            comment=typed.comment,
            revision=number_of(request.POST.get("revision", "")) or 0,
            proposal=proposal,
        )
    except AnswerConflictError as raised:
        conflict = raised
    except GovernError as raised:
        error = raised
    if conflict is None and error is None and (accepted is not None or not from_htmx(request)):
        address = f"{reverse('questionnaire', args=[pk])}?item={key}"
        return HttpResponseClientRedirect(address) if from_htmx(request) else redirect(address)
    context = page_context(request, questionnaire, item) | {"saved": not (conflict or error)}
    if conflict or error:
        # What was typed stays in the fields; saving it again is against the newer revision, and on purpose.
        context |= {"typed": typed, "conflict": conflict, "error": error}
    if from_htmx(request) and (conflict is not None or accepted is not None):
        whole = render(request, "checklists/item.html", context)
        return reswap(retarget(whole, "#item"), "outerHTML")
    if from_htmx(request):
        return render(request, "checklists/saved.html", context)
    return render(request, "checklists/questionnaire.html", context, status=409 if conflict else 400)


def proposal_accepted(level: int, proposal: Mapping[str, Any] | None, typed: TypedAnswer) -> TypedAnswer:
    """The answer that takes the proposed level; raise ConflictError when another one is proposed by now."""
    if proposal is None or proposal["level"] != level:
        raise ConflictError(
            _("What was measured has changed since you opened the page."),
            hint=_("Look at what is proposed now, then accept it or choose a level."),
        )
    return TypedAnswer(Answer.Status.LEVEL.value, level, typed.comment)


def typed_of(request: HttpRequest) -> TypedAnswer:
    """The radio's value is a level from 1 to 5 or a status; nothing chosen yet is “don't know”."""
    choice = request.POST.get("choice", "")
    comment = request.POST.get("comment", "").replace("\r\n", "\n")
    level = number_of(choice)
    if level is not None:
        return TypedAnswer(Answer.Status.LEVEL.value, level, comment)
    return TypedAnswer(choice or Answer.Status.UNKNOWN.value, None, comment)


def number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@require_POST
@takes_files(lambda: MAX_BYTES)
@allowed(Capability.ANSWER)
def evidence_add_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    questionnaire = questionnaire_get(organisation=organisation_of(request), pk=pk)
    item = item_get(questionnaire=questionnaire, key=key)
    answer = answer_of(questionnaire=questionnaire, item=item, assessor=user_of(request))
    form = EvidenceForm(request.POST, request.FILES)
    try:
        evidence_attach(answer, form, user_of(request))
    except GovernError as error:
        # The page of the item, with what was typed still in its fields.
        context = page_context(request, questionnaire, item) | {"evidence_form": form, "evidence_error": error}
        return render(request, "checklists/questionnaire.html", context, status=error.status)
    messages.success(request, _("Attached."))
    return redirect(f"{reverse('questionnaire', args=[pk])}?item={key}")


def evidence_attach(answer: Answer | None, form: EvidenceForm, user: User) -> None:
    if answer is None:
        raise GovernError(_("Answer the item before you attach something."))
    if not form.is_valid():
        raise GovernError(_("This cannot be attached."), where=", ".join(str(form[name].label) for name in form.errors))
    data = form.cleaned_data
    evidence_add(answer=answer, user=user, file=data["file"], url=data["url"], title=data["title"])
