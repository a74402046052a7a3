"""Reading jobs."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import NotFoundError
from assessments.jobs.models import Job, JobLogLine

PATIENCE = timedelta(minutes=5)


def jobs_of(organisation: Organisation) -> QuerySet[Job]:
    """The organisation's jobs, newest first."""
    return Job.objects.filter(organisation=organisation).select_related("started_by").defer("trace")


def job_get(*, organisation: Organisation, pk: int) -> Job:
    job = jobs_of(organisation).filter(pk=pk).first()
    if job is None:
        raise NotFoundError(_("There is no such job."))
    return job


def log_of(job: Job) -> QuerySet[JobLogLine]:
    """The job's log, oldest line first."""
    return JobLogLine.objects.filter(job=job)


def jobs_waiting_unasked(kinds: Collection[str]) -> int:
    """How many jobs of these kinds wait, of whatever organisation, that nobody started."""
    return Job.objects.filter(state=Job.State.QUEUED, started_by=None, kind__in=kinds).count()


def jobs_expired(*, at: datetime) -> QuerySet[Job]:
    """Running jobs whose worker has given no sign of life for a whole lease."""
    return Job.objects.filter(state=Job.State.RUNNING, lease_expires_at__lt=at)


def jobs_unclaimed(*, at: datetime) -> QuerySet[Job]:
    """Waiting jobs that nobody has begun for a whole lease: the broker may have lost their message.

    Or every worker is busy. A job that has waited for ``PATIENCE`` is looked at that seldom, so that a long queue does
    not fill the broker with its own messages.
    """
    waited, long_ago = at - timedelta(seconds=settings.JOB_LEASE_SECONDS), at - PATIENCE
    lost = Q(enqueued_at__lt=waited, created_at__gte=long_ago) | Q(enqueued_at__lt=long_ago)
    never_sent = Q(enqueued_at=None, created_at__lt=waited)
    return Job.objects.filter(lost | never_sent, state=Job.State.QUEUED)
