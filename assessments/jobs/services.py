"""Writing jobs: every change of state is one conditional UPDATE, so that of two claimants one wins."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.common.errors import ConflictError, GovernError
from assessments.jobs.errors import JobLostError
from assessments.jobs.models import Job, JobLogLine
from assessments.jobs.registry import kind_get
from assessments.jobs.selectors import jobs_expired, jobs_unclaimed

logger = logging.getLogger(__name__)
State = Job.State


def lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def job_create(
    *,
    organisation: Organisation,
    kind: str,
    subject: str,
    parameters: dict[str, Any] | None = None,
    started_by: User | None = None,
    max_attempts: int | None = None,
) -> Job:
    """Write down work to be done; ``assessments.jobs.dispatch`` hands it to a worker."""
    return Job.objects.create(
        organisation=organisation,
        kind=kind,
        queue=kind_get(kind).queue,
        subject=subject[:300],
        parameters=parameters or {},
        started_by=started_by,
        max_attempts=max_attempts or settings.JOB_MAX_ATTEMPTS,
    )


def job_enqueued(*, job: Job) -> None:
    """Note that the job is being handed to the broker."""
    Job.objects.filter(pk=job.pk, state=State.QUEUED).update(enqueued_at=timezone.now())


def jobs_send_again() -> int:
    """Have every waiting job handed to the broker once more, soon; how many wait.

    For a worker that begins: the one before it may have taken their messages with it.
    """
    return Job.objects.filter(state=State.QUEUED).update(enqueued_at=None)


@transaction.atomic
def job_claim(*, job_id: int, worker: str) -> Job | None:
    """Begin an attempt; None when somebody else did, or when the job has ended meanwhile."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=State.QUEUED, cancel_requested_at=None).update(
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        worker=worker[:200],
        progress=0.0,
        message="",
        started_at=now,
        heartbeat_at=now,
        lease_expires_at=lease_end(),
    )
    if not claimed:
        return None
    job = Job.objects.select_related("organisation", "started_by").get(pk=job_id)
    logger.info("job %s (%s) running, attempt %s, on %s", job.pk, job.kind, job.attempt, job.worker)
    return job


def held(*, job_id: int, attempt: int) -> QuerySet[Job]:
    """The job, as long as this attempt holds it."""
    return Job.objects.filter(pk=job_id, attempt=attempt, state=State.RUNNING)


@transaction.atomic
def job_heartbeat(
    *, job_id: int, attempt: int, progress: float, message: str, lines: Iterable[tuple[str, str]] = ()
) -> bool:
    """Renew the lease and keep progress and log ``lines`` (level, message).

    Returns whether the person asked to stop. Raises JobLostError when the attempt no longer holds the job.
    """
    kept = held(job_id=job_id, attempt=attempt).update(
        heartbeat_at=timezone.now(), lease_expires_at=lease_end(), progress=progress, message=message[:300]
    )
    if not kept:
        raise JobLostError(job_id, attempt)
    JobLogLine.objects.bulk_create(JobLogLine(job_id=job_id, level=level, message=text) for level, text in lines)
    return job_cancel_asked(job_id=job_id)


def job_cancel_asked(*, job_id: int) -> bool:
    return Job.objects.filter(pk=job_id).exclude(cancel_requested_at=None).exists()


def job_finish(*, job_id: int, attempt: int, result: dict[str, Any]) -> bool:
    """End the job well; False when the attempt no longer holds it, so that no job ever completes twice."""
    return _end(
        job_id=job_id,
        attempt=attempt,
        state=State.SUCCEEDED,
        progress=1.0,
        message="",
        result=result,
        result_url=str(result.get("url", ""))[:300],
        error="",
        hint="",
        trace="",
    )


def job_fail(*, job_id: int, attempt: int, error: GovernError, trace: str = "") -> bool:
    """End the job with an error for people and, after a crash, the trace for administrators."""
    text = f"{error.message} ({error.where})" if error.where else error.message
    return _end(job_id=job_id, attempt=attempt, state=State.FAILED, error=text, hint=error.hint, trace=trace)


def job_stop(*, job_id: int, attempt: int) -> bool:
    """End the job because the person asked."""
    return _end(job_id=job_id, attempt=attempt, state=State.CANCELLED)


def _end(*, job_id: int, attempt: int, state: str, **fields: Any) -> bool:
    ended = held(job_id=job_id, attempt=attempt).update(
        state=state, finished_at=timezone.now(), lease_expires_at=None, **fields
    )
    logger.info("job %s %s, attempt %s%s", job_id, state, attempt, "" if ended else ": no longer held, left alone")
    return bool(ended)


def job_release(*, job_id: int, attempt: int) -> bool:
    """Put the job back because its worker is being shut down, which is no failure and costs no attempt."""
    released = held(job_id=job_id, attempt=attempt).update(
        state=State.QUEUED, lease_expires_at=None, enqueued_at=None, worker="", max_attempts=F("max_attempts") + 1
    )
    logger.info("job %s given back, attempt %s%s", job_id, attempt, "" if released else ": no longer held, left alone")
    return bool(released)


@transaction.atomic
def job_cancel(*, job: Job, actor: User | None = None) -> Job:
    """Cancel a waiting job at once; ask the worker of a running one to stop."""
    now = timezone.now()
    job.refresh_from_db(fields=["state", "attempt"])
    stopped = Job.objects.filter(pk=job.pk, state=State.QUEUED).update(
        state=State.CANCELLED, cancel_requested_at=now, finished_at=now
    )
    asked = stopped or Job.objects.filter(pk=job.pk, state=State.RUNNING).update(cancel_requested_at=now)
    job.refresh_from_db()
    if not asked:
        raise ConflictError(_("The job has already ended."), where=str(job), hint=_("There is nothing to cancel."))
    logger.info("job %s: %s by %s", job.pk, "cancelled" if stopped else "asked to stop", actor or "nobody signed in")
    return job


def jobs_reap() -> list[Job]:
    """Take back jobs whose worker died and find those that the broker lost.

    Returns the jobs that are to be handed to the broker again. Jobs that used up their attempts are failed, those that
    were asked to stop are cancelled. May run anywhere, any number of times at once.
    """
    now = timezone.now()
    again = [job for job in jobs_expired(at=now) if _take_back(job, now)]
    for job in jobs_unclaimed(at=now):
        unchanged = Q(enqueued_at=job.enqueued_at)
        if Job.objects.filter(unchanged, pk=job.pk, state=State.QUEUED).update(enqueued_at=now):
            again.append(job)
    return again


def _take_back(job: Job, now: datetime) -> bool:
    """Whether the job is to run again."""
    mine = held(job_id=job.pk, attempt=job.attempt).filter(lease_expires_at__lt=now)
    ended = {"finished_at": now, "lease_expires_at": None}
    if job.cancel_requested_at:
        mine.update(state=State.CANCELLED, **ended)
        return False
    if job.attempt >= job.max_attempts:
        error = _("The program that did this work stopped before it was done, %(count)s times.") % {
            "count": job.attempt
        }
        hint = _("It may have run out of memory. Try with less data, or ask an administrator.")
        if mine.update(state=State.FAILED, error=error, hint=hint, **ended):
            logger.error("job %s (%s) failed: worker %s lost, attempt %s", job.pk, job.kind, job.worker, job.attempt)
        return False
    taken = mine.update(state=State.QUEUED, enqueued_at=now, lease_expires_at=None, worker="")
    if taken:
        logger.warning("job %s (%s) runs again: worker %s lost", job.pk, job.kind, job.worker)
    return bool(taken)
