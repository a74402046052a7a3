"""Does this table hold personal data, and is it protected?"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.personal_data import RiskForm
from assessments.dashboards.paging import PAGE_SIZE
from assessments.dashboards.personal_data_words import advice, protection_label, reasons
from assessments.dashboards.rows import show
from assessments.dashboards.selectors import work_on
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import dataset_get, snapshot_latest
from assessments.jobs.dispatch import job_start
from assessments.quality.ml_adapter import tagger_exists
from assessments.quality.models import PersonalDataHit, PersonalDataScan
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.judging import SURE
from assessments.quality.personal_data.looked import columns_unsearched
from assessments.quality.personal_data.selectors import personal_data_hit_get, personal_data_scan_latest
from assessments.quality.quoting_selectors import rules_quoting
from assessments.quality.selectors import rules_of
from assessments.quality.services.personal_data import is_leak, personal_data_decide, personal_data_risk_verify

COLUMNS_OFFERED = 200  # those with hits first; the API takes any


@require_GET
@allowed(Capability.VIEW)
def personal_data_page(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    return render(request, "datasets/personal_data.html", context_of(request, dataset))


def context_of(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    snapshot, scan = snapshot_latest(dataset), personal_data_scan_latest(dataset)
    context: dict[str, Any] = {
        "dataset": dataset,
        "snapshot": snapshot,
        "scan": scan,
        "may_check": may(request, Capability.CHECK),
        "tagger": tagger_exists(),
        "unsearched": bool(snapshot and columns_unsearched(snapshot)),
        "train_command": "python manage.py train_tagger",
    }
    if snapshot is not None:
        context["job"] = work_on(dataset.organisation, "quality.personal_data", snapshot_id=snapshot.pk)
    if scan is None:
        return context
    if context["may_check"]:
        rules = list(rules_of(dataset))
        quoting = rules_quoting(dataset, rules)
        context["rules_quoting"] = [rule for rule in rules if rule.pk in quoting]
    hits = list(scan.hits.all())  # read with the search
    gravest_first = sorted(hits, key=lambda hit: (not is_leak(hit), -hit.confidence, hit.pk))
    page = Paginator(gravest_first, PAGE_SIZE).get_page(request.GET.get("page"))
    for hit in page:
        show_hit(hit)
    names = list(scan.snapshot.columns.order_by("position").values_list("name", flat=True))
    names = list(dict.fromkeys([*(hit.column for hit in hits if not hit.in_text), *names]))[:COLUMNS_OFFERED]
    chosen = {"columns": scan.risk.get("columns", []), "sensitive": scan.risk.get("sensitive", "")}
    return context | {
        "page": page,
        "leaks": [hit for hit in hits if is_leak(hit)],
        "columns_found": len({hit.column for hit in hits}),
        "risk": scan.risk,
        "risk_form": RiskForm(names=names, initial=chosen),
        "risk_job": work_on(dataset.organisation, "quality.personal_data_risk", scan_id=scan.pk),
        "decisions": PersonalDataHit.Decision,
    }


def show_hit(hit: PersonalDataHit) -> None:
    kind = entity(hit.entity)
    show(hit, label=kind.label, kind=kind, leak=is_leak(hit), why=reasons(hit), advice=advice(hit))
    show(hit, protection_label=protection_label(hit), sure=hit.confidence >= SURE)


@require_POST
@allowed(Capability.CHECK)
def personal_data_search(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise GovernError(_("This dataset has not been read yet."), hint=_("Take a snapshot first."))
    job = job_start(
        organisation=dataset.organisation,
        kind="quality.personal_data",
        subject=dataset.name,
        parameters={"snapshot_id": snapshot.pk},
        started_by=user_of(request),
    )
    return redirect("job", job.pk)


@require_POST
@allowed(Capability.CHECK)
def personal_data_decision(request: HttpRequest, pk: int) -> HttpResponse:
    hit = personal_data_hit_get(organisation=organisation_of(request), pk=pk)
    dataset = hit.scan.snapshot.dataset
    try:
        personal_data_decide(
            hit=hit,
            user=user_of(request),
            decision=request.POST.get("decision", ""),
            reason=request.POST.get("reason", "")[:2000],
        )
    except GovernError as error:
        context = context_of(request, dataset) | {"error": error}
        return render(request, "datasets/personal_data.html", context, status=error.status)
    messages.success(request, _("Kept with your name. The findings follow it."))
    return redirect("dataset-personal-data", dataset.pk)


@require_POST
@allowed(Capability.CHECK)
def personal_data_risk(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    scan = personal_data_scan_latest(dataset)
    if scan is None:
        raise GovernError(_("Nobody has looked for personal data here yet."), hint=_("Search for it first."))
    columns, sensitive = request.POST.getlist("columns"), request.POST.get("sensitive", "")
    try:
        personal_data_risk_verify(snapshot=scan.snapshot, columns=columns, sensitive=sensitive)
    except GovernError as error:
        context = context_of(request, dataset) | {"error": error}
        return render(request, "datasets/personal_data.html", context, status=error.status)
    return redirect("job", start_risk(request, scan, columns, sensitive))


def start_risk(request: HttpRequest, scan: PersonalDataScan, columns: list[str], sensitive: str) -> int:
    dataset = scan.snapshot.dataset
    job = job_start(
        organisation=dataset.organisation,
        kind="quality.personal_data_risk",
        subject=dataset.name,
        parameters={"scan_id": scan.pk, "columns": columns, "sensitive": sensitive},
        started_by=user_of(request),
    )
    return job.pk
