"""One attempt at a training run: begin, train in a child, keep all of the results or none."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.common.child_process import OnCancel
from assessments.common.errors import CancelledError, GovernError
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import roles_of, snapshot_path
from assessments.recommenders import ml_adapter
from assessments.recommenders.models import MetricValue, ModelBundle, TrainingRun
from assessments.recommenders.places import Places, checkpoint_remove, places_of
from assessments.recommenders.services.listening import TrainingListener

CUT_OFF = 10
State = TrainingRun.State


def training_run_execute(
    *,
    run: TrainingRun,
    job_id: int | None = None,
    progress: Progress = silent,
    log: Callable[[str], None] | None = None,
    fence: Fence = transaction.atomic,
    on_cancel: OnCancel | None = None,
) -> TrainingRun:
    """Train, evaluate and keep the results, all of them or none.

    A run that has succeeded is left as it is, so doing it again is harmless. Its state follows the outcome: failed with
    the reason, cancelled, or succeeded. A worker that lost its claim writes nothing, because every write is fenced. An
    attempt that ends without any of these (its worker was killed) leaves its checkpoint, from which the next goes on.
    """
    if run.state == State.SUCCEEDED:
        return run
    _begin(run, job_id, fence)
    places = places_of(run)
    listener = TrainingListener(run, progress, log, fence)
    try:
        result = ml_adapter.run_child(
            spec=training_spec(run, places), on_event=listener.event, tick=listener.tick, on_cancel=on_cancel
        )
        _keep(run, result, places, fence)
    except CancelledError:
        _give_up(run, places, fence, State.CANCELLED, "")
        raise
    except GovernError as error:
        _give_up(run, places, fence, State.FAILED, str(error))
        raise
    except Exception:
        said = _("The training process ended unexpectedly; its job has the trace.")
        _give_up(run, places, fence, State.FAILED, said)
        raise
    checkpoint_remove(run.pk)
    places.keep_only()
    return run


def training_spec(run: TrainingRun, places: Places) -> dict[str, Any]:
    """What the child process is told: paths, roles and configuration; no secret is among it."""
    halved = next((note["to"] for note in run.notes if note.get("kind") == "batch_halved"), None)
    return {
        "interactions": str(snapshot_path(run.snapshot)),
        "roles": roles_of(run.snapshot),
        "items": table_spec(run.items_snapshot),
        "users": table_spec(run.users_snapshot),
        "model": run.model_name,
        "options": run.options,
        "batch_size": halved,
        "split": run.split,
        "seed": run.seed,
        "repeats": run.repeats,
        "k": CUT_OFF,
        "output": str(places.bundle),
        "values": str(places.values),
        "checkpoint": str(places.checkpoint),
        "devices": str(settings.HOME / "devices"),
        "device": "auto",
        "encoder": settings.ENCODER_MODEL,
    }


def _begin(run: TrainingRun, job_id: int | None, fence: Fence) -> None:
    """A run that was cut off keeps its learning curve and notes, for it goes on; any other begins with none."""
    with fence():
        if job_id is not None:
            TrainingRun.objects.filter(job=job_id).exclude(pk=run.pk).update(job=None)
            run.job_id = job_id
        if run.state != State.RUNNING:
            checkpoint_remove(run.pk)
            run.epochs, run.notes = [], []
        run.state, run.error, run.finished_at = State.RUNNING, "", None
        run.save(update_fields=["job", "state", "error", "epochs", "notes", "finished_at"])


def _keep(run: TrainingRun, result: dict[str, Any], places: Places, fence: Fence) -> None:
    bundle = result["bundle"]
    with fence():
        run.protocol, run.protocol_digest = result["protocol"], result["protocol"]["digest"]
        run.counts, run.epochs, run.comparisons = result["counts"], result["epochs"], result["comparisons"]
        run.evaluation, run.examples = result.get("evaluation") or {}, result.get("examples") or []
        run.values_key = str(places.values.relative_to(settings.MEDIA_ROOT)) if places.values.exists() else ""
        run.device, run.seconds, run.peak_mib = result["device"], result["seconds"], result["peak_mib"]
        run.state, run.error, run.finished_at = State.SUCCEEDED, "", timezone.now()
        run.save()
        run.metrics.all().delete()
        MetricValue.objects.bulk_create(_metric_values(run, result["metrics"]))
        ModelBundle.objects.update_or_create(
            run=run,
            defaults={
                "storage_key": str(places.bundle.relative_to(settings.MEDIA_ROOT)),
                "digest": bundle["digest"],
                "bytes": bundle["bytes"],
                "manifest": bundle["manifest"],
            },
        )


def _metric_values(run: TrainingRun, metrics: dict[str, dict[str, dict[str, Any]]]) -> list[MetricValue]:
    return [
        MetricValue(
            run=run,
            model=model,
            name=name,
            value=metric["value"],
            low=metric.get("low"),
            high=metric.get("high"),
            standard_error=metric.get("standard_error"),
            users=metric.get("users") or 0,
        )
        for model, values in metrics.items()
        for name, metric in values.items()
        if metric.get("value") is not None
    ]


def _give_up(run: TrainingRun, places: Places, fence: Fence, state: State, error: str) -> None:
    """The checkpoint goes last: while another attempt holds the run, the fence raises and leaves it to that one."""
    places.discard()
    with fence():
        run.state, run.error, run.finished_at = state, error, timezone.now()
        run.save(update_fields=["state", "error", "finished_at"])
    checkpoint_remove(run.pk)


def table_spec(snapshot: Snapshot | None) -> dict[str, Any] | None:
    """Where a table of items or users lies and what its columns mean, for the child."""
    return None if snapshot is None else {"path": str(snapshot_path(snapshot)), "roles": roles_of(snapshot)}
