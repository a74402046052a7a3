"""Serve the pages with a worker beside them: all that one machine needs."""

import signal
import socket
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError
from govern_app.supervisor import Child, supervise


class Command(GovernCommand):
    help = "Serve the pages and the API, with a worker beside them; Ctrl-C ends both."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
        parser.add_argument("--threads", type=int, default=4, help="threads of each web process (default 4)")
        parser.add_argument("--worker-processes", type=int, default=2, help="jobs done at once (default 2)")

    def run(self, **options: Any) -> dict[str, Any]:
        host, port = options["host"], options["port"]
        require_free(host, port)
        done = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: done.set())
        self.stderr.write(f"Govern answers at http://{host}:{port} (Ctrl-C ends it)", self.style.SUCCESS)
        supervise([web(host, port, options["threads"]), worker(options["worker_processes"])], done)
        return {"served": f"http://{host}:{port}"}


def require_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise GovernError(
            f"Govern cannot listen on {host}:{port}: {error.strerror}.", hint="Choose another port with --port."
        ) from error


def web(host: str, port: int, threads: int) -> Child:
    options = ["--bind", f"{host}:{port}", "--workers", "2", "--threads", str(threads), "--log-level", "warning"]
    options += ["--config", "python:govern_app.gunicorn_hooks"]
    # A worker's sign of life is a file that it touches; on a disk that is busy with a scan it would look dead.
    options += ["--worker-tmp-dir", "/dev/shm"] if sys.platform == "linux" else []  # noqa: S108
    return Child("web server", [sys.executable, "-m", "gunicorn", "govern_app.wsgi", *options])


def worker(processes: int) -> Child:
    options = ["--queues", "default,gpu", "--concurrency", str(processes), "--loglevel", "INFO", "--without-mingle"]
    return Child("worker", [sys.executable, "-m", "celery", "--app", "govern_app", "worker", *options])
