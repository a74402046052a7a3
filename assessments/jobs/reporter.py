"""The thread beside a running job: renews its lease, writes its progress and log, notices that it is to stop.

The work itself writes nothing about its progress. It may thus report from inside a transaction, as often as it likes,
without holding a lock on the job's row.
"""

import logging
import threading
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import DatabaseError, connection

from assessments.jobs.errors import JobLostError
from assessments.jobs.services import job_cancel_asked, job_heartbeat

logger = logging.getLogger(__name__)
TICK_SECONDS = 1.0


class Reporter:
    """Keeps the row of one attempt alive between ``__enter__`` and ``__exit__``."""

    def __init__(self, *, job_id: int, attempt: int) -> None:
        self.job_id, self.attempt = job_id, attempt
        self.cancelled, self.lost = threading.Event(), threading.Event()
        self._lock, self._done = threading.Lock(), threading.Event()
        self._fraction, self._message, self._changed = 0.0, "", False
        self._lines: list[tuple[str, str]] = []
        self._callbacks: list[Callable[[], None]] = []
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        # A row that is not committed yet is seen by nobody else, hence neither reaped nor cancelled, nor beaten for.
        if not connection.in_atomic_block:
            self._thread = threading.Thread(target=self._beat_until_done, name=f"job-{self.job_id}", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def report(self, fraction: float, message: str) -> None:
        with self._lock:
            self._fraction, self._changed = min(max(float(fraction), 0.0), 1.0), True
            self._message = message or self._message

    def log(self, message: str, level: str) -> None:
        with self._lock:
            self._lines.append((level, message))
            self._changed = True

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` once, from the thread, when the work is to stop; now, if it already is."""
        with self._lock:
            stopping = self.stopping
            if not stopping:
                self._callbacks.append(callback)
        if stopping:
            callback()

    @property
    def stopping(self) -> bool:
        return self.cancelled.is_set() or self.lost.is_set()

    def flush(self) -> None:
        """Write what is pending and renew the lease. Raises JobLostError when the claim is gone."""
        with self._lock:
            fraction, message, lines = self._fraction, self._message, self._lines
            self._lines, self._changed = [], False
        try:
            asked = job_heartbeat(
                job_id=self.job_id, attempt=self.attempt, progress=fraction, message=message, lines=lines
            )
        except DatabaseError:
            with self._lock:
                self._lines, self._changed = [*lines, *self._lines], True
            raise
        if asked:
            self._stop(self.cancelled)

    def _beat_until_done(self) -> None:
        interval = min(TICK_SECONDS, settings.JOB_HEARTBEAT_SECONDS)
        beaten = monotonic()
        try:
            while not self._done.wait(interval) and not self.lost.is_set():
                due = monotonic() - beaten >= settings.JOB_HEARTBEAT_SECONDS
                if self._tick(write=due or self._changed):
                    beaten = monotonic()
        finally:
            connection.close()

    def _tick(self, *, write: bool) -> bool:
        """Write, or only look whether to stop; whether the lease was renewed."""
        try:
            if write:
                self.flush()
                return True
            if not self.cancelled.is_set() and job_cancel_asked(job_id=self.job_id):
                self._stop(self.cancelled)
        except JobLostError:
            logger.warning("job %s: attempt %s lost its claim", self.job_id, self.attempt)
            self._stop(self.lost)
        except DatabaseError:
            # The next beat tries again; the lease outlasts several.
            logger.exception("job %s: the heartbeat was not written", self.job_id)
            connection.close()
        return False

    def _stop(self, reason: threading.Event) -> None:
        with self._lock:
            reason.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            try:
                callback()
            except Exception:
                logger.exception("job %s: a callback for stopping failed", self.job_id)
