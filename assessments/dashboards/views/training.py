"""Starting a training run."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import GovernError
from assessments.dashboards.asking import from_htmx, organisation_of, user_of
from assessments.dashboards.forms.splits import split_initial
from assessments.dashboards.forms.training import TrainingForm, say_beside
from assessments.dashboards.model_words import model_label
from assessments.datasets.selectors import datasets_of
from assessments.jobs.dispatch import job_start
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.selectors import runs_of
from assessments.recommenders.services import training_run_assign, training_run_create


@require_http_methods(["GET", "POST"])
@allowed(Capability.TRAIN)
def run_new(request: HttpRequest) -> HttpResponse:
    """The form; of it, what depends on a choice, when htmx asks; and the start of a run."""
    form = TrainingForm(
        request.POST or None, datasets=datasets_of(organisation_of(request)), initial=initial_of(request)
    )
    if from_htmx(request) and request.method == "GET":
        return render(request, "recommenders/choices.html", {"form": form})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("training-run", start(request, form).pk)
        except GovernError as error:
            if not say_beside(form, error):
                context["error"] = error
    return render(request, "recommenders/new.html", context, status=400 if form.is_bound else 200)


@transaction.atomic
def start(request: HttpRequest, form: TrainingForm) -> TrainingRun:
    run = training_run_create(model_name=form.cleaned_data["model_name"], options=form.options(), **form.shared())
    return started(request, run)


def started(request: HttpRequest, run: TrainingRun) -> TrainingRun:
    """Give the run its job."""
    job = job_start(
        organisation=organisation_of(request),
        kind="recommenders.train",
        subject=f"{model_label(run.model_name)} · {run.dataset.name}"[:300],
        parameters={"run_id": run.pk},
        started_by=user_of(request),
    )
    return training_run_assign(run=run, job=job)


def initial_of(request: HttpRequest) -> dict[str, Any]:
    """What htmx sends along, else the choices of the run named by ``?like=``, else those of the newest run."""
    if from_htmx(request):
        return {name: value for name, value in request.GET.items() if value}
    asked = request.GET.get("like", "")
    like = asked.isdecimal() and len(asked) < 18
    runs = runs_of(organisation_of(request))
    run = (runs.filter(pk=int(asked)) if like else runs).first()
    if run is None:
        return {}
    initial = {
        "dataset": run.dataset_id,
        "model_name": run.model_name,
        "repeats": run.repeats,
        "seed": run.seed,
        "items_dataset": run.items_snapshot.dataset_id if run.items_snapshot else None,
        "users_dataset": run.users_snapshot.dataset_id if run.users_snapshot else None,
        **split_initial(run.split),
    }
    if like:  # an option that a form shows as its default is not repeated
        initial |= {f"{run.model_name}-{name}": shown_option(value) for name, value in run.options.items()}
    return initial


def shown_option(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
