"""Background work: what is running, and did it work?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed, require
from assessments.accounts.roles import Capability
from assessments.dashboards.asking import from_htmx, may, membership_of, organisation_of, user_of
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.jobs.access import capability_of
from assessments.jobs.dispatch import job_start, jobs_recover
from assessments.jobs.models import Job
from assessments.jobs.registry import kind_label
from assessments.jobs.selectors import job_get, jobs_of, log_of
from assessments.jobs.services import job_cancel
from assessments.quality.models import QualityRun

STOP_POLLING = 286  # htmx asks again until it gets this status
LOG_LINES = 500


@require_GET
@allowed(Capability.VIEW)
def job_list(request: HttpRequest) -> HttpResponse:
    jobs_recover()
    jobs = jobs_of(organisation_of(request))
    state = request.GET.get("state", "")
    if state in Job.State.values:
        jobs = jobs.filter(state=state)
    page = page_of(request, jobs)
    for job in page:
        show(job, kind_label=kind_label(job.kind), seconds=seconds_taken(job))
    context = {"page": page, "state": state, "states": Job.State.choices, "busy": any(not j.finished for j in page)}
    return render(request, "jobs/table.html" if from_htmx(request) else "jobs/list.html", context)


@require_GET
@allowed(Capability.VIEW)
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_get(organisation=organisation_of(request), pk=pk)
    context = job_context(request, job)
    if from_htmx(request):
        return render(request, "jobs/status.html", context, status=STOP_POLLING if job.finished else 200)
    return render(request, "jobs/job.html", context)


def job_context(request: HttpRequest, job: Job) -> dict[str, Any]:
    lines = list(log_of(job).order_by("-pk")[:LOG_LINES])[::-1]
    allowed_to_stop = membership_of(request).may(capability_of(job.kind))
    return {
        "job": job,
        "kind": kind_label(job.kind),
        "lines": lines,
        "seconds": seconds_taken(job),
        "left": seconds_left(job),
        "result": result_address(job),
        "percent": round(job.progress * 100),
        "may_cancel": allowed_to_stop and not job.finished and job.cancel_requested_at is None,
        "may_retry": allowed_to_stop and job.state in {Job.State.FAILED, Job.State.CANCELLED},
        "sees_trace": may(request, Capability.MANAGE) and bool(job.trace),
    }


@require_POST
@allowed(Capability.VIEW)
def job_cancel_view(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_get(organisation=organisation_of(request), pk=pk)
    require(membership_of(request), capability_of(job.kind))
    job_cancel(job=job, actor=user_of(request))
    return redirect("job", pk)


@require_POST
@allowed(Capability.VIEW)
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    old = job_get(organisation=organisation_of(request), pk=pk)
    require(membership_of(request), capability_of(old.kind))
    new = job_start(
        organisation=old.organisation,
        kind=old.kind,
        subject=old.subject,
        parameters=old.parameters,
        started_by=user_of(request),
    )
    messages.info(request, _("Started once more."))
    return redirect("job", new.pk)


def result_address(job: Job) -> str:
    """The page of what the job made; empty until it has succeeded."""
    if job.state != Job.State.SUCCEEDED:
        return ""
    if job.kind == "datasets.register" and "dataset_id" in job.parameters:
        return reverse("dataset", args=[job.parameters["dataset_id"]])
    if job.kind == "recommenders.train" and "run_id" in job.parameters:
        return reverse("training-run", args=[job.parameters["run_id"]])
    if job.kind == "recommenders.tune" and "tuning_id" in job.parameters:
        return reverse("tuning", args=[job.parameters["tuning_id"]])
    if job.kind == "scoring.assess" and "assessment" in job.result:
        return reverse("assessment", args=[job.result["assessment"]])
    if job.kind == "quality.check":
        run = QualityRun.objects.filter(job=job).first()
        return reverse("quality-run", args=[run.pk]) if run else ""
    return job.result_url


def seconds_taken(job: Job) -> float | None:
    if job.started_at is None:
        return None
    return ((job.finished_at or timezone.now()) - job.started_at).total_seconds()


def seconds_left(job: Job) -> float | None:
    """Judged by the time that the done part took; None while too little is done to tell."""
    taken = seconds_taken(job)
    if job.state != Job.State.RUNNING or taken is None or job.progress < 0.05:
        return None
    return taken * (1 - job.progress) / job.progress
