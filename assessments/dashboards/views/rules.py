"""Adding and changing the rules of a dataset, and what each check counts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import from_htmx, organisation_of, user_of
from assessments.dashboards.forms.rules import RuleForm, initial_of
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import dataset_get
from assessments.quality.checks import check_named
from assessments.quality.checks.description import checks_by_dimension, functions_described, language_described
from assessments.quality.models import Dimension, Rule
from assessments.quality.quoting_selectors import rules_quoting
from assessments.quality.rule_fields import column_types, rule_columns
from assessments.quality.selectors import rule_get
from assessments.quality.services import rule_save

KEPT = ("name", "severity", "threshold")


@require_GET
@allowed(Capability.VIEW)
def check_list(request: HttpRequest) -> HttpResponse:
    """What can be checked, and what each check counts."""
    context = {"dimensions": grouped(), "functions": functions_described(), "language": language_described()}
    return render(request, "checks/list.html", context)


@require_http_methods(["GET", "POST"])
@allowed(Capability.CHECK)
def rule_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First the check is chosen (``?check=range``), then its columns and parameters are asked for."""
    dataset = dataset_get(organisation=organisation_of(request), pk=pk)
    chosen = request.GET.get("check", "")
    if not chosen:
        return render(request, "datasets/checks.html", {"dataset": dataset, "dimensions": grouped()})
    # Choosing another check keeps what was typed about the rule itself.
    initial = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    check = check_named(chosen)
    form = RuleForm(request.POST or None, check=check, types=column_types(dataset), initial=initial)
    return edit(request, dataset, form, None)


@require_http_methods(["GET", "POST"])
@allowed(Capability.CHECK)
def rule_change(request: HttpRequest, pk: int) -> HttpResponse:
    rule = rule_get(organisation=organisation_of(request), pk=pk)
    check, types = check_named(rule.check_name), column_types(rule.dataset)
    initial = initial_of(rule, check)
    form = RuleForm(request.POST or None, check=check, types=types, columns=rule_columns(rule, check), initial=initial)
    return edit(request, rule.dataset, form, rule)


def edit(request: HttpRequest, dataset: Dataset, form: RuleForm, rule: Rule | None) -> HttpResponse:
    context: dict[str, Any] = {"dataset": dataset, "form": form, "rule": rule, "check": form.check}
    if rule is None:
        context["dimensions"] = grouped()
    else:
        context["quoted"] = rules_quoting(dataset, [rule]).get(rule.pk, ())
    if request.method == "POST" and form.is_valid():
        try:
            saved = rule_save(dataset=dataset, rule=rule, user=user_of(request), **form.arguments())
        except GovernError as error:
            return render(request, "datasets/rule.html", context | {"error": error}, status=error.status)
        messages.success(request, _("Rule “%(name)s” saved. Run the rules to measure it.") % {"name": saved.name})
        if rules_quoting(dataset, [saved]):
            messages.warning(request, _("It quotes values about people, which everybody else sees masked."))
        return redirect("dataset", dataset.pk)
    if from_htmx(request) and request.method == "GET":
        return render(request, "datasets/rule_fields.html", context)
    return render(request, "datasets/rule.html", context, status=400 if form.errors else 200)


def grouped() -> list[tuple[str, Any]]:
    """(dimension in words, its checks as they are described), in the order of the dimensions."""
    found = checks_by_dimension()
    return [(str(label), found[name]) for name, label in Dimension.choices if name in found]
