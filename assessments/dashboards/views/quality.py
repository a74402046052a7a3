"""One quality run: what every rule measured then."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.dashboards.asking import organisation_of
from assessments.dashboards.selectors import shown_results
from assessments.quality.models import Dimension
from assessments.quality.personal_data.looked import run_before_search
from assessments.quality.selectors import dimension_scores, run_get


@require_GET
@allowed(Capability.VIEW)
def quality_run_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_get(organisation=organisation_of(request), pk=pk)
    labels = dict(Dimension.choices)
    context = {
        "run": run,
        "dataset": run.snapshot.dataset,
        "results": shown_results(run, {}),
        "before_search": run_before_search(run),
        "dimensions": [(labels[score.dimension], score) for score in dimension_scores(run)],
    }
    return render(request, "datasets/run.html", context)
