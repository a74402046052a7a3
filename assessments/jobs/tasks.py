"""The two Celery tasks there are: run a job, and take back lost ones."""

from celery import shared_task

from assessments.jobs.dispatch import jobs_recover
from assessments.jobs.runner import job_execute


@shared_task(name="jobs.run")
def run(job_id: int) -> None:
    job_execute(job_id=job_id)


@shared_task(name="jobs.reap")
def reap() -> int:
    return jobs_recover()
