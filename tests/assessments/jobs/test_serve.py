"""``manage.py serve``: the pages and a worker, which is started again when it dies; both end on Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.worker


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def status(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def worker_of(process: psutil.Process) -> psutil.Process | None:
    for child in process.children():
        with suppress(psutil.Error):  # it may end while it is looked at
            if "celery" in child.cmdline():
                return child
    return None


def test_a_dead_worker_is_replaced_and_ctrl_c_ends_everything(installation: Any) -> None:
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--worker-processes", "1"]
    log = (installation.home / "worker-serve.log").open("wb")
    serve = subprocess.Popen(command, cwd=ROOT, env=installation.environment, stdout=log, stderr=log)
    try:
        parent = psutil.Process(serve.pid)
        installation.wait(lambda: status(port) == 200)
        installation.wait(lambda: worker_of(parent) is not None)
        first = worker_of(parent)
        assert first is not None
        os.killpg(first.pid, signal.SIGKILL)
        installation.wait(lambda: (new := worker_of(parent)) is not None and new.pid != first.pid)
        job = installation.start("test.add", a=1, b=2)  # a kind that this worker does not know
        installation.wait(lambda: installation.row(job)["state"] == "failed")
        assert "test.add" in installation.row(job)["error"]
        children = parent.children(recursive=True)
        serve.send_signal(signal.SIGINT)
        assert serve.wait(timeout=30) == 0
        time.sleep(0.5)
        assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    finally:
        if serve.poll() is None:
            serve.send_signal(signal.SIGTERM)
            serve.wait(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_end_of_serve_ends_all_that_it_started_and_gives_back_the_job(
    installation: Any, tmp_path: Path, number: signal.Signals
) -> None:
    """Also when it is killed: what stayed behind would keep the port, and the job."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--worker-processes", "1"]
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "kinds_settings"}
    log = (installation.home / "worker-serve.log").open("wb")
    serve = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    children: list[psutil.Process] = []
    try:
        job = installation.start("test.sleep", folder=str(tmp_path), seconds=60)
        installation.wait(lambda: installation.row(job)["state"] == "running" and status(port) == 200)
        children = psutil.Process(serve.pid).children(recursive=True)
        serve.send_signal(number)
        serve.wait(timeout=20)
        installation.wait(lambda: not any(alive(child) for child in children), seconds=20)
        row = installation.row(job)
        assert (row["state"], row["attempt"], row["lease_expires_at"]) == ("queued", 1, None)
        assert row["max_attempts"] == 4  # a shutdown costs no attempt
        with socket.create_server(("127.0.0.1", port)):
            pass
    finally:
        for process in [serve, *children]:
            with suppress(psutil.Error, ProcessLookupError):
                process.kill()
        serve.wait()


def alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def test_a_taken_port_is_said(installation: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "manage.py", "serve", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(
            command, cwd=ROOT, env=installation.environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert "--port" in done.stderr
