"""Datasets: what is registered, and is it fit and safe?"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.bodies import takes_files
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards import charts
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.column_words import show_words
from assessments.dashboards.forms.datasets import DatasetForm, RolesForm, SnapshotForm, discard
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.dashboards.selectors import (
    datasets_with_state,
    dimension_shares,
    results_by_run,
    rule_trends,
    shown_results,
    work_on,
)
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.roles import ColumnRole
from assessments.datasets.selectors import dataset_get, snapshot_latest
from assessments.datasets.services import dataset_create, dataset_source_change, roles_confirm
from assessments.datasets.sources import SourceSpec
from assessments.jobs.dispatch import job_start
from assessments.jobs.models import Job
from assessments.quality.models import Dimension, Finding, QualityRun
from assessments.quality.personal_data.looked import run_before_search
from assessments.quality.personal_data.quoting import unquoted
from assessments.quality.profile_selectors import suggestions_open
from assessments.quality.quoting_selectors import rules_quoting
from assessments.quality.selectors import dimension_scores, findings_of, rules_of, run_latest, runs_of

RUNS_SHOWN = 12
SNAPSHOTS_SHOWN = 10


@require_GET
@allowed(Capability.VIEW)
def dataset_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, datasets_with_state(organisation_of(request)))
    return render(request, "datasets/list.html", {"page": page, "may_register": may(request, Capability.REGISTER)})


@require_http_methods(["GET", "POST"])
@takes_files(lambda: int(settings.DATASET_MAX_BYTES))
@allowed(Capability.REGISTER)
def dataset_new(request: HttpRequest) -> HttpResponse:
    form = DatasetForm(request.POST or None, request.FILES or None, organisation=organisation_of(request).slug)
    if request.method == "POST" and form.is_valid():
        source: SourceSpec | None = None
        try:
            source = form.spec()
            dataset = dataset_create(
                organisation=organisation_of(request),
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                source=source,
                user=user_of(request),
                description=form.cleaned_data["description"],
            )
        except GovernError as error:
            if source is not None:
                discard(source)
            return render(request, "datasets/new.html", {"form": form, "error": error}, status=error.status)
        return redirect("job", start_reading(request, dataset).pk)
    return render(request, "datasets/new.html", {"form": form}, status=400 if form.errors else 200)


def start_reading(request: HttpRequest, dataset: Dataset) -> Job:
    return job_start(
        organisation=dataset.organisation,
        kind="datasets.register",
        subject=dataset.name,
        parameters={"dataset_id": dataset.pk},
        started_by=user_of(request),
    )


@require_http_methods(["GET", "POST"])
@takes_files(lambda: int(settings.DATASET_MAX_BYTES))
@allowed(Capability.REGISTER)
def snapshot_new(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    posted = request.method == "POST"
    sent = (request.POST, request.FILES) if posted else ()
    form = SnapshotForm(*sent, organisation=dataset.organisation.slug)
    context: dict[str, Any] = {"dataset": dataset, "form": form}
    if not posted or not form.is_valid():
        return render(request, "datasets/snapshot.html", context, status=400 if form.errors else 200)
    source: SourceSpec | None = None
    try:
        source = form.other()
        with transaction.atomic():  # with the job, or another change could come between
            dataset_source_change(dataset=dataset, source=source, user=user_of(request))
            job = start_reading(request, dataset)
    except GovernError as error:
        if source is not None:
            discard(source)
        return render(request, "datasets/snapshot.html", context | {"error": error}, status=error.status)
    return redirect("job", job.pk)


@require_POST
@allowed(Capability.CHECK)
def quality_check(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise GovernError(_("This dataset has not been read yet."), hint=_("Take a snapshot first."))
    if not rules_of(dataset).filter(enabled=True).exists():
        raise GovernError(_("This dataset has no rules."), hint=_("Add a rule first."))
    job = job_start(
        organisation=dataset.organisation,
        kind="quality.check",
        subject=dataset.name,
        parameters={"snapshot_id": snapshot.pk},
        started_by=user_of(request),
    )
    return redirect("job", job.pk)


@require_GET
@allowed(Capability.VIEW)
def dataset_page(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = snapshot_latest(dataset)
    context: dict[str, Any] = {
        "dataset": dataset,
        "snapshot": snapshot,
        "may_register": may(request, Capability.REGISTER),
        "may_check": may(request, Capability.CHECK),
    }
    if snapshot is None:
        context["job"] = work_on(dataset.organisation, "datasets.register", dataset_id=dataset.pk)
        return render(request, "datasets/unread.html", context)
    if dataset.source_next:
        context["job"] = work_on(dataset.organisation, "datasets.register", dataset_id=dataset.pk)
    context |= schema_context(snapshot) | quality_context(dataset)
    show_quotes(context)
    return render(request, "datasets/dataset.html", context)


def schema_context(snapshot: Snapshot) -> dict[str, Any]:
    columns = list(snapshot.columns.order_by("position"))
    labels = dict(ColumnRole.choices)
    for column in columns:
        share = column.nulls / snapshot.rows if snapshot.rows else None
        show_words(column)
        show(column, null_share=share, role_label=labels.get(column.role, ""))
    return {
        "columns": columns,
        "roles_missing": not any(column.role for column in columns),
        "snapshots": snapshot.dataset.snapshots.order_by("-number").select_related("created_by")[:SNAPSHOTS_SHOWN],
    }


def quality_context(dataset: Dataset) -> dict[str, Any]:
    run = run_latest(dataset)
    findings = findings_of(dataset.organisation).filter(dataset=dataset, state=Finding.State.OPEN)
    context: dict[str, Any] = {"run": run, "rules": list(rules_of(dataset)), "open_findings": findings.count()}
    context["suggestions_open"] = suggestions_open(dataset).count()
    if run is None:
        return context
    finished = runs_of(dataset.organisation).filter(snapshot__dataset=dataset, state=QualityRun.State.SUCCEEDED)
    runs = list(finished[:RUNS_SHOWN])[::-1]
    history = results_by_run(runs)
    results = shown_results(run, rule_trends(history))
    measured = {result.rule_id for result in results}
    labels = dict(Dimension.choices)
    context |= {
        "results": results,
        "before_search": run_before_search(run),
        "unmeasured": [rule for rule in context["rules"] if rule.enabled and rule.pk not in measured],
        "dimensions": [(labels[score.dimension], score) for score in dimension_scores(run)],
    }
    if len(runs) > 1:
        points = [
            (f"#{r.snapshot.number} {timezone.localtime(r.started_at):%m-%d %H:%M}", dimension_shares(history[r.pk]))
            for r in runs
        ]
        context["history"] = charts.quality_history(points, labels)
    return context


def show_quotes(context: dict[str, Any]) -> None:
    """Mark the rules that quote values about people, and mask these for who may not change rules."""
    quoting = rules_quoting(context["dataset"], context["rules"])
    for rule in context.get("unmeasured", []):
        show(rule, shown_name=rule.name if context["may_check"] else unquoted(rule.name, quoting.get(rule.pk, ())))
    context["quoting"] = set(quoting) if context["may_check"] else set()


@require_http_methods(["GET", "POST"])
@allowed(Capability.REGISTER)
def roles_page(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise GovernError(_("This dataset has not been read yet."), hint=_("Take a snapshot first."))
    form = RolesForm(request.POST or None, columns=snapshot.columns.order_by("position"))
    context = {"dataset": dataset, "snapshot": snapshot, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            roles_confirm(snapshot=snapshot, roles=form.roles(), user=user_of(request))
        except GovernError as error:
            return render(request, "datasets/roles.html", context | {"error": error}, status=error.status)
        messages.success(request, _("Roles saved."))
        return redirect("dataset", pk)
    return render(request, "datasets/roles.html", context, status=400 if form.errors else 200)
