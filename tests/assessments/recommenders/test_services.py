import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from assessments.accounts.models import Organisation
from assessments.common import child_process
from assessments.common.errors import CancelledError, ConflictError, GovernError
from assessments.datasets.models import Dataset
from assessments.recommenders import ml_adapter
from assessments.recommenders.models import ModelBundle, TrainingRun
from assessments.recommenders.services import training_run_create, training_run_execute
from ml.models.bundle import read_bundle
from tests.assessments.recommenders.conftest import events_table

SPLIT = "time:0.8"
MakeDataset = Callable[..., Dataset]


def create(dataset: Dataset, **changes: Any) -> TrainingRun:
    arguments: dict[str, Any] = {"dataset": dataset, "model_name": "ease", "split": SPLIT, "options": {}}
    return training_run_create(**(arguments | changes))


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The child processes that the test starts."""
    started: list[Any] = []
    start = child_process.start

    def remember(*arguments: Any) -> Any:
        started.append(start(*arguments))
        return started[-1]

    monkeypatch.setattr(child_process, "start", remember)
    return started


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_run_keeps_its_metrics_comparisons_and_bundle(dataset: Dataset) -> None:
    told: list[tuple[float, str]] = []
    lines: list[str] = []
    run = create(dataset, options={"l2": "50"})
    assert run.options["l2"] == 50.0
    training_run_execute(
        run=run, progress=lambda fraction, message="": told.append((fraction, message)), log=lines.append
    )
    run.refresh_from_db()
    assert run.state == "succeeded"
    assert run.finished_at is not None
    assert {metric.model for metric in run.metrics.all()} == {"ease", "popular", "recent_popular"}
    ndcg = run.metrics.get(model="ease", name="ndcg@10")
    assert ndcg.low is not None
    assert ndcg.high is not None
    assert ndcg.low < ndcg.value < ndcg.high
    assert ndcg.users == 40
    assert {row["baseline"] for row in run.comparisons} == {"popular", "recent_popular"}
    assert run.protocol["digest"] == run.protocol_digest
    assert run.seconds > 0
    assert run.peak_mib > 0
    assert run.counts["kept"] == 1200
    assert any("Training on CPU" in line for line in lines)
    assert told[-1][0] >= 0.9
    bundle = read_bundle(Path(settings.MEDIA_ROOT) / run.bundle.storage_key)
    assert bundle.manifest["digest"] == run.bundle.digest
    assert bundle.manifest == run.bundle.manifest


def test_the_learning_curve_is_stored_while_the_run_goes_on(dataset: Dataset) -> None:
    run = create(dataset, model_name="perceptron", options={"epochs": 3, "patience": 3})
    during: list[int] = []

    def look(fraction: float, message: str = "") -> None:
        during.append(len(TrainingRun.objects.get(pk=run.pk).epochs))

    training_run_execute(run=run, progress=look)
    assert {1, 2, 3} <= set(during)
    run.refresh_from_db()
    assert [epoch["epoch"] for epoch in run.epochs] == [1, 2, 3]
    assert sum(epoch["best"] for epoch in run.epochs) == 1


def test_a_run_that_succeeded_is_not_done_again(dataset: Dataset, children: list[Any]) -> None:
    run = create(dataset, model_name="popular")
    training_run_execute(run=run)
    metrics = list(run.metrics.values_list("pk", flat=True))
    training_run_execute(run=TrainingRun.objects.get(pk=run.pk))
    assert len(children) == 1
    assert list(run.metrics.values_list("pk", flat=True)) == metrics


def test_a_run_that_was_cut_off_can_be_done_again(dataset: Dataset) -> None:
    run = create(dataset, model_name="popular")
    TrainingRun.objects.filter(pk=run.pk).update(state="running", epochs=[{"epoch": 1}])
    left = Path(settings.MEDIA_ROOT) / "bundles" / str(run.pk) / "left-by-a-dead-worker"
    left.mkdir(parents=True)
    run.refresh_from_db()
    training_run_execute(run=run)
    run.refresh_from_db()
    assert (run.state, run.epochs) == ("succeeded", [])
    assert not left.exists()
    assert [folder.name for folder in left.parent.iterdir()] == [Path(run.bundle.storage_key).name]


def test_cancelling_ends_the_child_at_once(dataset: Dataset, children: list[Any]) -> None:
    run = create(dataset, model_name="perceptron", options={"epochs": 1000, "patience": 1000})

    def stop_at_the_first_epoch(fraction: float, message: str = "") -> None:
        if "Epoch" in message:
            raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        training_run_execute(run=run, progress=stop_at_the_first_epoch)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert gone(children[0].pid)
    assert not run.metrics.exists()
    assert not ModelBundle.objects.exists()
    assert not list((Path(settings.MEDIA_ROOT) / "bundles").rglob("*.json"))


def test_a_cancel_from_another_thread_ends_a_silent_child(dataset: Dataset, children: list[Any]) -> None:
    run = create(dataset, model_name="perceptron", options={"epochs": 1000, "patience": 1000})
    asked = threading.Event()

    def progress(fraction: float, message: str = "") -> None:
        if asked.is_set():
            raise CancelledError("Cancelled.")

    def on_cancel(callback: Callable[[], None]) -> None:
        def later() -> None:
            time.sleep(0.3)  # long before the child has loaded what it needs
            asked.set()
            callback()

        threading.Thread(target=later).start()

    started = time.monotonic()
    with pytest.raises(CancelledError):
        training_run_execute(run=run, progress=progress, on_cancel=on_cancel)
    assert time.monotonic() - started < 3
    assert gone(children[0].pid)
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_worker_that_lost_the_job_writes_nothing_and_ends_its_child(dataset: Dataset, children: list[Any]) -> None:
    run = create(dataset, model_name="perceptron", options={"epochs": 1000, "patience": 1000})
    lost = threading.Event()

    @contextmanager
    def fence() -> Iterator[None]:
        if lost.is_set():
            raise ConflictError("This attempt no longer holds the job.")
        with transaction.atomic():
            yield

    def progress(fraction: float, message: str = "") -> None:
        if "Epoch" in message:
            lost.set()

    with pytest.raises(ConflictError):
        training_run_execute(run=run, progress=progress, fence=fence)
    run.refresh_from_db()
    assert run.state == "running"  # the worker that took the job over says how it ended
    assert run.error == ""
    assert gone(children[0].pid)


def test_a_crash_keeps_the_trace_for_the_job_and_shows_none(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create(dataset)
    spec = ml_adapter.run_child.__kwdefaults__ | {}
    assert spec["module"] == "ml.recipes.train"
    monkeypatch.setitem(ml_adapter.run_child.__kwdefaults__, "module", "ml.recipes.no_such_recipe")
    with pytest.raises(RuntimeError, match="No module named"):
        training_run_execute(run=run)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "Traceback" not in run.error
    assert "no_such_recipe" not in run.error


def test_one_user_is_explained(make_dataset: MakeDataset) -> None:
    run = create(make_dataset(events_table(users=1)), model_name="perceptron")
    with pytest.raises(GovernError, match="Only 1 user"):
        training_run_execute(run=run)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "Only 1 user" in run.error


def test_nothing_after_the_split_is_explained(dataset: Dataset) -> None:
    run = create(dataset, split="time:2050-01-01,28d")
    with pytest.raises(GovernError, match="nothing can be tested") as caught:
        training_run_execute(run=run)
    assert "reach from" in caught.value.hint
    run.refresh_from_db()
    assert run.state == "failed"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"options": {"l3": 1}}, "option l3"),
        ({"options": {"l2": "much"}}, "option l2 of ease"),
        ({"options": {"l2": "nan"}}, "option l2 of ease"),
        ({"options": {"l2": -1}}, "option l2 of ease"),
        ({"model_name": "oracle"}, "model"),
        ({"model_name": "perceptron", "options": {"epochs": 1.5}}, "option epochs of perceptron"),
        ({"split": "by chance"}, "split"),
        ({"repeats": "sometimes"}, "repeats"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_wrong_request_is_refused_by_name_and_leaves_nothing(
    dataset: Dataset, changes: dict[str, Any], where: str
) -> None:
    with pytest.raises(GovernError) as caught:
        create(dataset, **changes)
    assert where in caught.value.where
    assert not TrainingRun.objects.exists()


def test_a_missing_role_is_named(make_dataset: MakeDataset) -> None:
    with pytest.raises(GovernError, match="role time") as caught:
        create(make_dataset(roles={"user": "customer", "item": "code"}))
    assert caught.value.where == "time"


def test_side_tables_must_be_of_their_kind_and_of_the_same_shop(
    make_dataset: MakeDataset, dataset: Dataset, other_organisation: Organisation
) -> None:
    with pytest.raises(GovernError, match="table of Items"):
        create(dataset, items_dataset=dataset)
    foreign = make_dataset(name="items", kind="items", owner=other_organisation)
    with pytest.raises(GovernError, match="table of Items"):
        create(dataset, items_dataset=foreign)
    with pytest.raises(GovernError, match="holds something else"):
        create(make_dataset(name="list", kind="items"))
    items = make_dataset(name="catalogue", kind="items", roles={"item": "code"})
    assert create(dataset, items_dataset=items).items_snapshot == items.snapshots.get()
