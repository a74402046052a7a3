"""Attempts at a run: time limit, notes, the learning curve and the checkpoint over several of them."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from assessments.common.errors import CancelledError, GovernError
from assessments.datasets.models import Dataset
from assessments.jobs.errors import JobLostError
from assessments.recommenders import ml_adapter
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.places import checkpoint_of, places_of
from assessments.recommenders.services import training_run_create, training_run_execute, training_spec
from assessments.recommenders.tasks import checkpoints_sweep

HALVED = {"event": "note", "kind": "batch_halved", "from": 2048, "to": 1024}


@pytest.fixture
def run(dataset: Dataset) -> TrainingRun:
    return training_run_create(dataset=dataset, model_name="perceptron", split="time:0.8")


class Killed(BaseException):
    """As when the worker is shut down in the middle."""


def child(monkeypatch: pytest.MonkeyPatch, events: list[dict[str, Any]], end: BaseException) -> list[dict[str, Any]]:
    """A child that tells these events, leaves a checkpoint and ends so; what it was asked to do."""
    specs: list[dict[str, Any]] = []

    def run_child(*, spec: dict[str, Any], on_event: Any, tick: Any, on_cancel: Any = None) -> dict[str, Any]:
        specs.append(spec)
        Path(spec["checkpoint"]).mkdir(parents=True, exist_ok=True)
        for event in events:
            on_event(dict(event))
        raise end

    monkeypatch.setattr(ml_adapter, "run_child", run_child)
    return specs


def epochs(*numbers: int) -> list[dict[str, Any]]:
    return [{"event": "epoch", "epoch": number, "loss": 1 / number} for number in numbers]


def told(run: TrainingRun) -> list[int]:
    run.refresh_from_db()
    return [epoch["epoch"] for epoch in run.epochs]


def test_an_attempt_that_was_cut_off_is_gone_on_from(run: TrainingRun, monkeypatch: pytest.MonkeyPatch) -> None:
    child(monkeypatch, epochs(1, 2, 3), Killed())
    with pytest.raises(Killed):
        training_run_execute(run=run)
    assert told(run) == [1, 2, 3]
    assert run.state == "running"
    assert checkpoint_of(run.pk).is_dir()

    lines: list[str] = []
    child(monkeypatch, epochs(3, 4), Killed())  # the third was told, but its checkpoint not written
    with pytest.raises(Killed):
        training_run_execute(run=run, log=lines.append)
    assert told(run) == [1, 2, 3, 4]
    assert run.notes == [{"kind": "resumed", "epoch": 3}]
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("end", "state"),
    [(CancelledError("Cancelled."), "cancelled"), (GovernError("No."), "failed"), (RuntimeError("x"), "failed")],
)
def test_an_end_removes_the_checkpoint_and_another_try_begins_anew(
    end: Exception, state: str, run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, [*epochs(1, 2), HALVED, *epochs(1)], end)
    with pytest.raises(type(end)):
        training_run_execute(run=run)
    assert told(run) == [1]
    assert run.state == state
    assert not checkpoint_of(run.pk).exists()
    specs = child(monkeypatch, epochs(1), Killed())
    with pytest.raises(Killed):
        training_run_execute(run=run)
    assert told(run) == [1]
    assert (run.notes, specs[0]["batch_size"]) == ([], None)


def test_a_worker_that_lost_its_claim_leaves_the_checkpoint_to_the_next(
    run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    child(monkeypatch, epochs(1), JobLostError(1, 1))
    calls = 0

    def fence() -> Any:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise JobLostError(1, 1)
        from django.db import transaction

        return transaction.atomic()

    with pytest.raises(JobLostError):
        training_run_execute(run=run, fence=fence)
    assert checkpoint_of(run.pk).is_dir()


def test_a_halved_batch_is_noted_and_kept_by_the_next_attempt(
    run: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = child(monkeypatch, [*epochs(1), HALVED, *epochs(1, 2)], Killed())
    with pytest.raises(Killed):
        training_run_execute(run=run)
    assert told(run) == [1, 2]
    assert run.notes == [{"kind": "batch_halved", "from": 2048, "to": 1024}]
    assert specs[0]["batch_size"] is None
    assert training_spec(run, places_of(run))["batch_size"] == 1024
    assert run.options["batch_size"] == 2048  # what was asked for stays what it was


def test_a_training_that_takes_too_long_ends_with_the_reason(
    run: TrainingRun, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRAINING_TIMEOUT_SECONDS = 1
    started: list[Any] = []
    from assessments.common import child_process

    start = child_process.start
    monkeypatch.setattr(child_process, "start", lambda *arguments: started.append(start(*arguments)) or started[-1])
    with pytest.raises(GovernError, match=r"longer than 1\.0 s") as caught:
        training_run_execute(run=run)
    assert caught.value.where == "GOVERN_TRAINING_TIMEOUT_SECONDS"
    run.refresh_from_db()
    assert run.state == "failed"
    assert "longer than" in run.error
    assert started[0].poll() is not None  # the child was ended with it


def test_checkpoints_of_runs_that_ended_or_are_gone_are_swept(run: TrainingRun, dataset: Dataset) -> None:
    for number in (run.pk, 999_999):
        (checkpoint_of(number) / "state").mkdir(parents=True)
    TrainingRun.objects.filter(pk=run.pk).update(state="running")
    assert checkpoints_sweep() == 1
    assert checkpoint_of(run.pk).is_dir()
    TrainingRun.objects.filter(pk=run.pk).update(state="failed")
    assert checkpoints_sweep() == 1
    assert not checkpoint_of(run.pk).exists()
