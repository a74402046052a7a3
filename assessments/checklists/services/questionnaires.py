"""Starting, submitting and reopening questionnaires."""

import re

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.access import require
from assessments.accounts.models import Membership, Organisation, User
from assessments.accounts.roles import Capability
from assessments.accounts.services import event_record
from assessments.checklists.models import Answer, Framework, Item, Questionnaire
from assessments.common.errors import ConflictError, GovernError

PERIOD = re.compile(r"20\d\d-Q[1-4]", re.ASCII)


def require_member(*, organisation: Organisation, user: User, capability: Capability) -> Membership:
    """Return the user's membership in the organisation, or raise ForbiddenError when they may not do this there."""
    return require(Membership.objects.filter(organisation=organisation, user=user).first(), capability)


def questionnaire_locked(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire as it stands now, kept from other writers until the transaction ends."""
    return Questionnaire.objects.select_for_update(no_key=True).get(pk=questionnaire.pk)


def questionnaire_open(questionnaire: Questionnaire) -> Questionnaire:
    """Lock the questionnaire for a change; raise ConflictError when it is submitted."""
    current = questionnaire_locked(questionnaire)
    if current.submitted_at is not None:
        raise ConflictError(
            _("This questionnaire was submitted and takes no more changes."),
            where=str(current),
            hint=_("An administrator can reopen it."),
        )
    return current


@transaction.atomic
def questionnaire_create(
    *, organisation: Organisation, framework: Framework, period: str, user: User | None = None
) -> Questionnaire:
    """Start a questionnaire for a quarter such as ``2026-Q3``; without a user, a command of the operator starts it."""
    if user is not None:
        require_member(organisation=organisation, user=user, capability=Capability.ANSWER)
    if not PERIOD.fullmatch(period):
        raise GovernError(
            _("“%(period)s” is not a period.") % {"period": period[:40]},
            where="period",
            hint=_("Write the year and the quarter, for example 2026-Q3."),
        )
    try:
        with transaction.atomic():
            created = Questionnaire.objects.create(
                organisation=organisation, framework=framework, period=period, created_by=user
            )
    except IntegrityError as error:
        raise ConflictError(
            _("There is already a questionnaire of this framework for %(period)s.") % {"period": period},
            where=str(framework),
            hint=_("Open that one, or choose another period."),
        ) from error
    _record(created, user, "questionnaire.create")
    return created


@transaction.atomic
def questionnaire_submit(*, questionnaire: Questionnaire, user: User) -> Questionnaire:
    """Close the questionnaire to changes. Items without an answer stay unknown: they are not counted as zero."""
    require_member(organisation=questionnaire.organisation, user=user, capability=Capability.ANSWER)
    current = questionnaire_open(questionnaire)
    answered = Answer.objects.filter(questionnaire=current).values("item").distinct().count()
    if not answered:
        raise GovernError(_("No item is answered yet."), where=str(current), hint=_("Answer at least one item first."))
    current.submitted_at = timezone.now()
    current.save(update_fields=["submitted_at"])
    items = Item.objects.filter(domain__framework=current.framework_id).count()
    _record(current, user, "questionnaire.submit", answered=answered, items=items)
    return current


@transaction.atomic
def questionnaire_reopen(*, questionnaire: Questionnaire, user: User, reason: str) -> Questionnaire:
    """Let a submitted questionnaire be changed again; only administrators may, and they say why."""
    require_member(organisation=questionnaire.organisation, user=user, capability=Capability.MANAGE)
    current = questionnaire_locked(questionnaire)
    if current.submitted_at is None:
        raise ConflictError(_("This questionnaire is open already."), where=str(current))
    if not reason.strip():
        raise GovernError(_("Say why the questionnaire is reopened."), where="reason")
    current.submitted_at = None
    current.save(update_fields=["submitted_at"])
    _record(current, user, "questionnaire.reopen", reason=reason.strip()[:500])
    return current


def _record(questionnaire: Questionnaire, user: User | None, action: str, **detail: object) -> None:
    event_record(
        organisation=questionnaire.organisation,
        actor=user,
        action=action,
        subject=f"{questionnaire.framework.identifier} {questionnaire.period}",
        detail={"questionnaire": questionnaire.pk, **detail},
    )
