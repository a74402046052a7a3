"""Writing training runs."""

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.common.child_process import OnCancel
from assessments.common.errors import CancelledError, GovernError
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import roles_of, snapshot_latest, snapshot_path
from assessments.jobs.models import Job
from assessments.recommenders import ml_adapter
from assessments.recommenders.ml_words import in_words
from assessments.recommenders.models import MetricValue, ModelBundle, TrainingRun

REPEATS = ("allowed", "masked")
REQUIRED_ROLES = ("user", "item", "time")
CUT_OFF = 10


@transaction.atomic
def training_run_create(
    *,
    dataset: Dataset,
    model_name: str,
    split: str,
    options: dict[str, Any] | None = None,
    seed: int = 0,
    repeats: str = "allowed",
    items_dataset: Dataset | None = None,
    users_dataset: Dataset | None = None,
) -> TrainingRun:
    """A run that waits for its job; GovernError names a wrong model, option, split, seed or a missing role."""
    if dataset.kind != Dataset.Kind.INTERACTIONS:
        raise GovernError(
            _("A recommender is trained on interactions; “%(name)s” holds something else.") % {"name": dataset.name},
            where="dataset",
            hint=_("Choose a dataset of the kind interactions."),
        )
    if repeats not in REPEATS:
        raise GovernError(
            _("“%(value)s” is not a way to treat items already bought.") % {"value": str(repeats)[:50]},
            where="repeats",
            hint=_("Choose allowed or masked."),
        )
    if not 0 <= seed <= 2**31 - 1:
        raise GovernError(_("The seed must be a whole number from 0 to 2147483647."), where="seed")
    checked = ml_adapter.check_model(model_name, options or {})
    ml_adapter.check_split(split)
    snapshot = _snapshot_with_roles(dataset, REQUIRED_ROLES)
    return TrainingRun.objects.create(
        dataset=dataset,
        snapshot=snapshot,
        items_snapshot=_side_table(items_dataset, dataset, Dataset.Kind.ITEMS, "item"),
        users_snapshot=_side_table(users_dataset, dataset, Dataset.Kind.USERS, "user"),
        model_name=model_name,
        options=checked,
        split=split,
        repeats=repeats,
        seed=seed,
    )


