"""Counts with noise by real workers: an attempt that is killed or cancelled publishes nothing and costs nothing."""

import json
import os
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.worker

REGISTER = """
import sys, django
django.setup()
from assessments.accounts.models import Organisation
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
organisation, _ = Organisation.objects.get_or_create(slug="harbour", defaults={"name": "Harbour Shop"})
source = SourceSpec("path", sys.argv[1])
print(dataset_register(organisation=organisation, name="orders", kind="items", source=source, operator=True).pk)
"""


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "govern.sqlite3", timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_killed_publication_is_made_once_and_a_cancelled_one_not_at_all(
    installation: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("opendp")
    marks = tmp_path / "marks"
    marks.mkdir()
    monkeypatch.setenv("TEST_SLOW_NOISE", str(marks))
    file = tmp_path / "orders.csv"
    file.write_text("event\n" + "view\n" * 50 + "buy\n" * 7)
    snapshot = int(installation.python("-c", REGISTER, str(file)))
    asked = {"snapshot_id": snapshot, "column": "event", "values": ["view"]}
    job = installation.start("quality.publish_counts", **asked, epsilon=0.5)
    first = installation.worker("-c", "1")
    installation.wait(lambda: len(list(marks.iterdir())) == 1)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    published = "SELECT job_id, epsilon FROM quality_noisycounts"
    events = "SELECT count(*) FROM accounts_auditevent WHERE action = 'dataset.counts'"
    assert (rows(installation.home, published), rows(installation.home, events)) == ([], [(0,)])

    installation.worker("-c", "1")
    installation.wait(lambda: installation.row(job)["state"] == "succeeded")
    assert (installation.row(job)["attempt"], json.loads(installation.row(job)["result"])["counts"]) == (2, 1)
    cancelled = installation.start("quality.publish_counts", **asked, epsilon=0.25)
    installation.wait(lambda: len(list(marks.iterdir())) == 3 or installation.row(cancelled)["state"] == "running")
    installation.execute("UPDATE jobs_job SET cancel_requested_at = created_at WHERE id = ?", cancelled)
    installation.wait(lambda: installation.row(cancelled)["state"] in {"cancelled", "succeeded", "failed"})
    assert installation.row(cancelled)["state"] == "cancelled"
    assert (rows(installation.home, published), rows(installation.home, events)) == ([(job, 0.5)], [(1,)])
