"""The Celery tasks there are: run a job, take back lost ones, and make the rounds."""

from celery import shared_task

from assessments.jobs.dispatch import jobs_recover
from assessments.jobs.rounds import rounds_run
from assessments.jobs.runner import job_execute


@shared_task(name="jobs.run")
def run(job_id: int) -> None:
    job_execute(job_id=job_id)


@shared_task(name="jobs.reap")
def reap() -> int:
    return jobs_recover()


@shared_task(name="jobs.round")
def round_() -> dict[str, int]:
    return rounds_run()
