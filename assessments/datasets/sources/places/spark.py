"""Spark: one session in this process, each scan a group of jobs of its own that can be cancelled."""

import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _
from ibis.common.exceptions import IbisError

from assessments.common.errors import GovernError
from assessments.common.named import Named
from assessments.datasets.sources.places.base import Place, PlaceGoneError, QueryRefusedError, gone, no_table
from assessments.datasets.sources.places.values import arrow_batch, plain_row

FOLDER = re.compile(r"[\w-]+")
_starting = Lock()


class SparkPlace:
    """A session on a cluster, or on this machine; see ``Place``."""

    refusals: tuple[type[Exception], ...] = (QueryRefusedError, IbisError)

    def __init__(self, label: str, session: Any, files: Path | None) -> None:
        import ibis

        self.label, self.session, self.files = label, session, files
        self.group = f"govern-{uuid4().hex}"
        self.backend = ibis.pyspark.from_connection(session)

    def table(self, schema: str, name: str) -> ir.Table:
        with self._asked():
            if self.session.catalog.tableExists(f"`{_tick(schema)}`.`{_tick(name)}`"):
                return self.backend.table(name, database=schema)
            folder = self._folder(schema, name)
            if folder is None:
                raise no_table(self.label, schema, name)
            view = f"files_{uuid4().hex}"
            self.session.read.parquet(str(folder)).createOrReplaceTempView(view)
            return self.backend.table(view)

    def keys(self, schema: str, name: str) -> tuple[str, ...]:
        """Spark keeps no keys."""
        return ()

    def compile(self, expression: Any) -> str:
        return str(self.backend.compile(expression))

    def fetch(self, expression: Any) -> list[dict[str, Any]]:
        schema = expression.as_table().schema()
        sql = self.compile(expression)
        with self._asked():
            # By way of Arrow: rows would come with their times in the time zone of this process.
            found = self.session.sql(sql).toArrow().to_pylist()
        return [plain_row([_unzoned(value) for value in row.values()], schema) for row in found]

    def stream(self, expression: Any, rows: int) -> Iterator[pa.RecordBatch]:
        schema = expression.as_table().schema()
        sql = self.compile(expression)
        with self._asked():
            # One partition at a time comes here, so memory holds the largest of them.
            frame = self.session.sql(sql)
            zoned = [field.dataType.typeName() == "timestamp" for field in frame.schema]
            found = frame.toLocalIterator()
            while piece := list(islice(found, rows)):
                yield arrow_batch([_in_utc(row, zoned) for row in piece], schema)

    def cancel(self) -> None:
        self.session.sparkContext.cancelJobGroup(self.group)

    def share_done(self) -> float:
        """The share of the tasks of the running job that have ended."""
        tracker = self.session.sparkContext.statusTracker()
        done = total = 0
        for job in tracker.getJobIdsForGroup(self.group)[-1:]:
            for stage in getattr(tracker.getJobInfo(job), "stageIds", ()):
                if (info := tracker.getStageInfo(stage)) is not None:
                    done, total = done + info.numCompletedTasks, total + info.numTasks
        return done / total if total else 0.0

    def _folder(self, schema: str, name: str) -> Path | None:
        """The folder of Parquet files that stands for a table where there is no catalogue of tables."""
        if self.files is None or not FOLDER.fullmatch(schema) or not FOLDER.fullmatch(name):
            return None
        folder = self.files / schema / name
        return folder if folder.is_dir() else None

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """A query in this scan's group of jobs; the group belongs to the thread that asks."""
        from py4j.protocol import Py4JError, Py4JNetworkError
        from pyspark.errors import PySparkException

        try:
            self.session.sparkContext.setJobGroup(self.group, "Govern", interruptOnCancel=True)
            yield
        except (ConnectionError, Py4JNetworkError):
            raise gone(self.label) from None
        except (PySparkException, Py4JError) as error:
            words = str(error)
            if any(mark in words for mark in ("FILE_NOT_EXIST", "TABLE_OR_VIEW_NOT_FOUND", "FileNotFound")):
                raise PlaceGoneError(
                    _("The table cannot be read through the connection “%(name)s”.") % {"name": self.label},
                    hint=_("It is gone, or was written anew meanwhile. Try again, or check its name."),
                ) from None
            raise QueryRefusedError(_first_words(words)) from None


@contextmanager
def spark_open(named: Named, seconds: float) -> Iterator[Place]:
    """A session on the cluster of the address.

    ``spark://local[2]?files=/folder`` runs on this machine; ``files`` is a folder of folders, schema and table, of
    Parquet files; parameters that begin with ``spark.`` are Spark's own settings.
    """
    host, _question, query = named.address.removeprefix("spark://").partition("?")
    options = {name: values[-1] for name, values in parse_qs(query).items()}
    files = options.pop("files", "")
    try:
        with _starting:
            session = _session(host, options)
    except ImportError:
        raise GovernError(
            _("Spark is not installed here."),
            hint=_("The operator can add it with: pip install 'govern[spark]'; it needs Java 17."),
        ) from None
    except Exception:
        # A cluster that is not there comes as many kinds of errors, and their words quote its address.
        raise GovernError(
            _("The cluster of the connection “%(name)s” does not answer.") % {"name": named.name},
            hint=_("Try again later. The operator should check the address, and that Java 17 is there."),
        ) from None
    place = SparkPlace(named.name, session, Path(files) if files else None)
    try:
        yield place
    finally:
        for view in session.catalog.listTables():
            if view.isTemporary and view.name.startswith("files_"):
                session.catalog.dropTempView(view.name)


def _session(host: str, options: dict[str, str]) -> Any:
    from pyspark.sql import SparkSession

    # Without it the workers of a local session run whatever Python comes first on the path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(host if host.startswith("local") else f"spark://{host}").appName("govern")
    fixed = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    fixed |= {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
    if host.startswith("local"):
        fixed |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        fixed |= {"spark.sql.shuffle.partitions": "8"}  # instead of 200, which cost more than the work here
    if warehouse := options.pop("warehouse", ""):
        fixed["spark.sql.warehouse.dir"] = warehouse
    for key, value in (fixed | {key: value for key, value in options.items() if key.startswith("spark.")}).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    # What Spark logs of a query that fails quotes the query and the cell.
    session.sparkContext.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").disabled = True
    logging.getLogger("py4j").setLevel(logging.ERROR)
    return session


def _tick(identifier: str) -> str:
    return identifier.replace("`", "``")


def _unzoned(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _in_utc(row: Any, zoned: list[bool]) -> list[Any]:
    """The row with its moments in UTC without zone; they come in the time zone of this process, without saying so."""
    return [
        _unzoned(value.astimezone(UTC)) if moment and value is not None else value
        for value, moment in zip(row, zoned, strict=True)
    ]


def _first_words(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    return lines[0] if lines else ""
