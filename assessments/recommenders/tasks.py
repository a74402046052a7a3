"""Background work of this app."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.jobs.context import JobContext
from assessments.jobs.registry import job_task
from assessments.jobs.rounds import every_round
from assessments.recommenders.models import TrainingRun, TuningRun
from assessments.recommenders.places import checkpoint_remove, checkpoints
from assessments.recommenders.services import training_run_execute, tuning_execute


@job_task("recommenders.train", queue="gpu", label=_("Train a recommender"))
def train(context: JobContext, *, run_id: int) -> dict[str, Any]:
    run = TrainingRun.objects.select_related("snapshot__dataset").get(pk=run_id)
    training_run_execute(
        run=run,
        job_id=context.job_id,
        progress=context.progress,
        log=context.log,
        fence=context.fence,
        on_cancel=context.on_cancel,
    )
    return {"run": run.pk, "device": run.device}


@job_task("recommenders.tune", queue="gpu", label=_("Tune recommenders"))
def tune(context: JobContext, *, tuning_id: int) -> dict[str, Any]:
    tuning = TuningRun.objects.select_related("snapshot__dataset").get(pk=tuning_id)
    tuning_execute(
        tuning=tuning,
        job_id=context.job_id,
        progress=context.progress,
        log=context.log,
        fence=context.fence,
        on_cancel=context.on_cancel,
    )
    return {"tuning": tuning.pk, "trials": len(tuning.trials)}


@every_round("recommenders.checkpoints")
def checkpoints_sweep() -> int:
    """Remove the checkpoints of runs that have ended without their worker, or are gone; how many that were."""
    left = checkpoints()
    if not left:
        return 0
    going = TrainingRun.objects.filter(pk__in=left).select_related("job")
    needed = {run.pk for run in going if run.current.state in {TrainingRun.State.QUEUED, TrainingRun.State.RUNNING}}
    for number in left - needed:
        checkpoint_remove(number)
    return len(left - needed)
