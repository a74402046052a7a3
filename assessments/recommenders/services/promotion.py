"""Saying which run's model is in use for a dataset."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.recommenders.bundles import bundle_folder
from assessments.recommenders.models import Promotion, TrainingRun
from assessments.recommenders.promotions import promotion_of, warning_words, warnings_of

LONGEST_REASON = 2000


@transaction.atomic
def run_promote(*, run: TrainingRun, user: User | None, reason: str = "") -> Promotion:
    """Put the run's model in use in place of the one before; a note of it goes to the audit log.

    GovernError for a run without a whole bundle, for one that is in use already, and, without a reason, for one that
    something speaks against: it does not beat recent popularity, is worse than what is in use, or was measured
    differently.
    """
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise GovernError(_("The reason is longer than %(count)s letters.") % {"count": LONGEST_REASON}, where="reason")
    if run.state != TrainingRun.State.SUCCEEDED:
        raise GovernError(
            _("Only a run that succeeded can be promoted."), where=str(run), hint=_("Choose another run.")
        )
    bundle_folder(run)
    before = promotion_of(run.dataset)
    if before is not None and before.run_id == run.pk:
        raise ConflictError(_("This run is in use already."), where=str(run))
    warnings = warnings_of(run, before)
    if warnings and not reason:
        raise GovernError(
            " ".join(warning_words(warning) for warning in warnings),
            where="reason",
            hint=_("Give a reason to promote it all the same."),
        )
    return _put_in_use(run, before, user=user, reason=reason, warnings=warnings)


def _put_in_use(
    run: TrainingRun, before: Promotion | None, *, user: User | None, reason: str, warnings: list[str]
) -> Promotion:
    if before is not None:
        Promotion.objects.filter(pk=before.pk, ended_at=None).update(ended_at=timezone.now())
    try:
        with transaction.atomic():
            made = Promotion.objects.create(
                dataset=run.dataset,
                run=run,
                bundle_digest=run.bundle.digest,
                promoted_by=user,
                reason=reason,
                warnings=warnings,
            )
    except IntegrityError as error:
        raise ConflictError(
            _("Somebody else promoted a run just now."), where=str(run.dataset), hint=_("Look at it first.")
        ) from error
    detail: dict[str, Any] = {"run": run.pk, "dataset": run.dataset_id, "bundle": made.bundle_digest}
    detail |= {"before": before.run_id if before else None, "warnings": warnings, "reason": reason}
    event_record(
        organisation=run.dataset.organisation,
        actor=user,
        action="recommender.promote",
        subject=str(run),
        detail=detail,
    )
    return made
