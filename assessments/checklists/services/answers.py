"""Saving answers so that nothing which anybody typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.roles import Capability
from assessments.checklists.models import Answer, AnswerRevision, Item, Questionnaire, WaitingAnswer
from assessments.checklists.services.evidence import evidence_carry, evidence_measured
from assessments.checklists.services.questionnaires import questionnaire_open, require_member
from assessments.common.errors import ConflictError, GovernError

MAX_COMMENT = 10_000


@dataclass(frozen=True)
class TypedAnswer:
    """What a person typed, before it is saved."""

    status: str
    level: int | None
    comment: str

    def same_as(self, answer: Answer) -> bool:
        return (self.status, self.level, self.comment) == (answer.status, answer.level, answer.comment)


class AnswerConflictError(ConflictError):
    """The answer was changed since the page was opened: ``newer`` is saved, ``typed`` is not and is not lost."""

    def __init__(self, *, newer: Answer, typed: TypedAnswer) -> None:
        self.newer, self.typed = newer, typed
        super().__init__(
            _("This answer was changed elsewhere since you opened it."),
            where=newer.item.key,
            hint=_("Both texts are shown: keep one or join them, then save again."),
        )


@transaction.atomic
def answer_save(
    *,
    questionnaire: Questionnaire,
    item: Item,
    assessor: User,
    status: str,
    level: int | None,
    comment: str,
    revision: int,
    sample: bool = False,
    proposal: Mapping[str, Any] | None = None,
) -> Answer:
    """Save the assessor's own answer as typed and keep it as a revision.

    ``revision`` is that of the answer which the person saw while typing, 0 when there was none. When another tab
    saved meanwhile, AnswerConflictError carries both texts. Saving again what is there already changes nothing.
    The first answer to an item for which the assessor's older answer waits takes over what backs that one.

    ``proposal`` is what a measurement proposes for the item (its ``level`` and where that comes from). It is kept with
    the revision; an answer that gives another level needs a comment, which is the reason.
    """
    require_member(organisation=questionnaire.organisation, user=assessor, capability=Capability.ANSWER)
    typed = answer_checked(item=item, status=status, level=level, comment=comment)
    current = questionnaire_open(questionnaire)
    if item.domain.framework_id != current.framework_id:
        raise GovernError(_("This item does not belong to the questionnaire's framework."), where=item.key)
    answer = Answer.objects.filter(questionnaire=current, item=item, assessor=assessor).first()
    if answer is not None and typed.same_as(answer) and answer.sample == sample:
        return answer
    if proposal is not None:
        _check_reason(item, typed, proposal)
    if answer is None:
        if revision:
            raise ConflictError(_("This answer is no longer there."), where=item.key, hint=_("Reload the page."))
        answer = Answer(questionnaire=current, item=item, assessor=assessor, revision=0)
        return _confirm(_write(answer, typed, sample=sample, proposal=proposal))
    if answer.revision != revision:
        raise AnswerConflictError(newer=answer, typed=typed)
    return _write(answer, typed, sample=sample, proposal=proposal)


def answer_checked(*, item: Item, status: str, level: int | None, comment: str) -> TypedAnswer:
    """The typed answer, or GovernError saying what is wrong with it."""
    if status not in Answer.Status.values:
        raise GovernError(_("“%(status)s” is not a kind of answer.") % {"status": status[:40]}, where=item.key)
    if status == Answer.Status.LEVEL and (type(level) is not int or not 1 <= level <= 5):
        raise GovernError(_("Choose a level from 1 to 5."), where=item.key)
    if status != Answer.Status.LEVEL and level is not None:
        raise GovernError(_("Only an answer that gives a level has one."), where=item.key)
    if status == Answer.Status.NOT_APPLICABLE and not comment.strip():
        raise GovernError(
            _("Say in the comment why this does not apply."), where=item.key, hint=_("The reason is kept as evidence.")
        )
    if len(comment) > MAX_COMMENT:
        raise GovernError(
            _("The comment has %(length)d characters; at most %(limit)d are kept.")
            % {"length": len(comment), "limit": MAX_COMMENT},
            where=item.key,
            hint=_("Attach the long text as a file."),
        )
    if "\0" in comment:
        raise GovernError(_("The comment holds a NUL character, which cannot be kept."), where=item.key)
    return TypedAnswer(str(status), level, comment)


def _check_reason(item: Item, typed: TypedAnswer, proposal: Mapping[str, Any]) -> None:
    if typed.level not in (None, proposal["level"]) and not typed.comment.strip():
        raise GovernError(
            _("What was measured proposes level %(proposed)d; say in the comment why it is level %(level)d.")
            % {"proposed": proposal["level"], "level": typed.level},
            where=item.key,
            hint=_("The reason is kept as evidence."),
        )


def _confirm(answer: Answer) -> Answer:
    """Settle the older answer of this assessor that waits for this item, when there is one."""
    waiting = (
        WaitingAnswer.objects.filter(
            questionnaire=answer.questionnaire_id, item=answer.item_id, previous__assessor=answer.assessor_id
        )
        .select_related("previous")
        .first()
    )
    if waiting is not None:
        answer.carried_from = waiting.previous
        answer.save(update_fields=["carried_from"])
        evidence_carry(previous=waiting.previous, answer=answer)
    return answer


def _write(answer: Answer, typed: TypedAnswer, *, sample: bool, proposal: Mapping[str, Any] | None) -> Answer:
    answer.status, answer.level, answer.comment, answer.sample = typed.status, typed.level, typed.comment, sample
    answer.revision += 1
    answer.save()
    AnswerRevision.objects.create(
        answer=answer,
        revision=answer.revision,
        status=typed.status,
        level=typed.level,
        comment=typed.comment,
        author=answer.assessor,
    )
    if proposal is not None:
        evidence_measured(answer=answer, proposal=proposal)
    return answer