@transaction.atomic
def training_run_assign(*, run: TrainingRun, job: Job) -> TrainingRun:
    """Say which job does this run, so that a page can follow it from the first moment."""
    TrainingRun.objects.filter(job=job).exclude(pk=run.pk).update(job=None)
    run.job = job
    run.save(update_fields=["job"])
    return run


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
    the reason, cancelled, or succeeded. A worker that lost its claim writes nothing, because every write is fenced.
    """
    if run.state == TrainingRun.State.SUCCEEDED:
        return run
    _begin(run, job_id, fence)
    folder = _bundle_folder(run)
    try:
        result = _train(run, folder, progress, log, fence, on_cancel)
        _keep(run, result, folder, fence)
    except CancelledError:
        _discard(folder)
        _end(run, fence, TrainingRun.State.CANCELLED, "")
        raise
    except GovernError as error:
        _discard(folder)
        _end(run, fence, TrainingRun.State.FAILED, str(error))
        raise
    except Exception:
        _discard(folder)
        _end(run, fence, TrainingRun.State.FAILED, _("The training process ended unexpectedly; its job has the trace."))
        raise
    _remove_other_folders(folder)
    return run


def _train(
    run: TrainingRun,
    folder: Path,
    progress: Progress,
    log: Callable[[str], None] | None,
    fence: Fence,
    on_cancel: OnCancel | None,
) -> dict[str, Any]:
    """Run the child and pass on what it tells: progress and log to the job, epochs to the run."""
    last: tuple[float, str] = (0.0, "")

    def on_event(event: dict[str, Any]) -> None:
        nonlocal last
        kind = event.pop("event")
        if kind == "progress":
            last = (float(event.get("fraction", 0.0)), in_words(str(event.get("message", ""))))
            progress(*last)
        elif kind == "epoch":
            run.epochs.append(event)
            with fence():
                run.save(update_fields=["epochs"])
        elif kind == "log" and log is not None:
            log(in_words(str(event.get("message", ""))))

    return ml_adapter.run_child(
        spec=training_spec(run, folder), on_event=on_event, tick=lambda: progress(*last), on_cancel=on_cancel
    )


def training_spec(run: TrainingRun, folder: Path) -> dict[str, Any]:
    """What the child process is told: paths, roles and configuration; no secret is among it."""
    return {
        "interactions": str(snapshot_path(run.snapshot)),
        "roles": roles_of(run.snapshot),
        "items": _table_spec(run.items_snapshot),
        "users": _table_spec(run.users_snapshot),
        "model": run.model_name,
        "options": run.options,
        "split": run.split,
        "seed": run.seed,
        "repeats": run.repeats,
        "k": CUT_OFF,
        "output": str(folder),
        "device": "auto",
        "encoder": settings.ENCODER_MODEL,
    }


def _begin(run: TrainingRun, job_id: int | None, fence: Fence) -> None:
    with fence():
        if job_id is not None:
            TrainingRun.objects.filter(job=job_id).exclude(pk=run.pk).update(job=None)
            run.job_id = job_id
        run.state, run.error, run.epochs, run.finished_at = TrainingRun.State.RUNNING, "", [], None
        run.save(update_fields=["job", "state", "error", "epochs", "finished_at"])


def _keep(run: TrainingRun, result: dict[str, Any], folder: Path, fence: Fence) -> None:
    bundle = result["bundle"]
    with fence():
        run.protocol, run.protocol_digest = result["protocol"], result["protocol"]["digest"]
        run.counts, run.epochs, run.comparisons = result["counts"], result["epochs"], result["comparisons"]
        run.device, run.seconds, run.peak_mib = result["device"], result["seconds"], result["peak_mib"]
        run.state, run.error, run.finished_at = TrainingRun.State.SUCCEEDED, "", timezone.now()
        run.save()
        run.metrics.all().delete()
        MetricValue.objects.bulk_create(_metric_values(run, result["metrics"]))
        ModelBundle.objects.update_or_create(
            run=run,
            defaults={
                "storage_key": str(folder.relative_to(settings.MEDIA_ROOT)),
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


def _end(run: TrainingRun, fence: Fence, state: TrainingRun.State, error: str) -> None:
    with fence():
        run.state, run.error, run.finished_at = state, error, timezone.now()
        run.save(update_fields=["state", "error", "finished_at"])


def _snapshot_with_roles(dataset: Dataset, needed: tuple[str, ...]) -> Snapshot:
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise GovernError(_("“%(name)s” has no snapshot yet.") % {"name": dataset.name}, where="dataset")
    missing = [role for role in needed if role not in roles_of(snapshot)]
    if missing:
        raise GovernError(
            _("“%(name)s” has no column with the role %(roles)s.")
            % {"name": dataset.name, "roles": ", ".join(missing)},
            where=", ".join(missing),
            hint=_("Say on the page of the dataset which column it is."),
        )
    return snapshot


def _side_table(table: Dataset | None, dataset: Dataset, kind: str, role: str) -> Snapshot | None:
    if table is None:
        return None
    if table.kind != kind or table.organisation_id != dataset.organisation_id:
        raise GovernError(
            _("“%(name)s” cannot be used as the table of %(kind)s.")
            % {"name": table.name, "kind": Dataset.Kind(kind).label},
            where="dataset",
        )
    return _snapshot_with_roles(table, (role,))


def _table_spec(snapshot: Snapshot | None) -> dict[str, Any] | None:
    return None if snapshot is None else {"path": str(snapshot_path(snapshot)), "roles": roles_of(snapshot)}


def _bundle_folder(run: TrainingRun) -> Path:
    """A folder of this attempt alone: an attempt that was given up may still be writing into its own."""
    return Path(settings.MEDIA_ROOT) / "bundles" / str(run.pk) / uuid.uuid4().hex[:12]


def _discard(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _remove_other_folders(folder: Path) -> None:
    for other in folder.parent.iterdir():
        if other != folder:
            _discard(other)
