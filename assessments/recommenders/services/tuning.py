"""Searches for good options: made, executed, and turned into a training run."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.common.child_process import OnCancel
from assessments.common.errors import CancelledError, GovernError
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Dataset
from assessments.datasets.selectors import roles_of, snapshot_path
from assessments.jobs.models import Job
from assessments.recommenders import ml_adapter
from assessments.recommenders.models import TrainingRun, TuningRun
from assessments.recommenders.places import study_of
from assessments.recommenders.services.creation import (
    REQUIRED_ROLES,
    check_request,
    side_table,
    snapshot_with_roles,
)
from assessments.recommenders.services.execution import CUT_OFF, table_spec
from assessments.recommenders.services.listening import Listener, Log

METRICS = ("ndcg", "recall", "precision", "map", "mrr")
MOST_MINUTES = 24 * 60
RESULTS = ("trials", "best", "protocol", "seconds")
State = TrainingRun.State


@transaction.atomic
def tuning_create(
    *,
    dataset: Dataset,
    model_names: Sequence[str],
    split: str,
    metric: str = "ndcg",
    minutes: float = 10.0,
    seed: int = 0,
    repeats: str = "allowed",
    items_dataset: Dataset | None = None,
    users_dataset: Dataset | None = None,
) -> TuningRun:
    """A search that waits for its job; GovernError names a wrong model, split, metric, time or a missing role."""
    check_request(dataset, split=split, repeats=repeats, seed=seed)
    if not model_names:
        raise GovernError(_("Choose at least one recommender."), where="models")
    for name in model_names:
        ml_adapter.check_model(name, {})
    if metric not in METRICS:
        raise GovernError(
            _("“%(metric)s” cannot be tuned for.") % {"metric": metric[:40]},
            where="metric",
            hint=_("Choose one of: %(names)s.") % {"names": ", ".join(METRICS)},
        )
    if not 0 < minutes <= MOST_MINUTES:
        raise GovernError(_("Tuning takes from 1 to %(most)s minutes.") % {"most": MOST_MINUTES}, where="minutes")
    return TuningRun.objects.create(
        dataset=dataset,
        snapshot=snapshot_with_roles(dataset, REQUIRED_ROLES),
        items_snapshot=side_table(items_dataset, dataset, Dataset.Kind.ITEMS, "item"),
        users_snapshot=side_table(users_dataset, dataset, Dataset.Kind.USERS, "user"),
        model_names=list(dict.fromkeys(model_names)),
        split=split,
        repeats=repeats,
        metric=metric,
        minutes=minutes,
        seed=seed,
    )


@transaction.atomic
def tuning_assign(*, tuning: TuningRun, job: Job) -> TuningRun:
    """Say which job does this search."""
    tuning.job = job
    tuning.save(update_fields=["job"])
    return tuning


def tuning_execute(
    *,
    tuning: TuningRun,
    job_id: int | None = None,
    progress: Progress = silent,
    log: Log | None = None,
    fence: Fence = transaction.atomic,
    on_cancel: OnCancel | None = None,
) -> TuningRun:
    """Search in a child process and keep the trials. One that has succeeded is left as it is; one that was cut off
    goes on with the trials in its study."""
    if tuning.state == State.SUCCEEDED:
        return tuning
    _begin(tuning, job_id, fence)
    listener = Listener(progress, log)
    try:
        result = ml_adapter.run_child(
            spec=tuning_spec(tuning),
            on_event=listener.event,
            tick=listener.tick,
            on_cancel=on_cancel,
            module=ml_adapter.TUNE_MODULE,
        )
        _end(tuning, fence, State.SUCCEEDED, **{name: result[name] for name in RESULTS})
    except CancelledError:
        _end(tuning, fence, State.CANCELLED)
        raise
    except GovernError as error:
        _end(tuning, fence, State.FAILED, error=str(error))
        raise
    except Exception:
        _end(tuning, fence, State.FAILED, error=_("The tuning process ended unexpectedly; its job has the trace."))
        raise
    return tuning


def tuning_spec(tuning: TuningRun) -> dict[str, Any]:
    """What the child process is told; no secret is among it."""
    return {
        "interactions": str(snapshot_path(tuning.snapshot)),
        "roles": roles_of(tuning.snapshot),
        "items": table_spec(tuning.items_snapshot),
        "encoder": settings.ENCODER_MODEL,
        "users": table_spec(tuning.users_snapshot),
        "models": tuning.model_names,
        "split": tuning.split,
        "repeats": tuning.repeats,
        "metric": tuning.metric,
        "minutes": tuning.minutes,
        "seed": tuning.seed,
        "k": CUT_OFF,
        "study": str(study_of(tuning.pk)),
        "devices": str(settings.HOME / "devices"),
    }


@transaction.atomic
def training_run_from_trial(*, tuning: TuningRun, place: int) -> TrainingRun:
    """A training run with the options of the trial at this place, on the rows and the test that the tuning had."""
    trials = tuning.trials
    if not 0 <= place < len(trials) or trials[place].get("value") is None:
        raise GovernError(_("There is no such trial with a result."), where="trial")
    trial = trials[place]
    return TrainingRun.objects.create(
        dataset=tuning.dataset,
        snapshot=tuning.snapshot,
        items_snapshot=tuning.items_snapshot,
        users_snapshot=tuning.users_snapshot,
        model_name=trial["model"],
        options=ml_adapter.check_model(trial["model"], trial["options"]),
        split=tuning.split,
        repeats=tuning.repeats,
        seed=tuning.seed,
    )


def _begin(tuning: TuningRun, job_id: int | None, fence: Fence) -> None:
    with fence():
        if job_id is not None:
            TuningRun.objects.filter(job=job_id).exclude(pk=tuning.pk).update(job=None)
            tuning.job_id = job_id
        tuning.state, tuning.error, tuning.finished_at = State.RUNNING, "", None
        tuning.save(update_fields=["job", "state", "error", "finished_at"])


def _end(tuning: TuningRun, fence: Fence, state: State, **fields: Any) -> None:
    """The study goes last: while another attempt holds the tuning, the fence raises and leaves it to that one."""
    changed = {"state": state, "finished_at": timezone.now(), **fields}
    with fence():
        for name, value in changed.items():
            setattr(tuning, name, value)
        tuning.save(update_fields=list(changed))
    study_of(tuning.pk).unlink(missing_ok=True)
