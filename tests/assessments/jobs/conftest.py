"""The test kinds, and an embedded installation of its own with real workers."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent

START = """
import json, sys, django
django.setup()
import kinds
from assessments.accounts.models import Organisation
from assessments.jobs.dispatch import job_start
organisation, _ = Organisation.objects.get_or_create(slug="harbour", defaults={"name": "Harbour Shop"})
kind, parameters = sys.argv[1], json.loads(sys.argv[2])
print(job_start(organisation=organisation, kind=kind, subject="test", parameters=parameters).pk)
"""


@pytest.fixture(scope="session", autouse=True)
def _kinds() -> None:
    sys.path.insert(0, str(HERE))
    __import__("kinds")


@dataclass
class Installation:
    """A GOVERN_HOME of its own with SQLite and the embedded broker, and leases short enough for a test."""

    home: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GOVERN_")}
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "govern_app.settings",
            "GOVERN_HOME": str(self.home),
            "GOVERN_JOB_LEASE_SECONDS": "3",
            "GOVERN_JOB_HEARTBEAT_SECONDS": "0.5",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), str(HERE), inherited.get("PYTHONPATH")])),
        }

    def python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, kind: str, **parameters: Any) -> int:
        return int(self.python("-c", START, kind, json.dumps(parameters)))

    def worker(self, *options: str, queue: str = "default") -> subprocess.Popen[bytes]:
        log = (self.home / f"worker-{len(self.workers)}.log").open("wb")
        command = [sys.executable, "-m", "celery", "-A", "govern_app", "worker", "--include", "kinds", "-Q", queue]
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.workers.append(process)
        return process

    def row(self, job_id: int) -> dict[str, Any]:
        connection = sqlite3.connect(self.home / "govern.sqlite3", timeout=30)
        connection.row_factory = sqlite3.Row
        try:
            return dict(connection.execute("SELECT * FROM jobs_job WHERE id = ?", [job_id]).fetchone())
        finally:
            connection.close()

    def execute(self, statement: str, *values: Any) -> None:
        connection = sqlite3.connect(self.home / "govern.sqlite3", timeout=30)
        with connection:
            connection.execute(statement, values)
        connection.close()

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.home.glob("worker-*.log")))

    def wait(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.logs()
            time.sleep(0.05)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """``kill -9`` of the worker with all its children, as a machine that loses power."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    made.python("manage.py", "migrate", "--verbosity", "0")
    yield made
    for process in made.workers:
        kill_group(process)
