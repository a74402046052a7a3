"""What would a repair change, and which ones were made?

A list of repairs is put together in the session, previewed by a job on the whole table, and made into a new snapshot.
"""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.repairs import MakeForm, NoiseForm, StepForm
from assessments.dashboards.paging import page_of
from assessments.dashboards.repair_words import (
    changes_of,
    lineage_of,
    readable_steps,
    repair_groups,
    shown_previews,
    shown_step,
    shown_steps,
)
from assessments.dashboards.rows import show
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import dataset_get, snapshot_latest
from assessments.jobs.dispatch import job_start
from assessments.quality.finding_words import title_in_words
from assessments.quality.models import Finding, RepairRun
from assessments.quality.repairs import repair_named, steps_read
from assessments.quality.rule_fields import column_types
from assessments.quality.selectors import (
    finding_get,
    findings_of,
    noisy_counts_of,
    privacy_spent,
    repair_run_get,
    repair_runs_of,
    repair_suggestions,
    repairs_for_finding,
)
from assessments.quality.services.repairs import repair_discard
from assessments.quality.suggestion_words import in_words

PROPOSALS_SHOWN, COUNTS_SHOWN = 20, 20
MOST_ADDED = 100


@require_GET
@allowed(Capability.VIEW)
def repair_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list that is being put together, what is proposed, and the repairs that were previewed and made."""
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = snapshot_latest(dataset)
    page = page_of(request, repair_runs_of(dataset.organisation).filter(snapshot__dataset=dataset))
    for run in page:
        show(run, label=lineage_of(run), changes=changes_of(run))
    draft = draft_of(request, dataset)["steps"]
    proposals = proposals_of(request, dataset, snapshot)
    context: dict[str, Any] = {
        "dataset": dataset,
        "snapshot": snapshot,
        "page": page,
        "draft": shown_steps(draft),
        "groups": groups_of([one for one in proposals if one["document"] not in draft]),
        "may_check": may(request, Capability.CHECK),
        "published": noisy_counts_of(dataset)[:COUNTS_SHOWN],
        "spent": privacy_spent(dataset),
        "budget": settings.PRIVACY_BUDGET,
    }
    return render(request, "datasets/repairs.html", context)


def proposals_of(request: HttpRequest, dataset: Dataset, snapshot: Snapshot | None) -> list[dict[str, Any]]:
    """Repairs for what stands as wrong; for one finding or rule alone when the address names it (``?finding=7``)."""
    standing = findings_of(dataset.organisation).filter(dataset=dataset, state=Finding.State.OPEN)
    number = request.GET.get("finding", "") or request.GET.get("rule", "")
    if number.isdecimal() and len(number) < 19:
        one = {"pk": int(number)} if "finding" in request.GET else {"rule": int(number)}
        standing = standing.filter(**one)
    proposed = []
    for finding in standing.select_related("rule__dataset")[:PROPOSALS_SHOWN]:
        for step in repairs_for_finding(finding):
            proposed.append({**shown_step(step), "why": title_in_words(finding), "finding": finding.pk})
    if number or snapshot is None:
        return proposed
    known = [one["document"] for one in proposed]
    for suggestion, step in repair_suggestions(snapshot)[:PROPOSALS_SHOWN]:
        if step.document() not in known:
            proposed.append({**shown_step(step), "why": in_words(suggestion.reason), "finding": None})
    return proposed


def groups_of(proposals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Proposals under two headings; of the ways to protect one column a person chooses one, so not all at once."""
    groups = [
        {"heading": _("Ways to mend wrong values"), "all_at_once": True, "about_persons": False},
        {"heading": _("Ways to protect personal data: choose one for each column"), "about_persons": True},
    ]
    for group in groups:
        group["proposals"] = [one for one in proposals if one["about_persons"] == group["about_persons"]]
    return [group for group in groups if group["proposals"]]


@require_http_methods(["GET", "POST"])
@allowed(Capability.CHECK)
def repair_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First the repair is chosen (``?repair=impute``), then its columns and parameters are asked for."""
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    read_snapshot(dataset)
    chosen = request.GET.get("repair", "")
    if not chosen:
        return render(request, "datasets/repair_kinds.html", {"dataset": dataset, "groups": repair_groups()})
    repair = repair_named(chosen)
    form = StepForm(request.POST or None, repair=repair, types=column_types(dataset))
    if request.method == "POST" and form.is_valid() and form.step is not None:
        draft = draft_of(request, dataset)
        draft_keep(request, dataset, [*draft["steps"], form.step.document()], draft["finding"])
        return redirect("dataset-repairs", pk)
    context = {"dataset": dataset, "repair": repair, "form": form}
    return render(request, "datasets/repair_step.html", context, status=400 if form.errors else 200)


@require_POST
@allowed(Capability.CHECK)
def repair_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Add proposed steps to the list (``add``, each as JSON), take one out (``remove``, from 0), or empty it."""
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    draft = draft_of(request, dataset)
    steps, finding = list(draft["steps"]), draft["finding"]
    if "add" in request.POST:
        steps += [step_posted(text) for text in request.POST.getlist("add")[:MOST_ADDED]]
        number = request.POST.get("finding", "")
        if number.isdecimal() and len(number) < 19:
            finding = finding_get(organisation=dataset.organisation, pk=int(number)).pk
    elif "remove" in request.POST:
        number = request.POST["remove"]
        steps = [step for at, step in enumerate(steps) if str(at) != number]
    else:
        steps, finding = [], None
    draft_keep(request, dataset, steps, finding)
    return redirect("dataset-repairs", pk)


