"""A real worker that is killed in the middle of a training: the next one goes on from its checkpoint."""

import json
import os
import signal
import sqlite3
from typing import Any

import pytest

pytestmark = pytest.mark.worker
ENDED = {"succeeded", "failed", "cancelled"}
EPOCHS = 40

PREPARE = """
import sys, django
django.setup()
from pathlib import Path
import pyarrow.parquet as pq
from django.conf import settings
from assessments.accounts.models import Organisation
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.jobs.dispatch import job_start
from assessments.recommenders.services import training_run_assign, training_run_create
from tests.assessments.recommenders.conftest import events_table

organisation, _ = Organisation.objects.get_or_create(slug="harbour", defaults={"name": "Harbour Shop"})
dataset, made = Dataset.objects.get_or_create(
    organisation=organisation, name="orders", kind="interactions", source_kind="path"
)
if made:
    path = Path(settings.MEDIA_ROOT) / "snapshots" / "1.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(events_table(users=300, events=60), path)
    snapshot = Snapshot.objects.create(
        dataset=dataset, number=1, digest="0" * 64, rows=18_000, bytes=1, storage_key="snapshots/1.parquet"
    )
    for position, (name, role) in enumerate((("customer", "user"), ("code", "item"), ("at", "time"))):
        Column.objects.create(snapshot=snapshot, position=position, name=name, type="text", role=role)
options = {"epochs": int(sys.argv[1]), "patience": 1000}
run = training_run_create(dataset=dataset, model_name="perceptron", split="time:0.8", options=options)
job = job_start(
    organisation=organisation, kind="recommenders.train", subject="orders", parameters={"run_id": run.pk}
)
training_run_assign(run=run, job=job)
print(run.pk, job.pk)
"""


def begin(installation: Any) -> tuple[int, int]:
    run, job = installation.python("-c", PREPARE, str(EPOCHS)).split()[-2:]
    return int(run), int(job)


def ask(installation: Any, query: str, *values: Any) -> list[sqlite3.Row]:
    connection = sqlite3.connect(installation.home / "govern.sqlite3", timeout=30)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def run_of(installation: Any, pk: int) -> dict[str, Any]:
    row = dict(ask(installation, "SELECT * FROM recommenders_trainingrun WHERE id = ?", pk)[0])
    return row | {name: json.loads(row[name]) for name in ("epochs", "notes")}


def metrics_of(installation: Any, pk: int) -> dict[str, float]:
    query = "SELECT model || ' ' || name AS name, value FROM recommenders_metricvalue WHERE run_id = ?"
    return {row["name"]: row["value"] for row in ask(installation, query, pk)}


def test_a_killed_training_goes_on_from_its_checkpoint_and_ends_with_the_same_numbers(installation: Any) -> None:
    run, job = begin(installation)
    first = installation.worker("--pool", "solo", queue="gpu")
    installation.wait(lambda: len(run_of(installation, run)["epochs"]) >= 3, seconds=180)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    reached = len(run_of(installation, run)["epochs"])
    assert reached < EPOCHS
    assert installation.row(job)["state"] == "running"
    checkpoint = installation.home / "checkpoints" / str(run)
    assert checkpoint.is_dir()

    installation.worker("--pool", "solo", queue="gpu")
    installation.wait(lambda: installation.row(job)["state"] in ENDED, seconds=300)
    after = run_of(installation, run)
    assert (installation.row(job)["state"], installation.row(job)["attempt"]) == ("succeeded", 2)
    assert [epoch["epoch"] for epoch in after["epochs"]] == list(range(1, EPOCHS + 1))
    resumed = [note for note in after["notes"] if note["kind"] == "resumed"]
    assert len(resumed) == 1
    assert resumed[0]["epoch"] in {reached + 1, reached + 2}  # one may be saved that was not told any more
    assert not checkpoint.exists()

    again, job = begin(installation)
    installation.wait(lambda: installation.row(job)["state"] in ENDED, seconds=300)
    assert run_of(installation, again)["notes"] == []
    assert metrics_of(installation, run) == metrics_of(installation, again)
