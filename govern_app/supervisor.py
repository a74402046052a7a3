"""Keeps child processes alive beside each other until it is told to stop."""

import logging
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from govern_app.tether import LADDER, VARIABLE

logger = logging.getLogger(__name__)
SHORT_SECONDS = 30.0  # whoever ends sooner than this after its start is started again later and later


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
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, VARIABLE: str(os.getpid())},
            start_new_session=True,
        )
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
        self.failures = self.failures + 1 if now - self.started_at < SHORT_SECONDS else 0
        self.due_at, self.process = now + min(2**self.failures - 1, 30), None
        wait = self.due_at - now
        logger.warning("the %s ended with %s and is started again in %.0f s", self.name, code, wait)

    def ask(self, number: signal.Signals) -> None:
        """Send the signal to the process itself; it ends its own children."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

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
    """Let the children finish what takes seconds; then have them give back their jobs; kill what still runs."""
    for number, seconds in LADDER:
        for child in children:
            child.ask(number)
        end = time.monotonic() + seconds
        while any(child.running for child in children) and time.monotonic() < end:
            time.sleep(0.05)
    for child in children:
        if child.running:
            logger.warning("the %s did not end in time and is killed; its job runs again later", child.name)
        child.kill()