def step_posted(text: str) -> dict[str, Any]:
    try:
        return steps_read([json.loads(text)])[0].document()
    except ValueError as error:
        raise GovernError(_("This is no step of a repair."), hint=_("Choose it from the list.")) from error


@require_POST
@allowed(Capability.CHECK)
def repair_preview_start(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = read_snapshot(dataset)
    draft = draft_of(request, dataset)
    steps = [step.document() for step in steps_read(readable_steps(draft["steps"]))]
    parameters: dict[str, Any] = {"snapshot_id": snapshot.pk, "steps": steps}
    if draft["finding"] and findings_of(dataset.organisation).filter(dataset=dataset, pk=draft["finding"]).exists():
        parameters["finding_id"] = draft["finding"]
    job = job_start(
        organisation=dataset.organisation,
        kind="quality.repair_preview",
        subject=dataset.name,
        parameters=parameters,
        started_by=user_of(request),
    )
    return redirect("job", job.pk)


@require_GET
@allowed(Capability.VIEW)
def repair_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = repair_run_get(organisation=organisation_of(request), pk=pk)
    dataset = run.snapshot.dataset
    newest = snapshot_latest(dataset)
    context = {
        "run": run,
        "dataset": dataset,
        "steps": shown_previews(run),
        "changes": changes_of(run),
        "no_rows": bool(run.preview) and not run.preview[-1]["rows_after"],
        "newer": newest if newest is not None and newest.pk not in (run.snapshot_id, run.result_id) else None,
        "form": MakeForm(),
        "may_make": may(request, Capability.REGISTER) and run.state == RepairRun.State.PREVIEWED,
        "may_check": may(request, Capability.CHECK),
    }
    return render(request, "datasets/repair.html", context)


@require_http_methods(["GET", "POST"])
@allowed(Capability.CHECK)
def counts_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts of one column with noise: what may leave the house where its rows may not."""
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = read_snapshot(dataset)
    form = NoiseForm(request.POST or None, types=column_types(dataset))
    if request.method == "POST" and form.is_valid():
        job = job_start(
            organisation=dataset.organisation,
            kind="quality.publish_counts",
            subject=dataset.name,
            parameters={"snapshot_id": snapshot.pk, **form.arguments()},
            started_by=user_of(request),
        )
        return redirect("job", job.pk)
    left = max(settings.PRIVACY_BUDGET - privacy_spent(dataset), 0.0)
    context = {"dataset": dataset, "form": form, "left": left, "budget": settings.PRIVACY_BUDGET}
    return render(request, "datasets/repair_counts.html", context, status=400 if form.errors else 200)


@require_POST
@allowed(Capability.REGISTER)
def repair_make_start(request: HttpRequest, pk: int) -> HttpResponse:
    run = repair_run_get(organisation=organisation_of(request), pk=pk)
    form = MakeForm(request.POST)
    form.is_valid()
    job = job_start(
        organisation=run.snapshot.dataset.organisation,
        kind="quality.repair",
        subject=run.snapshot.dataset.name,
        parameters={"repair_id": run.pk, **{name: form.cleaned_data.get(name, False) for name in ("check", "force")}},
        started_by=user_of(request),
    )
    draft_keep(request, run.snapshot.dataset, [], None)
    return redirect("job", job.pk)


@require_POST
@allowed(Capability.CHECK)
def repair_discard_view(request: HttpRequest, pk: int) -> HttpResponse:
    run = repair_run_get(organisation=organisation_of(request), pk=pk)
    dataset = run.snapshot.dataset
    repair_discard(run=run, user=user_of(request))
    messages.success(request, _("The preview is thrown away."))
    return redirect("dataset-repairs", dataset.pk)


def read_snapshot(dataset: Dataset) -> Snapshot:
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise GovernError(_("This dataset has not been read yet."), hint=_("Take a snapshot first."))
    return snapshot


def draft_of(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    """The list of steps that this person is putting together for the dataset, and the finding that it is about."""
    draft: dict[str, Any] = request.session.get(f"repairs-{dataset.pk}", {"steps": [], "finding": None})
    return draft


def draft_keep(request: HttpRequest, dataset: Dataset, steps: list[dict[str, Any]], finding: int | None) -> None:
    request.session[f"repairs-{dataset.pk}"] = {"steps": steps[:100], "finding": finding}
