"""Adding and changing the rules of a dataset."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import organisation_of, user_of
from assessments.dashboards.forms.rules import RuleForm, initial_of
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import dataset_get, snapshot_latest
from assessments.quality.checks import all_checks, check_named
from assessments.quality.models import Rule
from assessments.quality.selectors import rule_get
from assessments.quality.services import rule_save


@require_http_methods(["GET", "POST"])
@allowed(Capability.CHECK)
def rule_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First the check is chosen (``?check=range``), then its columns and parameters are asked for."""
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    chosen = request.GET.get("check", "")
    if not chosen:
        return render(request, "datasets/checks.html", {"dataset": dataset, "checks": all_checks()})
    form = RuleForm(request.POST or None, check=check_named(chosen), columns=column_names(dataset))
    return edit(request, dataset, form, None)


@require_http_methods(["GET", "POST"])
@allowed(Capability.CHECK)
def rule_change(request: HttpRequest, pk: int) -> HttpResponse:
    rule = rule_get(organisation=organisation_of(request), pk=pk)
    # Columns that are gone stay in the list, so that saving another field does not lose them unseen.
    names = list(dict.fromkeys([*column_names(rule.dataset), *rule.columns]))
    form = RuleForm(request.POST or None, check=check_named(rule.check_name), columns=names, initial=initial_of(rule))
    return edit(request, rule.dataset, form, rule)


def edit(request: HttpRequest, dataset: Dataset, form: RuleForm, rule: Rule | None) -> HttpResponse:
    context: dict[str, Any] = {"dataset": dataset, "form": form, "rule": rule, "check": form.check}
    if request.method == "POST" and form.is_valid():
        try:
            saved = rule_save(dataset=dataset, rule=rule, user=user_of(request), **form.arguments())
        except GovernError as error:
            return render(request, "datasets/rule.html", context | {"error": error}, status=error.status)
        messages.success(request, _("Rule “%(name)s” saved. Run the rules to measure it.") % {"name": saved.name})
        return redirect("dataset", dataset.pk)
    return render(request, "datasets/rule.html", context, status=400 if form.errors else 200)


def column_names(dataset: Dataset) -> list[str]:
    snapshot = snapshot_latest(dataset)
    return [] if snapshot is None else list(snapshot.columns.order_by("position").values_list("name", flat=True))
