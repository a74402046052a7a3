"""Recommenders: how good, compared with what, on what?"""

import re
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.common.templatetags.govern import whole
from assessments.dashboards.asking import may, organisation_of, user_of
from assessments.dashboards.forms.training import TrainingForm
from assessments.dashboards.model_words import count_word, model_label, option_word
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.dashboards.run_figures import comparisons_of, learning_of, metrics_chart, metrics_table, protocol_of
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import datasets_of
from assessments.jobs.dispatch import job_start
from assessments.recommenders.models import MetricValue, TrainingRun
from assessments.recommenders.selectors import run_get, runs_comparable, runs_of
from assessments.recommenders.services import training_run_assign, training_run_create

HEADLINE = "ndcg@10"
COMPARABLE_SHOWN = 10


@require_GET
@allowed(Capability.VIEW)
def run_list(request: HttpRequest) -> HttpResponse:
    organisation = organisation_of(request)
    page = page_of(request, runs_of(organisation).prefetch_related("metrics"))
    for run in page:
        show(run, label=model_label(run.model_name), headline=headline_of(run, run.model_name))
        show(run, baseline=headline_of(run, "recent_popular"))
    context = {
        "page": page,
        "may_train": may(request, Capability.TRAIN),
        "has_data": datasets_of(organisation).filter(kind=Dataset.Kind.INTERACTIONS).exists(),
        "may_register": may(request, Capability.REGISTER),
    }
    return render(request, "recommenders/list.html", context)


@require_GET
@allowed(Capability.VIEW)
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_get(organisation=organisation_of(request), pk=pk)
    context: dict[str, Any] = {"run": run, "label": model_label(run.model_name), "options": options_of(run)}
    if run.state == TrainingRun.State.SUCCEEDED:
        others = list(runs_comparable(run).exclude(pk=run.pk)[:COMPARABLE_SHOWN])
        for other in others:
            show(other, label=model_label(other.model_name), headline=headline_of(other, other.model_name))
        context |= {
            "protocol": protocol_of(run),
            "table": metrics_table(run),
            "metrics": metrics_chart(run),
            "comparisons": comparisons_of(run),
            "others": others,
            "counts": counts_of(run),
            "bundle": getattr(run, "bundle", None),
        }
    context["learning"] = learning_of(run)
    return render(request, "recommenders/run.html", context)


def headline_of(run: TrainingRun, model: str) -> MetricValue | None:
    """One metric of a model, from metrics that are already read."""
    return next((m for m in run.metrics.all() if m.model == model and m.name == HEADLINE), None)


def options_of(run: TrainingRun) -> list[tuple[str, Any]]:
    return [(option_word(name), shown(value)) for name, value in sorted(run.options.items())]


def counts_of(run: TrainingRun) -> list[tuple[str, str]]:
    return [(count_word(name), shown(value)) for name, value in run.counts.items() if isinstance(value, int | float)]


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return whole(value) if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)


@require_http_methods(["GET", "POST"])
@allowed(Capability.TRAIN)
def run_new(request: HttpRequest) -> HttpResponse:
    organisation = organisation_of(request)
    form = TrainingForm(request.POST or None, datasets=datasets_of(organisation), initial=initial_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            run = create(form)
        except GovernError as error:
            return render(request, "recommenders/new.html", {"form": form, "error": error}, status=error.status)
        job = job_start(
            organisation=organisation,
            kind="recommenders.train",
            subject=f"{model_label(run.model_name)} · {run.dataset.name}"[:300],
            parameters={"run_id": run.pk},
            started_by=user_of(request),
        )
        training_run_assign(run=run, job=job)
        return redirect("job", job.pk)
    return render(request, "recommenders/new.html", {"form": form}, status=400 if form.errors else 200)


def create(form: TrainingForm) -> TrainingRun:
    data = form.cleaned_data
    return training_run_create(
        dataset=data["dataset"],
        model_name=data["model_name"],
        split=form.split(),
        options=form.options(),
        seed=data["seed"],
        repeats=data["repeats"],
        items_dataset=data["items_dataset"],
        users_dataset=data["users_dataset"],
    )


def initial_of(request: HttpRequest) -> dict[str, Any]:
    """The choices of the run named by ``?like=``, else those of the newest run: most runs repeat another."""
    asked = request.GET.get("like", "")
    runs = runs_of(organisation_of(request))
    run = (runs.filter(pk=int(asked)) if asked.isdecimal() and len(asked) < 18 else runs).first()
    if run is None:
        return {}
    initial = {
        "dataset": run.dataset_id,
        "model_name": run.model_name,
        "repeats": run.repeats,
        "seed": run.seed,
        "items_dataset": run.items_snapshot.dataset_id if run.items_snapshot else None,
        "users_dataset": run.users_snapshot.dataset_id if run.users_snapshot else None,
    }
    split = re.fullmatch(r"time:(\d{4}-\d\d-\d\d)[^,]*,(\d+)d", run.split)
    if split:
        initial |= {"first_day": split[1], "days": timedelta(days=int(split[2])).days}
    return initial
