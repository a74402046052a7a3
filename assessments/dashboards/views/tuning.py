"""Searches for good options: started, followed, turned into a training run."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import from_htmx, may, organisation_of, user_of
from assessments.dashboards.forms.training import say_beside
from assessments.dashboards.forms.tuning import TuningForm
from assessments.dashboards.model_words import model_label
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.dashboards.tuning_figures import best_by_model, trials_chart, trials_of
from assessments.dashboards.views.jobs import STOP_POLLING, seconds_left
from assessments.dashboards.views.training import initial_of, started
from assessments.datasets.selectors import datasets_of
from assessments.jobs.dispatch import job_start
from assessments.recommenders.models import TrainingRun, TuningRun
from assessments.recommenders.selectors import tuning_get, tunings_of
from assessments.recommenders.services import training_run_from_trial, tuning_assign, tuning_create

GOING = {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}


@require_GET
@allowed(Capability.VIEW)
def tuning_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, tunings_of(organisation_of(request)))
    for each in page:
        show(each, labels=[model_label(name) for name in each.model_names])
        show(each, best_label=model_label(each.best["model"]) if each.best else "")
    return render(request, "recommenders/tunings.html", {"page": page, "may_train": may(request, Capability.TRAIN)})


@require_http_methods(["GET", "POST"])
@allowed(Capability.TRAIN)
def tuning_new(request: HttpRequest) -> HttpResponse:
    """The form; the fields of the chosen split, when htmx asks; and the start of a search."""
    form = TuningForm(request.POST or None, datasets=datasets_of(organisation_of(request)), initial=initial_of(request))
    if from_htmx(request) and request.method == "GET":
        return render(request, "recommenders/split.html", {"form": form})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("tuning", start(request, form).pk)
        except GovernError as error:
            if not say_beside(form, error):
                context["error"] = error
    return render(request, "recommenders/tuning_new.html", context, status=400 if form.is_bound else 200)


@transaction.atomic
def start(request: HttpRequest, form: TuningForm) -> TuningRun:
    data = form.cleaned_data
    tuning = tuning_create(
        model_names=data["models_wanted"], metric=data["metric"], minutes=data["minutes"], **form.shared()
    )
    job = job_start(
        organisation=organisation_of(request),
        kind="recommenders.tune",
        subject=tuning.dataset.name,
        parameters={"tuning_id": tuning.pk},
        started_by=user_of(request),
    )
    return tuning_assign(tuning=tuning, job=job)


@require_GET
@allowed(Capability.VIEW)
def tuning_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The trials; while it goes on, the state that htmx asks for, and the page anew at the end."""
    tuning = tuning_get(organisation=organisation_of(request), pk=pk)
    live, job = tuning.current.state in GOING, tuning.job
    if from_htmx(request) and not live:
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    context: dict[str, Any] = {
        "tuning": tuning,
        "labels": [model_label(name) for name in tuning.model_names],
        "live": live,
        "job": job,
        "percent": round(job.progress * 100) if job else 0,
        "left": seconds_left(job) if job else None,
        "may_train": may(request, Capability.TRAIN),
    }
    if from_htmx(request):
        return render(request, "recommenders/tuning_state.html", context)
    context |= {
        "trials": trials_of(tuning),
        "models": best_by_model(tuning),
        "chart": trials_chart(tuning),
        "best_label": model_label(tuning.best["model"]) if tuning.best else "",
    }
    return render(request, "recommenders/tuning.html", context)


@require_POST
@allowed(Capability.TRAIN)
def trial_train(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Train the configuration of one trial on all that it may learn from, and test it once."""
    tuning = tuning_get(organisation=organisation_of(request), pk=pk)
    with transaction.atomic():
        run = started(request, training_run_from_trial(tuning=tuning, place=place))
    return redirect("training-run", run.pk)
