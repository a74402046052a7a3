"""What every place offers: a table as an Ibis expression, answers to expressions, and a way to stop them."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from time import monotonic
from typing import Any, Protocol, TypeVar

import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, silent

POLL_SECONDS = 0.2
BATCH_ROWS = 65_536
T = TypeVar("T")


class QueryRefusedError(Exception):
    """The place could not answer one query; others may go well. Its words may quote a cell: mask them."""


class PlaceGoneError(GovernError):
    """The place does not answer any more, or the table is gone: nothing more can be asked."""

    ends_the_scan = True  # no other rule can be measured either


class Place(Protocol):
    """An open connection. ``fetch`` and ``stream`` raise QueryRefusedError or PlaceGoneError and run in a thread."""

    label: str
    refusals: tuple[type[Exception], ...]

    def table(self, schema: str, name: str) -> ir.Table:
        """The table; raises GovernError when there is none that may be read."""

    def keys(self, schema: str, name: str) -> tuple[str, ...]:
        """The columns of its primary key, as far as the place knows one."""

    def compile(self, expression: Any) -> str:
        """The expression in the place's own language; raises QueryRefusedError for what it cannot do."""

    def fetch(self, expression: Any) -> list[dict[str, Any]]:
        """All rows of an expression whose size is bounded, as plain Python values."""

    def stream(self, expression: Any, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows of an expression in pieces of about ``rows``, without holding them all."""

    def cancel(self) -> None:
        """Stop what runs now; called from another thread, and again until it has stopped."""

    def share_done(self) -> float:
        """How much of what runs is done (0 to 1), as far as the place tells."""


class PlaceRunner:
    """Asks a place one expression after the other, and stops it when time is up or progress raises."""

    def __init__(self, place: Place, seconds: float) -> None:
        self.place, self.seconds = place, seconds
        self.deadline = monotonic() + seconds

    def rows(self, expression: Any, progress: Progress = silent, message: str = "") -> list[dict[str, Any]]:
        """The rows of an Ibis expression as dicts. Keep it small: aggregates and bounded samples."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            return self._wait(pool.submit(self.place.fetch, expression), progress, message)

    def batches(self, expression: Any, progress: Progress = silent, message: str = "") -> Iterator[pa.RecordBatch]:
        """The rows of an Ibis expression as Arrow batches, without holding them all."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            pieces = self.place.stream(expression, BATCH_ROWS)
            while (piece := self._wait(pool.submit(_next, pieces), progress, message)) is not None:
                yield piece

    def _wait(self, answer: "Future[T]", progress: Progress, message: str) -> T:
        # One thread runs the query while this one, which owns the job's database connection, reports and listens.
        try:
            while True:
                self.require_time()
                progress(self.place.share_done(), message)
                try:
                    return answer.result(timeout=POLL_SECONDS)
                except StillRunning:
                    continue
        except BaseException:
            while not answer.done():
                self.place.cancel()
                _settle(answer)
            raise

    def require_time(self) -> None:
        if monotonic() > self.deadline:
            raise GovernError(
                _("The scan took longer than %(seconds)d seconds and was stopped.") % {"seconds": self.seconds},
                hint=_("Check fewer rules at once, or raise GOVERN_SCAN_TIMEOUT_SECONDS."),
            )


def _next(pieces: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    return next(pieces, None)


def _settle(answer: "Future[Any]") -> None:
    """Give a cancelled query a moment to end, whatever it ends with."""
    try:
        answer.exception(timeout=POLL_SECONDS)
    except StillRunning:
        return


def gone(label: str) -> PlaceGoneError:
    return PlaceGoneError(
        _("The connection “%(name)s” was lost while the table was read.") % {"name": label},
        hint=_("Try again. If it happens again, the operator should look at the database's own log."),
    )


def no_table(label: str, schema: str, name: str) -> GovernError:
    return PlaceGoneError(
        _("There is no table “%(table)s” that may be read through the connection “%(name)s”.")
        % {"table": f"{schema}.{name}", "name": label},
        where=f"{label}:{schema}.{name}",
        hint=_("Check the spelling, capital letters included, and whether the database's user may read it."),
    )
