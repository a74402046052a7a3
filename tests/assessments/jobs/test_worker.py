"""Real workers on the embedded broker, killed at awkward moments."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.worker
ENDED = {"succeeded", "failed", "cancelled"}


def kill_group(process: Any) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def marks(folder: Path, name: str) -> list[str]:
    return sorted(path.name for path in folder.glob(f"{name}-*"))


def test_a_killed_worker_leaves_a_job_that_runs_again_and_completes_once(installation: Any, tmp_path: Path) -> None:
    folder = tmp_path / "marks"
    folder.mkdir()
    job = installation.start("test.sleep", folder=str(folder), seconds=4)
    first = installation.worker("-c", "1")
    installation.wait(lambda: marks(folder, "started") != [])
    kill_group(first)
    killed = time.monotonic()
    assert installation.row(job)["state"] == "running"

    installation.worker("-c", "1")
    installation.wait(lambda: installation.row(job)["state"] in ENDED)
    row = installation.row(job)
    assert (row["state"], row["attempt"], json.loads(row["result"])) == ("succeeded", 2, {"attempt": 2})
    assert time.monotonic() - killed < 60
    time.sleep(4)  # longer than a lease: nothing may begin it a third time
    assert len(marks(folder, "started")) == 2
    assert [name.split("-")[1] for name in marks(folder, "finished")] == ["2"]
    assert "database is locked" not in installation.logs()


def test_a_killed_pool_process_leaves_a_job_that_the_same_worker_runs_again(installation: Any, tmp_path: Path) -> None:
    folder = tmp_path / "marks"
    folder.mkdir()
    job = installation.start("test.sleep", folder=str(folder), seconds=2)
    installation.worker("-c", "1")
    installation.wait(lambda: marks(folder, "started") != [])
    os.kill(int(marks(folder, "started")[0].split("-")[2]), signal.SIGKILL)
    installation.wait(lambda: installation.row(job)["state"] in ENDED)
    assert (installation.row(job)["state"], installation.row(job)["attempt"]) == ("succeeded", 2)
    assert len(marks(folder, "finished")) == 1


def test_a_job_that_kills_its_worker_each_time_is_failed_after_three_attempts(
    installation: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "marks"
    folder.mkdir()
    job = installation.start("test.sleep", folder=str(folder), seconds=60)
    installation.worker("-c", "1")
    for attempt in (1, 2, 3):
        installation.wait(lambda attempt=attempt: len(marks(folder, "started")) == attempt)
        newest = next(name for name in marks(folder, "started") if name.startswith(f"started-{attempt}-"))
        os.kill(int(newest.split("-")[2]), signal.SIGKILL)
    installation.wait(lambda: installation.row(job)["state"] in ENDED)
    row = installation.row(job)
    assert (row["state"], row["attempt"], marks(folder, "finished")) == ("failed", 3, [])
    assert row["error"]
    assert row["hint"]


def test_a_message_that_the_broker_lost_is_sent_again(installation: Any, tmp_path: Path) -> None:
    job = installation.start("test.add", a=2, b=3)
    (installation.home / "broker.sqlite3").unlink()
    for left in installation.home.glob("broker.sqlite3-*"):
        left.unlink()
    installation.worker("-c", "1")
    installation.wait(lambda: installation.row(job)["state"] in ENDED)
    assert json.loads(installation.row(job)["result"])["sum"] == 5


def test_a_frozen_worker_whose_job_was_taken_over_writes_nothing(installation: Any, tmp_path: Path) -> None:
    """The two-worker case: the first stops (a sleeping laptop), its lease passes, it wakes while the second works."""
    folder = tmp_path / "marks"
    folder.mkdir()
    job = installation.start("test.sleep", folder=str(folder), seconds=5)
    first = installation.worker("-c", "1")
    installation.wait(lambda: marks(folder, "started") != [])
    os.killpg(first.pid, signal.SIGSTOP)
    installation.worker("-c", "1")
    installation.wait(lambda: len(marks(folder, "started")) == 2)
    os.killpg(first.pid, signal.SIGCONT)
    installation.wait(lambda: installation.row(job)["state"] in ENDED)
    time.sleep(2)
    assert json.loads(installation.row(job)["result"]) == {"attempt": 2}
    assert [name.split("-")[1] for name in marks(folder, "finished")] == ["2"]


def test_a_gpu_worker_works_in_its_own_process_and_can_be_told_to_stop(installation: Any, tmp_path: Path) -> None:
    folder = tmp_path / "marks"
    folder.mkdir()
    elsewhere = installation.start("test.add", a=1, b=1)
    job = installation.start("test.sleep_gpu", folder=str(folder), seconds=60)
    installation.worker("--pool", "solo", queue="gpu")
    installation.wait(lambda: marks(folder, "started") != [])
    installation.execute("UPDATE jobs_job SET cancel_requested_at = created_at WHERE id = ?", job)
    installation.wait(lambda: installation.row(job)["state"] in ENDED, seconds=10)
    assert installation.row(job)["state"] == "cancelled"
    assert installation.row(elsewhere)["state"] == "queued"  # not its queue


WRITE = """
import sys, django
django.setup()
from assessments.accounts.models import Organisation
from django.db import transaction
from assessments.jobs.dispatch import job_start
import kinds
organisation = Organisation.objects.get(slug="harbour")
for number in range(10):
    with transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).count()  # a read before the write: the case that locks
        job_start(organisation=organisation, kind="test.add", subject=sys.argv[1], parameters={"a": number, "b": 1})
"""


def test_web_and_worker_write_side_by_side(installation: Any) -> None:
    """Four writing processes and a worker with two, on one database file and one broker file."""
    installation.start("test.add", a=0, b=0)
    installation.worker("-c", "2")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(number)], env=installation.environment, stderr=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    for writer in writers:
        _, error = writer.communicate(timeout=120)
        assert (writer.returncode, error) == (0, "")
    left = 'SELECT count(*) FROM jobs_job WHERE state != "succeeded"'
    installation.wait(lambda: count(installation, left) == 0, seconds=120)
    assert count(installation, "SELECT count(*) FROM jobs_job WHERE attempt = 1") == 41
    assert "locked" not in installation.logs()


def count(installation: Any, query: str) -> int:
    connection = sqlite3.connect(installation.home / "govern.sqlite3", timeout=30)
    try:
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()
