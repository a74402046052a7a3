"""Taking the level that mapped answers propose; it becomes the person's own answer."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.roles import Capability
from assessments.checklists.mapped_answers import MappedAnswer, MappedProposal, mapped_proposal
from assessments.checklists.models import Answer, Item, Questionnaire
from assessments.checklists.selectors import answer_of
from assessments.checklists.services.answers import answer_save
from assessments.checklists.services.questionnaires import require_member
from assessments.common.errors import ConflictError

PATHS_NOTED = 10


@transaction.atomic
def mapped_level_take(
    *, questionnaire: Questionnaire, item: Item, assessor: User, level: int | None, revision: int
) -> Answer:
    """Save the proposed level as the assessor's own answer, with its strongest paths noted below their comment.

    ``level`` is what the person saw; when the proposal is another one by now, ConflictError says so. ``revision`` is
    as for ``answer_save``, whose errors are raised too.
    """
    require_member(organisation=questionnaire.organisation, user=assessor, capability=Capability.ANSWER)
    proposal = mapped_proposal(questionnaire=questionnaire, item=item)
    if proposal is None or proposal.level != level:
        raise ConflictError(
            _("The answers to other checklists propose another level by now, or none."),
            where=item.key,
            hint=_("Look at the proposal again, then decide."),
        )
    mine = answer_of(questionnaire=questionnaire, item=item, assessor=assessor)
    comment, note = mine.comment if mine else "", taken_note(proposal)
    return answer_save(
        questionnaire=questionnaire,
        item=item,
        assessor=assessor,
        status=Answer.Status.LEVEL.value,
        level=level,
        comment=comment if note in comment else f"{comment.rstrip()}\n\n{note}".lstrip(),
        revision=revision,
    )


def taken_note(proposal: MappedProposal) -> str:
    """The paths of a proposal in words, in the language of the person who takes it."""
    lines = [_("Level %(level)d taken from answers to other checklists:") % {"level": proposal.level}]
    lines += [_path_note(path) for path in proposal.paths[:PATHS_NOTED]]
    return "\n".join(lines)


def _path_note(found: MappedAnswer) -> str:
    steps = [f"{step.words} {step.name} ({step.mapping.other}; {step.mapping.strength:g})" for step in found.steps]
    return _("- %(steps)s: level %(level)d, strength of the path %(strength)s") % {
        "steps": " → ".join(steps),
        "level": found.path.level,
        "strength": f"{found.path.strength:.2f}",
    }
