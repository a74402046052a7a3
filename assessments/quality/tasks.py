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
from assessments.quality.personal_data.selectors import personal_data_scan_get
from assessments.quality.selectors import (
    acceptances_ended,
    check_awaits,
    finding_get,
    repair_run_get,
    schedules_due,
)
from assessments.quality.services import (
    dataset_watch,
    deliveries_send,
    findings_reopen,
    quality_run_execute,
    schedule_claim,
)
from assessments.quality.services.noise import noisy_counts_publish
from assessments.quality.services.opening import scans_clear
from assessments.quality.services.personal_data import personal_data_risk_measure, personal_data_scan
from assessments.quality.services.profiles import profile_make
from assessments.quality.services.repairs import repair_execute, repair_make, repair_preview
from assessments.quality.services.searching import new_snapshot_search
from assessments.quality.services.suggestions import suggestions_make
from assessments.quality.unasked import look_after_search


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


@job_task("quality.personal_data", label=_("Search for personal data"))
def find_personal_data(context: JobContext, *, snapshot_id: int, automatic: bool = False) -> dict[str, Any]:
    """Search, then have the snapshot looked at: nothing of its texts is shown before."""
    snapshot = snapshot_get(organisation=context.organisation, pk=snapshot_id)
    search = new_snapshot_search if automatic else personal_data_scan
    scan = search(snapshot=snapshot, job_id=context.job_id, progress=context.progress, fence=context.fence)
    look_after_search(snapshot)
    url = f"/datasets/{snapshot.dataset_id}/personal-data/"
    if scan is None:
        return {"scan": None, "url": url}
    return {"scan": scan.pk, "rows": scan.rows, "hits": scan.hits.count(), "url": url}


@job_task("quality.personal_data_risk", label=_("Measure the risk of being recognised"))
def measure_personal_data_risk(
    context: JobContext, *, scan_id: int, columns: list[str], sensitive: str = ""
) -> dict[str, Any]:
    scan = personal_data_scan_get(organisation=context.organisation, pk=scan_id)
    risk = personal_data_risk_measure(
        scan=scan, columns=columns, sensitive=sensitive, progress=context.progress, fence=context.fence
    )
    url = f"/datasets/{scan.snapshot.dataset_id}/personal-data/#risk"
    return {"scan": scan.pk, "unique_share": risk.unique_share, "k": risk.k, "url": url}


@job_task("quality.repair_preview", label=_("Preview repairs"))
def repair_preview_task(
    context: JobContext, *, snapshot_id: int, steps: list[dict[str, Any]], finding_id: int | None = None
) -> dict[str, Any]:
    run = repair_preview(
        snapshot=snapshot_get(organisation=context.organisation, pk=snapshot_id),
        steps=steps,
        finding=finding_get(organisation=context.organisation, pk=finding_id) if finding_id else None,
        user=context.user,
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"repair": run.pk, "url": f"/repairs/{run.pk}/"}


@job_task("quality.repair", label=_("Repair"))
def repair_task(
    context: JobContext,
    *,
    repair_id: int | None = None,
    snapshot_id: int | None = None,
    steps: list[dict[str, Any]] | None = None,
    finding_id: int | None = None,
    force: bool = False,
    check: bool = False,
) -> dict[str, Any]:
    """Make a previewed repair, or the given steps at once; then, if asked, check the new snapshot."""
    common: dict[str, Any] = {
        "force": force,
        "user": context.user,
        "job_id": context.job_id,
        "progress": context.progress,
        "fence": context.fence,
    }
    if repair_id is not None:
        run = repair_make(run=repair_run_get(organisation=context.organisation, pk=repair_id), **common)
    else:
        run = repair_execute(
            snapshot=snapshot_get(organisation=context.organisation, pk=snapshot_id or 0),
            steps=steps or [],
            finding=finding_get(organisation=context.organisation, pk=finding_id) if finding_id else None,
            **common,
        )
    made = run.result
    if check and made is not None and not check_awaits(made):
        job_start(
            organisation=context.organisation,
            kind="quality.check",
            subject=made.dataset.name,
            parameters={"snapshot_id": made.pk},
            started_by=context.user,
        )
    return {"repair": run.pk, "snapshot": made.number if made else None, "url": f"/repairs/{run.pk}/"}


@job_task("quality.profile", label=_("Look at a snapshot"))
def profile(context: JobContext, *, snapshot_id: int, again: bool = False) -> dict[str, Any]:
    """Make the profile, then have rules suggested by the same look at the columns."""
    snapshot = snapshot_get(organisation=context.organisation, pk=snapshot_id)
    made = profile_make(
        snapshot=snapshot, again=again, job_id=context.job_id, progress=context.progress, fence=context.fence
    )
    job_start(
        organisation=context.organisation,
        kind="quality.suggest",
        subject=snapshot.dataset.name,
        parameters={"snapshot_id": snapshot.pk},
        started_by=context.user,
    )
    return {"profile": made.pk, "seconds": made.seconds, "url": f"/datasets/{snapshot.dataset_id}/profile/"}


@job_task("quality.suggest", label=_("Suggest rules"))
def suggest(context: JobContext, *, snapshot_id: int) -> dict[str, Any]:
    snapshot = snapshot_get(organisation=context.organisation, pk=snapshot_id)
    found = suggestions_make(snapshot=snapshot, job_id=context.job_id, progress=context.progress, fence=context.fence)
    return {"suggestions": len(found), "url": f"/datasets/{snapshot.dataset_id}/suggestions/"}


@job_task("quality.publish_counts", label=_("Publish counts with noise"))
def publish_counts_task(context: JobContext, *, snapshot_id: int, **content: Any) -> dict[str, Any]:
    published = noisy_counts_publish(
        snapshot=snapshot_get(organisation=context.organisation, pk=snapshot_id),
        **content,
        user=context.user,
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"counts": published.pk, "url": f"/datasets/{published.dataset_id}/repairs/#counts"}


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


@every_round("quality.leftovers")
def remove_what_killed_scans_left() -> int:
    return scans_clear()
