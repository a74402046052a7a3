"""PostgreSQL: one read-only transaction, in which every query sees the table as it was at the beginning."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import ibis.expr.types as ir
import psycopg
import pyarrow as pa
from django.utils.translation import gettext as _
from ibis.common.exceptions import IbisError, TableNotFound
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

from assessments.common.errors import GovernError
from assessments.common.masking import mask_all
from assessments.common.named import Named
from assessments.datasets.sources.places.base import Place, PlaceGoneError, QueryRefusedError, gone, no_table
from assessments.datasets.sources.places.values import arrow_batch, plain_row

CONNECT_SECONDS, SERVER_SECONDS = 10, 5
PRIMARY_KEY = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indisprimary AND i.indrelid = (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                       WHERE n.nspname = %s AND c.relname = %s)
ORDER BY array_position(i.indkey::int[], a.attnum::int)
"""


class PostgresPlace:
    """A connection to PostgreSQL; see ``Place``."""

    refusals: tuple[type[Exception], ...] = (QueryRefusedError, IbisError)

    def __init__(self, label: str, connection: "psycopg.Connection[Any]") -> None:
        import ibis

        self.label, self.connection = label, connection
        for loader in (_Date, _Timestamp, _Timestamptz):
            connection.adapters.register_loader(loader.kind, loader)
        self.backend = ibis.postgres.from_connection(connection)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # Begins the transaction: from here on each query is a savepoint in it and sees the same rows.
        connection.execute("SELECT 1")

    def table(self, schema: str, name: str) -> ir.Table:
        try:
            with self._asked():
                return self.backend.table(name, database=schema)
        except (TableNotFound, QueryRefusedError):
            raise no_table(self.label, schema, name) from None

    def keys(self, schema: str, name: str) -> tuple[str, ...]:
        with self._asked():
            return tuple(row[0] for row in self.connection.execute(PRIMARY_KEY, (schema, name)).fetchall())

    def compile(self, expression: Any) -> str:
        return str(self.backend.compile(expression))

    def fetch(self, expression: Any) -> list[dict[str, Any]]:
        schema = expression.as_table().schema()
        sql = self.compile(expression).encode()
        with self._asked(), self.connection.cursor() as cursor:
            return [plain_row(row, schema) for row in cursor.execute(sql).fetchall()]

    def stream(self, expression: Any, rows: int) -> Iterator[pa.RecordBatch]:
        schema = expression.as_table().schema()
        sql = self.compile(expression).encode()
        with self._asked(), self.connection.cursor(name="govern") as cursor:
            cursor.execute(sql)
            while piece := cursor.fetchmany(rows):
                yield arrow_batch(piece, schema)

    def cancel(self) -> None:
        with suppress(psycopg.Error):
            self.connection.cancel_safe(timeout=CONNECT_SECONDS)

    def share_done(self) -> float:
        """PostgreSQL does not tell."""
        return 0.0

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """A query of its own inside the one transaction: one that is refused takes nothing else with it."""
        try:
            with self.connection.transaction():
                yield
        except psycopg.Error as error:
            if self.connection.broken or self.connection.closed:
                raise gone(self.label) from None
            if error.sqlstate in {"42P01", "42501"}:  # the table was dropped, or may not be read any more
                raise PlaceGoneError(
                    _("The table cannot be read through the connection “%(name)s”.") % {"name": self.label},
                    hint=_("It is gone, or the database's user may not read it. Have its rights checked."),
                ) from None
            raise QueryRefusedError(_without_cells(error)) from None


@contextmanager
def postgres_open(named: Named, seconds: float) -> Iterator[Place]:
    """Connect, read only and limited in time by the server too; raises GovernError that quotes nothing secret."""
    # The scan's own limit comes first, with words of its own; the server's holds when this process is gone.
    timeout = int((seconds + SERVER_SECONDS) * 1000)
    try:
        connection = psycopg.connect(
            named.address,
            connect_timeout=CONNECT_SECONDS,
            application_name="govern",
            options=f"-c default_transaction_read_only=on -c statement_timeout={timeout} -c timezone=UTC",
        )
    except psycopg.Error as error:
        # What the client says may quote the address, so none of it is passed on.
        raise _refused(named.name, str(error)) from None
    try:
        yield PostgresPlace(named.name, connection)
    finally:
        connection.close()


def _without_cells(error: psycopg.Error) -> str:
    """The server's words. On data that it cannot read (class 22) it quotes the cell as it quotes names elsewhere."""
    words = str(error.diag.message_primary or error).splitlines()[0]
    if (error.sqlstate or "22").startswith("22"):
        words = re.sub(r'"([^"]*)"?', lambda match: f"“{mask_all(match[1])}”", words)
    return words


def _refused(label: str, words: str) -> GovernError:
    for marks, message, hint in (
        (
            ("authentication failed", "no password supplied", "role", "no pg_hba.conf entry"),
            _("The database of the connection “%(name)s” refused its user name or password."),
            _("The operator should check both in GOVERN_CONNECTIONS."),
        ),
        (
            ("does not exist",),
            _("The database that the connection “%(name)s” names does not exist."),
            _("The operator should check it in GOVERN_CONNECTIONS."),
        ),
    ):
        if any(mark in words for mark in marks):
            return GovernError(message % {"name": label}, hint=hint)
    return GovernError(
        _("The database of the connection “%(name)s” does not answer.") % {"name": label},
        hint=_("Try again later. If it goes on, the operator should check host and port in GOVERN_CONNECTIONS."),
    )


class _Tolerant:
    """Times that Python cannot hold, infinity and years beyond 9999, come as texts instead of ending the query."""

    def load(self, data: Any) -> Any:
        try:
            return super().load(data)  # type: ignore[misc]
        except psycopg.DataError:
            return bytes(data).decode()


class _Date(_Tolerant, DateLoader):
    kind = "date"


class _Timestamp(_Tolerant, TimestampLoader):
    kind = "timestamp"


class _Timestamptz(_Tolerant, TimestamptzLoader):
    kind = "timestamptz"
