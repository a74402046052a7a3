"""Starting jobs: written first, then, on commit, handed to the broker; or done here and now."""

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

from assessments.accounts.models import Organisation, User
from assessments.common.errors import ConflictError
from assessments.common.progress import Progress, silent
from assessments.jobs.models import Job
from assessments.jobs.runner import attempt_run, worker_name
from assessments.jobs.services import job_claim, job_create, job_enqueued, jobs_reap

logger = logging.getLogger(__name__)
RETRY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5}


def job_start(
    *,
    organisation: Organisation,
    kind: str,
    subject: str,
    parameters: dict[str, Any],
    started_by: User | None = None,
) -> Job:
    """Have a worker do this work: the row is written now, the message is sent when the transaction commits."""
    job = job_create(
        organisation=organisation, kind=kind, subject=subject, parameters=parameters, started_by=started_by
    )
    transaction.on_commit(partial(job_enqueue, job=job))
    return job


def job_enqueue(*, job: Job) -> None:
    """Send the message. Should the broker be away, the row stays and the reaper sends it later."""
    job_enqueued(job=job)
    try:
        current_app.send_task("jobs.run", args=[job.pk], queue=job.queue, retry=True, retry_policy=RETRY)
    except Exception:
        logger.exception("job %s was not handed to the broker; it will be tried again", job.pk)


def jobs_recover() -> int:
    """Take back what dead workers and the broker lost, and send it again; how many were sent."""
    again = jobs_reap()
    for job in again:
        job_enqueue(job=job)
    return len(again)


def job_run_here(
    *,
    organisation: Organisation,
    kind: str,
    subject: str,
    parameters: dict[str, Any],
    started_by: User | None = None,
    progress: Progress = silent,
) -> Job:
    """Do the same work in this process, for commands; raises what it raised. Not begun again when it dies."""
    job = job_create(
        organisation=organisation,
        kind=kind,
        subject=subject,
        parameters=parameters,
        started_by=started_by,
        max_attempts=1,
    )
    claimed = job_claim(job_id=job.pk, worker=worker_name())
    if claimed is None:
        raise ConflictError(f"Job {job.pk} was cancelled before it began.")
    attempt_run(claimed, progress)
    claimed.refresh_from_db()
    return claimed
