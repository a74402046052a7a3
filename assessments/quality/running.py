"""Queries run one at a time, with progress while they run, and stopped when time is up or somebody asks."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import monotonic
from typing import Any, Protocol, TypeVar

import pyarrow as pa
from django.utils.translation import gettext as _
from ibis.common.exceptions import IbisError

from assessments.common.errors import CancelledError, GovernError
from assessments.common.progress import Progress, silent
from assessments.jobs.errors import JobLostError
from assessments.quality.specs import Limits

POLL_SECONDS = 0.2
BATCH_ROWS = 65_536
T = TypeVar("T")


class QueryRefusedError(Exception):
    """The place of the table cannot run this query; its text is the place's own and may quote cells."""


class TimeUpError(GovernError):
    """The scan took longer than it may."""


# What a place, or Ibis before it, has to say against an expression.
REFUSALS = (GovernError, IbisError, QueryRefusedError)


class Driver(Protocol):
    """What a place of tables must do. ``fetch`` and ``stream`` run in a thread of their own, one at a time."""

    refusals: tuple[type[Exception], ...]
    """What the place raises for a query that it cannot run, an interrupted one included."""

    def compile(self, expression: Any) -> str:
        """The expression in the place's own language."""

    def fetch(self, expression: Any) -> list[dict[str, Any]]:
        """All rows as dicts of plain Python values: whole numbers as int, lists as list, times as datetime."""

    def stream(self, expression: Any, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows as batches of about ``rows``, holding few of them at a time."""

    def cancel(self) -> None:
        """Make what runs stop soon; harmless when nothing runs. Called from another thread, perhaps repeatedly."""

    def share_done(self) -> float:
        """How much of what runs is done (0 to 1), as far as the place tells. Called from another thread."""


class Runner:
    """Runs expressions by a driver; the thread that calls it reports and listens while another one waits."""

    def __init__(self, driver: Driver, limits: Limits) -> None:
        self.driver, self.limits = driver, limits
        self.deadline = monotonic() + limits.timeout_seconds

    def rows(self, expression: Any, progress: Progress = silent, message: str = "") -> list[dict[str, Any]]:
        """The rows of an Ibis expression as dicts. Keep it small: aggregates and bounded samples."""
        self.require_time()
        progress(0.0, message)
        with ThreadPoolExecutor(max_workers=1) as pool:
            return self._wait(pool.submit(self.driver.fetch, expression), progress, message)

    def batches(
        self, expression: Any, progress: Progress = silent, message: str = ""
    ) -> Generator[pa.RecordBatch, None, None]:
        """The rows of an Ibis expression as Arrow batches, without holding them all."""
        self.require_time()
        progress(0.0, message)
        with ThreadPoolExecutor(max_workers=1) as pool:
            source = self._wait(pool.submit(self.driver.stream, expression, BATCH_ROWS), progress, message)
            told = monotonic()
            try:
                while (batch := self._wait(pool.submit(_next, source), progress, message)) is not None:
                    yield batch
                    if monotonic() - told > POLL_SECONDS:
                        told = monotonic()
                        self.require_time()
                        progress(max(self.driver.share_done(), 0.0), message)
            finally:
                self.driver.cancel()

    def require_time(self) -> None:
        if monotonic() > self.deadline:
            raise TimeUpError(
                _("The scan took longer than %(seconds)d seconds and was stopped.")
                % {"seconds": self.limits.timeout_seconds},
                hint=_("Check fewer rules at once, or raise GOVERN_SCAN_TIMEOUT_SECONDS."),
            )

    def _wait(self, answer: "Future[T]", progress: Progress, message: str) -> T:
        """The answer, once it is there; stops the query when time is up or ``progress`` raises."""
        try:
            while not wait([answer], timeout=POLL_SECONDS).done:
                self.require_time()
                progress(max(self.driver.share_done(), 0.0), message)
            return answer.result()
        except self.driver.refusals as error:
            raise QueryRefusedError(str(error)) from error
        except BaseException:
            _stop(answer, self.driver.cancel)
            raise


def must_stop(error: BaseException) -> bool:
    """Whether the error ends the scan and not only the rule in which it came up."""
    return isinstance(error, TimeUpError | CancelledError | JobLostError) or getattr(error, "ends_the_scan", False)


def watched(progress: Progress) -> Progress:
    """The same progress, whose errors end the scan whatever they are: who listens is gone."""

    def tell(fraction: float, message: str = "") -> None:
        try:
            progress(fraction, message)
        except Exception as error:
            error.ends_the_scan = True  # type: ignore[attr-defined]
            raise

    return tell


def _next(source: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    return next(source, None)


def _stop(answer: "Future[Any]", cancel: Callable[[], None]) -> None:
    """Cancel until the query has ended, with whatever it ends with."""
    while not answer.done():
        cancel()
        wait([answer], timeout=POLL_SECONDS)
