"""Reading and checking datasets by themselves."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import CancelledError, GovernError
from assessments.common.progress import Fence, Progress, part, silent
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import snapshot_latest
from assessments.datasets.services import snapshot_take
from assessments.jobs.errors import JobLostError
from assessments.quality.cron import cron_next
from assessments.quality.models import QualityRun, Schedule
from assessments.quality.services.runs import quality_run_execute


@transaction.atomic
def schedule_save(
    *, dataset: Dataset, cron: str, read: bool = True, enabled: bool = True, user: User | None = None
) -> Schedule:
    """Say when the dataset is read and checked, in place of what was said before."""
    if read and dataset.source_kind == Dataset.SourceKind.UPLOAD:
        raise GovernError(
            _("An uploaded file cannot be read again: it does not change."),
            where="read",
            hint=_("Check it without reading, or give the dataset another source."),
        )
    cron = " ".join(cron.split())
    following = cron_next(cron, timezone.now(), settings.TIME_ZONE)
    if following is None:
        raise GovernError(_("This time never comes."), where="cron", hint=_("Look at day and month."))
    schedule, _created = Schedule.objects.update_or_create(
        dataset=dataset,
        defaults={
            "cron": cron,
            "read": read,
            "enabled": enabled,
            "next_at": following if enabled else None,
            "created_by": user,
        },
    )
    event_record(
        organisation=dataset.organisation,
        actor=user,
        action="schedule.change",
        subject=dataset.name,
        detail={"cron": cron, "read": read, "enabled": enabled},
    )
    return schedule


@transaction.atomic
def schedule_delete(*, schedule: Schedule, user: User | None = None) -> None:
    dataset = schedule.dataset
    event_record(organisation=dataset.organisation, actor=user, action="schedule.delete", subject=dataset.name)
    schedule.delete()


@transaction.atomic
def schedule_claim(*, pk: int, now: datetime) -> Schedule | None:
    """The schedule, moved on to its next time; None when it is not due, or another process has it already.

    Times that passed while nothing ran are not made up for: one run stands for all of them.
    """
    due = Schedule.objects.select_for_update(of=("self",)).filter(pk=pk, enabled=True, next_at__lte=now)
    schedule = due.select_related("dataset__organisation", "created_by").first()
    if schedule is None:
        return None
    schedule.last_at, schedule.next_at = now, cron_next(schedule.cron, now, settings.TIME_ZONE)
    schedule.save(update_fields=["last_at", "next_at"])
    return schedule


def dataset_watch(
    *,
    dataset: Dataset,
    read: bool,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> QualityRun:
    """Read the dataset's source again if ``read``, then measure its rules on the newest snapshot.

    What went wrong stands on the schedule, and is raised again for the job. That somebody stopped it, or that another
    attempt has taken the job over, says nothing about the dataset: then the schedule keeps what it said.
    """
    try:
        if read:
            snapshot_take(dataset=dataset, progress=part(progress, 0.0, 0.5), fence=fence)
        snapshot = snapshot_latest(dataset)
        if snapshot is None:
            raise GovernError(_("This dataset has not been read yet."), hint=_("Take a snapshot first."))
        share = part(progress, 0.5 if read else 0.0, 1.0)
        run = quality_run_execute(snapshot=snapshot, job_id=job_id, progress=share, fence=fence)
    except (CancelledError, JobLostError):
        raise
    except GovernError as error:
        _problem_tell(dataset, f"{error.message} {error.hint}".strip(), fence)
        raise
    _problem_tell(dataset, "", fence)
    return run


def _problem_tell(dataset: Dataset, problem: str, fence: Fence) -> None:
    with fence():
        Schedule.objects.filter(dataset=dataset).update(last_problem=problem)
