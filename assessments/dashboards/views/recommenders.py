"""Recommenders: how good, compared with what, on what?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments.accounts.access import allowed
from assessments.accounts.roles import Capability
from assessments.common.errors import ConflictError
from assessments.common.templatetags.govern import whole
from assessments.dashboards.asking import may, membership_of, organisation_of, user_of
from assessments.dashboards.forms.runs import RunFilterForm
from assessments.dashboards.model_words import choice_word, count_word, model_label, option_word
from assessments.dashboards.paging import page_of
from assessments.dashboards.rows import show
from assessments.dashboards.run_examples import example_lists, gives_reasons
from assessments.dashboards.run_figures import (
    comparisons_of,
    learning_of,
    metrics_chart,
    metrics_table,
    notes_of,
    protocol_of,
)
from assessments.dashboards.run_groups import evaluation_of
from assessments.dashboards.views.jobs import STOP_POLLING, seconds_left
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import datasets_of
from assessments.jobs.access import capability_of
from assessments.jobs.services import job_cancel
from assessments.recommenders.bundles import bundle_card
from assessments.recommenders.models import MetricValue, Promotion, TrainingRun
from assessments.recommenders.promotions import promotion_of
from assessments.recommenders.selectors import run_get, runs_comparable, runs_of

HEADLINE = "ndcg@10"
COMPARABLE_SHOWN = 10


@require_GET
@allowed(Capability.VIEW)
def run_list(request: HttpRequest) -> HttpResponse:
    """The history of runs; filters stand in the address."""
    organisation = organisation_of(request)
    datasets = list(datasets_of(organisation).filter(kind=Dataset.Kind.INTERACTIONS))
    form = RunFilterForm(request.GET or None, datasets=datasets)
    page = page_of(request, form.apply(runs_of(organisation).prefetch_related("metrics")))
    in_use = set(
        Promotion.objects.filter(dataset__organisation=organisation, ended_at=None).values_list("run_id", flat=True)
    )
    for run in page:
        show(run, label=model_label(run.model_name), headline=headline_of(run, run.model_name))
        show(run, baseline=headline_of(run, "recent_popular"), in_use=run.pk in in_use)
    context = {
        "page": page,
        "form": form,
        "filtered": form.is_bound,
        "may_train": may(request, Capability.TRAIN),
        "has_data": bool(datasets),
        "may_register": may(request, Capability.REGISTER),
    }
    return render(request, "recommenders/list.html", context)


@require_GET
@allowed(Capability.VIEW)
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_get(organisation=organisation_of(request), pk=pk)
    context: dict[str, Any] = {
        "run": run,
        "label": model_label(run.model_name),
        "options": options_of(run),
        "notes": notes_of(run),
        "may_train": may(request, Capability.TRAIN),
        "may_promote": may(request, Capability.PROMOTE),
    }
    if run.state == TrainingRun.State.SUCCEEDED:
        context |= results_of(run)
        examples = example_lists(run, masked=not context["may_train"])
        context |= {"examples": examples, "gives_reasons": gives_reasons(examples)}
    if run.current.state in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}:
        context |= live_context(request, run)
    context["learning"] = learning_of(run)
    return render(request, "recommenders/run.html", context)


@require_GET
@allowed(Capability.VIEW)
def run_live(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page of a run that goes on asks for every few seconds; the page is read anew when more is to be shown.

    ``epochs`` is how many the page knows: with the first one it gets its chart.
    """
    run = run_get(organisation=organisation_of(request), pk=pk)
    ended = run.current.state not in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}
    learning = learning_of(run)
    if ended or (learning is not None and request.GET.get("epochs") == "0"):
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    context = {"run": run, "learning": learning, "notes": notes_of(run), **live_context(request, run)}
    return render(request, "recommenders/live.html", context)


@require_POST
@allowed(Capability.TRAIN)
def run_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the run's job and show the run."""
    run = run_get(organisation=organisation_of(request), pk=pk)
    if run.job is None:
        raise ConflictError(_("This run has no job that could be stopped."), where=str(run))
    job_cancel(job=run.job, actor=user_of(request))
    return redirect("training-run", pk)


def live_context(request: HttpRequest, run: TrainingRun) -> dict[str, Any]:
    job = run.job
    context: dict[str, Any] = {"live": True, "epochs": len(run.epochs), "job": job}
    if job is not None:
        mine = membership_of(request).may(capability_of(job.kind))
        context |= {"percent": round(job.progress * 100), "left": seconds_left(job)}
        context["may_cancel"] = mine and not job.finished and job.cancel_requested_at is None
    return context


def results_of(run: TrainingRun) -> dict[str, Any]:
    """What is known of a run that succeeded."""
    others = list(runs_comparable(run).exclude(pk=run.pk)[:COMPARABLE_SHOWN])
    for other in others:
        show(other, label=model_label(other.model_name), headline=headline_of(other, other.model_name))
    promotion = promotion_of(run.dataset)
    return {
        "protocol": protocol_of(run),
        "promotion": promotion,
        "in_use": promotion is not None and promotion.run_id == run.pk,
        "table": metrics_table(run, promotion),
        "metrics": metrics_chart(run),
        "comparisons": comparisons_of(run, promotion),
        "others": others,
        "counts": counts_of(run),
        "bundle": getattr(run, "bundle", None),
        "card": bundle_card(run),
        "evaluation": evaluation_of(run),
    }


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
    if isinstance(value, str):
        return ", ".join(choice_word(word) for word in value.split(","))
    return whole(value) if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)
