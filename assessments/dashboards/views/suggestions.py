"""Which rules does the newest snapshot suggest, and what would they flag?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.dashboards.selectors import work_on
from assessments.dashboards.views.profile import start
from assessments.datasets.selectors import dataset_get, snapshot_latest
from assessments.quality.checks import all_checks
from assessments.quality.models import RuleSuggestion
from assessments.quality.profile import document
from assessments.quality.profile_selectors import suggestion_get, suggestions_of, suggestions_open
from assessments.quality.repairs import all_repairs
from assessments.quality.services.suggestions import suggestion_accept, suggestion_decline, suggestions_accept

DECIDED_SHOWN = 10


@require_GET
@allowed(Capability.VIEW)
def suggestion_list(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = organisation_of(request)
    dataset = dataset_get(organisation=organisation, pk=pk)
    snapshot = snapshot_latest(dataset)
    open_ones = suggestions_open(dataset)
    page = page_of(request, open_ones)
    checks = {check.name: check.label for check in all_checks()}
    repairs = {repair.name: repair.label for repair in all_repairs()}
    for suggestion in page:
        show(suggestion, check_label=checks.get(suggestion.check_name, suggestion.check_name))
        show(suggestion, repair_label=repairs.get(suggestion.repair.get("repair", ""), ""))
        show(suggestion, settings=parameters_shown(suggestion.parameters))
    decided = suggestions_of(organisation).filter(snapshot__dataset=dataset).exclude(state=RuleSuggestion.State.OPEN)
    flagging = open_ones.filter(rows_flagged__gt=0).count()
    context: dict[str, Any] = {
        "dataset": dataset,
        "snapshot": snapshot,
        "page": page,
        "suggestions_open": page.paginator.count,
        "flagging": flagging,
        "watching": page.paginator.count - flagging,
        "decided": decided.order_by("-decided_at")[:DECIDED_SHOWN],
        "may_check": may(request, Capability.CHECK),
    }
    if snapshot is not None:
        context["columns_in_all"], context["columns_measured"] = snapshot.columns.count(), document.COLUMNS_MEASURED
        context["job"] = work_on(organisation, "quality.suggest", snapshot_id=snapshot.pk)
    return render(request, "datasets/suggestions.html", context)


def parameters_shown(parameters: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, _shown(value)) for name, value in parameters.items()]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        text = ", ".join(str(one) for one in value[:12])
        return f"{text}, … ({len(value)})" if len(value) > 12 else text
    return str(value)


@require_POST
@allowed(Capability.CHECK)
def suggestion_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline one suggestion: ``decision`` is accept or decline."""
    suggestion = suggestion_get(organisation=organisation_of(request), pk=pk)
    if request.POST.get("decision") == "accept":
        rule = suggestion_accept(suggestion=suggestion, user=user_of(request))
        messages.success(request, _("Rule “%(name)s” added. Run the rules to measure it.") % {"name": rule.name})
    elif request.POST.get("decision") == "decline":
        suggestion_decline(suggestion=suggestion, user=user_of(request))
        messages.success(request, _("Declined. It will not be suggested again for this dataset."))
    return redirect("dataset-suggestions", suggestion.snapshot.dataset_id)


@require_POST
@allowed(Capability.CHECK)
def suggestions_accept_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the suggestions whose numbers are sent: those that the page showed."""
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    chosen = [int(one) for one in request.POST.getlist("suggestion") if one.isascii() and one.isdigit()]
    rules = suggestions_accept(suggestions=list(suggestions_open(dataset).filter(pk__in=chosen)), user=user_of(request))
    text = ngettext("%(count)d rule added.", "%(count)d rules added.", len(rules)) % {"count": len(rules)}
    messages.success(request, text + " " + _("Run the rules to measure them."))
    return redirect("dataset-suggestions", dataset.pk)


@require_POST
@allowed(Capability.CHECK)
def suggestions_start(request: HttpRequest, pk: int) -> HttpResponse:
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    return redirect("job", start(request, dataset, "quality.suggest"))
