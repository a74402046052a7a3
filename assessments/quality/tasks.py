"""Background work of this app."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.datasets.selectors import dataset_get, snapshot_get
from assessments.jobs.context import JobContext
from assessments.jobs.dispatch import job_start
from assessments.jobs.registry import job_task
from assessments.jobs.rounds import every_round
from assessments.quality.selectors import acceptances_ended, schedules_due
from assessments.quality.services import (
    dataset_watch,
    deliveries_send,
    findings_reopen,
    quality_run_execute,
    schedule_claim,
)


@job_task("quality.check", label=_("Check quality"))
def check(context: JobContext, *, snapshot_id: int, as_of: str | None = None) -> dict[str, Any]:
    run = quality_run_execute(
        snapshot=snapshot_get(organisation=context.organisation, pk=snapshot_id),
        as_of=datetime.fromisoformat(as_of) if as_of else None,
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"run": run.pk, "rows": run.rows, "rules": run.results.count()}


@job_task("quality.watch", label=_("Read and check"))
def watch(context: JobContext, *, dataset_id: int, read: bool = True) -> dict[str, Any]:
    run = dataset_watch(
        dataset=dataset_get(organisation=context.organisation, pk=dataset_id),
        read=read,
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"run": run.pk, "rows": run.rows, "rules": run.results.count()}


@every_round("quality.schedules")
def start_what_is_due() -> int:
    now, started = timezone.now(), 0
    for pk in schedules_due(now):
        with transaction.atomic():
            schedule = schedule_claim(pk=pk, now=now)
            if schedule is not None:
                parameters = {"dataset_id": schedule.dataset_id, "read": schedule.read}
                dataset = schedule.dataset
                job_start(
                    organisation=dataset.organisation, kind="quality.watch", subject=dataset.name, parameters=parameters
                )
                started += 1
    return started


@every_round("quality.deliveries")
def send_what_is_due() -> int:
    return deliveries_send()


@every_round("quality.acceptances")
def open_what_was_accepted() -> int:
    return findings_reopen() if acceptances_ended() else 0
