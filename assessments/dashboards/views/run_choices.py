"""Choosing among runs: beside each other, in use, taken away."""

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import organisation_of, user_of
from assessments.dashboards.forms.runs import PromoteForm
from assessments.dashboards.model_words import model_label
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.dashboards.run_comparison import comparison_of
from assessments.dashboards.run_figures import comparisons_of, protocol_of
from assessments.recommenders.bundles import bundle_archive, bundle_name
from assessments.recommenders.comparing import check_comparable
from assessments.recommenders.promotions import promotion_of, promotions_of, warning_words, warnings_of
from assessments.recommenders.selectors import run_get, runs_named
from assessments.recommenders.services import run_promote

ROW_PIXELS, FRAME_PIXELS = 26, 220


@require_GET
@allowed(Capability.VIEW)
def compare(request: HttpRequest) -> HttpResponse:
    """The runs named by ``?run=1&run=2``, each less the first; or the reason why they cannot be compared."""
    runs = runs_named(organisation=organisation_of(request), numbers=request.GET.getlist("run"))
    for run in runs:
        show(run, label=model_label(run.model_name))
    context: dict[str, Any] = {"runs": runs, "query": request.GET.urlencode()}
    try:
        check_comparable(runs)
    except GovernError as error:
        return render(request, "recommenders/compare.html", context | {"error": error}, status=error.status)
    found = comparison_of(runs)
    context |= {"protocol": protocol_of(runs[0]), **vars(found)}
    context |= {"several": len(found.pairs) > 1, "height": FRAME_PIXELS + ROW_PIXELS * len(found.pairs)}
    return render(request, "recommenders/compare.html", context)


@require_http_methods(["GET", "POST"])
@allowed(Capability.PROMOTE)
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_get(organisation=organisation_of(request), pk=pk)
    form = PromoteForm(request.POST or None)
    before = promotion_of(run.dataset)
    context = {
        "run": run,
        "label": model_label(run.model_name),
        "form": form,
        "before": before,
        "before_label": model_label(before.run.model_name) if before else "",
        "comparisons": comparisons_of(run, before),
        "warnings": [warning_words(code) for code in warnings_of(run, before)],
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "recommenders/promote.html", context, status=400 if form.errors else 200)
    try:
        run_promote(run=run, user=user_of(request), reason=form.cleaned_data["reason"])
    except GovernError as error:
        if error.where == "reason":
            form.add_error("reason", error.hint or error.message)
        else:
            context["error"] = error
        return render(request, "recommenders/promote.html", context, status=error.status)
    messages.success(request, _("This run is in use now."))
    return redirect("training-run", pk)


@require_GET
@allowed(Capability.VIEW)
def promotion_list(request: HttpRequest) -> HttpResponse:
    """What was in use, from when until when, by whom and why."""
    page = page_of(request, promotions_of(organisation_of(request)))
    for each in page:
        show(each, label=model_label(each.run.model_name), said=[warning_words(code) for code in each.warnings])
    return render(request, "recommenders/promotions.html", {"page": page})


@require_GET
@allowed(Capability.TRAIN)
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The model bundle as a zip file. It names users and items, so it is not for everybody who may look."""
    run = run_get(organisation=organisation_of(request), pk=pk)
    response = FileResponse(
        bundle_archive(run),
        as_attachment=True,
        filename=f"{bundle_name(run)}.zip",
        content_type="application/zip",
        headers={"X-Content-Type-Options": "nosniff"},
    )
    return cast(HttpResponse, response)  # a streaming response, which the type of a view leaves out
