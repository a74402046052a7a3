"""Going on with a newer version of a framework: each answer is carried, waits to be confirmed, or is asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.checklists.framework_difference import Change, framework_difference
from assessments.checklists.models import Answer, AnswerRevision, Framework, Item, Questionnaire, WaitingAnswer
from assessments.checklists.selectors import answers_of, framework_document, items_of, waiting_of
from assessments.checklists.services.evidence import evidence_carry
from assessments.checklists.services.questionnaires import questionnaire_create
from assessments.common.errors import GovernError

CARRIED = (Change.UNCHANGED, Change.MOVED)


@dataclass(frozen=True)
class CarriedOver:
    """The questionnaire that was started, how many answers came along, and how many items are new or gone."""

    questionnaire: Questionnaire
    carried: int
    waiting: int
    items_added: int
    items_removed: int


@transaction.atomic
def questionnaire_carry_over(
    *, questionnaire: Questionnaire, framework: Framework, period: str, user: User
) -> CarriedOver:
    """Start a questionnaire on a newer version of the framework with the answers of this older one.

    Everybody's answer to an unchanged or moved item is carried with what backs it, and keeps its date: carrying it
    makes it no fresher. The answer to a changed item waits: it is shown, and counts once its assessor saves it. New
    items are to be answered. The older questionnaire stays as it is.

    Raise ForbiddenError without the right to answer, ConflictError when the period has a questionnaire of that
    version, and GovernError for another framework, a version that is not newer or a period before the older one.
    """
    created = questionnaire_create(
        organisation=questionnaire.organisation, framework=framework, period=period, user=user
    )
    _check_newer(questionnaire, created)
    differences = framework_difference(framework_document(questionnaire.framework), framework_document(framework))
    items = {item.key: item for item in items_of(created)}
    carried = {d.old_key: items[d.new_key] for d in differences if d.new_key and d.change in CARRIED}
    changed = {d.old_key: items[d.new_key] for d in differences if d.new_key and d.change is Change.CHANGED}
    answers = list(answers_of(questionnaire))
    copies = _answers_carry(created, carried, answers, user)
    # What still waits in the older questionnaire waits on, for as long as its item is there.
    older = [
        (waiting.item.key, waiting.previous) for waiting in waiting_of(questionnaire).select_related("item__domain")
    ]
    unsure = [(changed[answer.item.key], answer) for answer in answers if answer.item.key in changed]
    unsure += [((carried | changed)[key], answer) for key, answer in older if key in carried or key in changed]
    WaitingAnswer.objects.bulk_create(
        WaitingAnswer(questionnaire=created, item=item, previous=answer) for item, answer in unsure
    )
    result = CarriedOver(
        created,
        carried=len(copies),
        waiting=len(unsure),
        items_added=sum(d.change is Change.ADDED for d in differences),
        items_removed=sum(d.change is Change.REMOVED for d in differences),
    )
    _record(questionnaire, result, user)
    return result


def _check_newer(older: Questionnaire, created: Questionnaire) -> None:
    if created.framework.identifier != older.framework.identifier:
        raise GovernError(
            _("Answers are carried over within one framework only."),
            where=created.framework.identifier,
            hint=_("Choose a newer version of “%(identifier)s”.") % {"identifier": older.framework.identifier},
        )
    if created.framework.version <= older.framework.version:
        raise GovernError(
            _("Version %(version)d of this framework is not newer than version %(older)d.")
            % {"version": created.framework.version, "older": older.framework.version},
            where=older.framework.identifier,
        )
    if created.period < older.period:
        raise GovernError(
            _("Answers given for %(older)s cannot be carried back to %(period)s.")
            % {"older": older.period, "period": created.period},
            where="period",
            hint=_("Choose the same period or a later one."),
        )


def _answers_carry(
    created: Questionnaire, carried: Mapping[str | None, Item], answers: Sequence[Answer], user: User
) -> list[Answer]:
    """Copy the answers to these items with what backs them; the person who carries them is noted in their history."""
    previous = [answer for answer in answers if answer.item.key in carried]
    copies = Answer.objects.bulk_create(
        Answer(
            questionnaire=created,
            item=carried[answer.item.key],
            assessor=answer.assessor,
            status=answer.status,
            level=answer.level,
            comment=answer.comment,
            sample=answer.sample,
            carried_from=answer,
        )
        for answer in previous
    )
    origin = Answer.objects.filter(pk=OuterRef("carried_from"))
    Answer.objects.filter(questionnaire=created).update(changed_at=Subquery(origin.values("changed_at")[:1]))
    AnswerRevision.objects.bulk_create(
        AnswerRevision(answer=copy, revision=1, status=copy.status, level=copy.level, comment=copy.comment, author=user)
        for copy in copies
    )
    for answer, copy in zip(previous, copies, strict=True):
        evidence_carry(previous=answer, answer=copy)
    return copies


def _record(older: Questionnaire, result: CarriedOver, user: User) -> None:
    created = result.questionnaire
    event_record(
        organisation=created.organisation,
        actor=user,
        action="questionnaire.carry_over",
        subject=f"{created.framework.identifier} {created.period}",
        detail={
            "questionnaire": created.pk,
            "from": older.pk,
            "from_version": older.framework.version,
            "version": created.framework.version,
            "carried": result.carried,
            "waiting": result.waiting,
            "items_added": result.items_added,
            "items_removed": result.items_removed,
        },
    )
