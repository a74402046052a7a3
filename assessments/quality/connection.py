"""A DuckDB that can read the files it was given and nothing else, and that can be stopped."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from time import monotonic
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from django.utils.translation import gettext as _
from ibis.backends.duckdb import Backend

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, silent
from assessments.quality.specs import Limits

POLL_SECONDS = 0.2
BATCH_ROWS = 65_536


@contextmanager
def fenced(files: Iterable[Path], limits: Limits) -> Iterator[Backend]:
    """An Ibis backend on an in-memory DuckDB that may read ``files`` only.

    No network, no other file, no extension, no Python variable can be reached from it, whatever a rule says, and the
    configuration is locked.
    """
    with TemporaryDirectory(prefix="scan-", dir=limits.temporary) as spill:
        config: dict[str, Any] = {
            "memory_limit": limits.memory,
            "threads": limits.threads,
            "temp_directory": spill if limits.temporary else "",
            "max_temp_directory_size": limits.temporary_bytes,
            # Parquet's least and greatest values leave NaN out. DuckDB 2.0 believes them and takes "x <= 2" to hold for
            # all rows, or prunes row groups for isnan(x): counts would be wrong in silence. Passes therefore say what
            # they count in FILTER and never in WHERE, and this optimizer stays off.
            "disabled_optimizers": "statistics_propagation",
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "allow_community_extensions": False,
        }
        connection = duckdb.connect(config=config)
        try:
            backend: Backend = ibis.duckdb.from_connection(connection)
            connection.execute("SET allowed_paths = ?", [[str(path) for path in files]])
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield backend
        finally:
            connection.close()


class Runner:
    """Runs queries one by one, telling how far they are, and interrupts them when time is up or progress raises."""

    def __init__(self, backend: Backend, limits: Limits) -> None:
        self.backend, self.limits = backend, limits
        self.deadline = monotonic() + limits.timeout_seconds

    def rows(self, expression: Any, progress: Progress = silent, message: str = "") -> list[dict[str, Any]]:
        """The rows of an Ibis expression as dicts. Keep it small: aggregates and bounded samples."""
        sql = self.backend.compile(expression)
        connection = self.backend.con
        self.require_time()
        progress(0.0, message)
        # One thread runs the query while this one, which owns the job's database connection, reports and listens.
        with ThreadPoolExecutor(max_workers=1) as pool:
            answer = pool.submit(_fetch, connection, sql)
            try:
                while True:
                    try:
                        return answer.result(timeout=POLL_SECONDS)
                    except StillRunning:
                        self.require_time()
                        progress(max(connection.query_progress(), 0.0) / 100, message)
            except BaseException:
                while not answer.done():
                    connection.interrupt()
                    _wait(answer)
                raise

    def batches(self, expression: Any, progress: Progress = silent, message: str = "") -> Iterator[pa.RecordBatch]:
        """The rows of an Ibis expression as Arrow batches, without holding them all."""
        progress(0.0, message)
        with interrupted_at(self.backend.con, self.deadline):
            reader = self.backend.con.execute(self.backend.compile(expression)).to_arrow_reader(BATCH_ROWS)
            for batch in reader:
                self.require_time()
                progress(max(self.backend.con.query_progress(), 0.0) / 100, message)
                yield batch

    def require_time(self) -> None:
        if monotonic() > self.deadline:
            raise GovernError(
                _("The scan took longer than %(seconds)d seconds and was stopped.")
                % {"seconds": self.limits.timeout_seconds},
                hint=_("Check fewer rules at once, or raise GOVERN_SCAN_TIMEOUT_SECONDS."),
            )


@contextmanager
def interrupted_at(connection: duckdb.DuckDBPyConnection, deadline: float) -> Iterator[None]:
    """Interrupt whatever the connection runs once ``deadline`` (monotonic seconds) has passed."""
    timer = Timer(max(deadline - monotonic(), 0.0), connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _wait(answer: Any) -> None:
    """Give an interrupted query a moment to end, whatever it ends with."""
    try:
        answer.exception(timeout=POLL_SECONDS)
    except StillRunning:
        return
