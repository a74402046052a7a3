"""Keeps child processes alive beside each other until it is told to stop."""

import logging
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)
GRACE_SECONDS = 10.0


@dataclass
class Child:
    """One process that is started again when it ends, later and later if it ends at once each time."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    due_at: float = field(default=0.0)

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which then ends its children.
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        self.started_at = time.monotonic()

    def watch(self) -> None:
        """Start the process when it is due; note when it has ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill()  # what it started may have outlived it and still hold the port
        self.failures = self.failures + 1 if now - self.started_at < 5 else 0
        self.due_at, self.process = now + min(2**self.failures - 1, 30), None
        logger.warning("the %s ended with %s and is started again", self.name, code)

    def end(self) -> None:
        """Ask the process to end; it ends its own children when their work is done."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def supervise(children: list[Child], done: threading.Event) -> None:
    """Run the children until ``done`` is set; end them gently, and after a while for certain."""
    try:
        while not done.is_set():
            for child in children:
                child.watch()
            done.wait(0.5)
    finally:
        stop(children)


def stop(children: list[Child]) -> None:
    for child in children:
        child.end()
    end = time.monotonic() + GRACE_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            logger.warning(
                "the %s did not end in time and is stopped; its job runs again at the next start", child.name
            )
            child.kill()
