"""A DuckDB that can read the files it was given and nothing else, and what only DuckDB can say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from assessments.common.leftovers import held_folder
from assessments.quality.dialect import SAMPLE_ROWS, Dialect
from assessments.quality.running import Runner
from assessments.quality.specs import Limits

__all__ = ["DuckDBDialect", "DuckDBDriver", "ParquetFiles", "Runner", "fenced"]


@contextmanager
def fenced(files: Iterable[Path], limits: Limits) -> Iterator[Backend]:
    """An Ibis backend on an in-memory DuckDB that may read ``files`` only.

    No network, no other file, no extension, no Python variable can be reached from it, whatever a rule says, and the
    configuration is locked.
    """
    with held_folder(limits.temporary) as spill:
        config: dict[str, Any] = {
            "memory_limit": limits.memory,
            "threads": limits.threads,
            "temp_directory": str(spill) if limits.temporary else "",
            "max_temp_directory_size": limits.temporary_bytes,
            # Parquet's least and greatest values leave NaN out. DuckDB 2.0 believes them and takes "x <= 2" to hold for
            # all rows, or prunes row groups for isnan(x): counts would be wrong in silence. Passes therefore say what
            # they count in FILTER and never in WHERE, and this optimizer stays off.
            "disabled_optimizers": "statistics_propagation",
            # What a query is done with goes back to the system, else its peak lies under that of the next. Below 32 MiB
            # the system is asked so often that a scan takes a sixth longer.
            "allocator_flush_threshold": "32MiB",
            "allocator_bulk_deallocation_flush_threshold": "32MiB",
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
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


@contextmanager
def kept_table(backend: Backend, small: pa.Table) -> Iterator[ir.Table]:
    """A copy of ``small`` in the database for as long as the context."""
    name = ibis.util.gen_name("kept")
    backend.con.register("given", small)
    try:
        backend.con.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM given')  # noqa: S608  our own name
    finally:
        backend.con.unregister("given")
    try:
        yield backend.table(name)
    finally:
        backend.con.execute(f'DROP TABLE "{name}"')


class ParquetFiles:
    """Parquet files as tables of a backend; queries read them by name or, which is quicker, by a call.

    Ibis makes a view of each file, and for every query DuckDB looks at all columns of a view, also where two are read:
    0.4 s for 10,000 columns, and a table so wide is read hundreds of times, some columns at a time.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._calls: dict[str, str] = {}

    def table(self, file: Path, *, numbered: bool = False) -> ir.Table:
        """The rows of the file; ``numbered`` adds their numbers from 0 as the column file_row_number."""
        options = {"file_row_number": True} if numbered else {}
        table = self._backend.read_parquet(file, **options)
        more = ", file_row_number = true" if numbered else ""
        quoted = str(file).replace("'", "''")
        self._calls[f'"{table.get_name()}"'] = f"read_parquet(['{quoted}']{more})"
        return table

    def has_column(self, file: Path, name: str) -> bool:
        """Whether the file has a column of this name, whatever its letters' case."""
        asked = "SELECT count(*) FROM parquet_schema(?) WHERE lower(name) = ?"
        found = self._backend.con.execute(asked, [str(file), name]).fetchone()
        return bool(found and found[0])

    def called(self, sql: str) -> str:
        """The statement with calls in place of the views, whose names are random and stand for nothing else."""
        for name, call in self._calls.items():
            sql = sql.replace(name, call)
        return sql


class DuckDBDriver:
    """Runs on the one connection of a fenced backend."""

    refusals: tuple[type[Exception], ...] = (duckdb.Error,)

    def __init__(self, backend: Backend, files: ParquetFiles | None = None) -> None:
        self.backend, self.files = backend, files or ParquetFiles(backend)

    def compile(self, expression: Any) -> str:
        return self.files.called(self.backend.compile(expression))

    def fetch(self, expression: Any) -> list[dict[str, Any]]:
        result = self.backend.con.execute(self._select(expression))
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def stream(self, expression: Any, rows: int) -> Iterator[pa.RecordBatch]:
        return iter(self.backend.con.sql(self._select(expression)).to_arrow_reader(rows))

    def _select(self, expression: Any) -> str:
        """The expression as SQL, if that is one SELECT: DuckDB would let others write to the files that it may read."""
        sql = self.compile(expression)
        kinds = [statement.type for statement in self.backend.con.extract_statements(sql)]
        if kinds != [duckdb.StatementType.SELECT]:
            raise duckdb.PermissionException("Only a single SELECT may be run.")
        return sql

    def cancel(self) -> None:
        self.backend.con.interrupt()

    def share_done(self) -> float:
        return float(self.backend.con.query_progress()) / 100


# Types of which it was tested that equal values have equal hashes, NaN and the two zeros included.
HASHED = (
    "is_integer",
    "is_floating",
    "is_decimal",
    "is_string",
    "is_boolean",
    "is_date",
    "is_time",
    "is_timestamp",
    "is_binary",
)


class DuckDBDialect(Dialect):
    """RE2 and bounded lists are DuckDB's own."""

    bounded_lists = True

    # Neither says FILTER: for each aggregate that does, DuckDB cuts out the chosen rows of all columns that any of the
    # aggregates reads, which takes half the time of a scan for twelve rules and grows with their square.
    def count(self, table: ir.Table, where: ir.BooleanValue) -> ir.IntegerScalar:
        counted: ir.IntegerScalar = _count_if(where)
        return counted

    def least(self, value: ir.Value, where: ir.BooleanValue) -> ir.Scalar:
        return _min_n(where.ifelse(value, ibis.null(value.type())), SAMPLE_ROWS)

    def value_at_least(self, value: ir.Value, by: ir.Value, where: ir.BooleanValue) -> ir.Scalar:
        return _arg_min_n(value, by, SAMPLE_ROWS, where=where)

    def search(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        return _search(text, regex, "s")

    def full_match(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        return _full(text, regex, "s")

    def row_hash(self, columns: Sequence[ir.Column]) -> ir.IntegerColumn | None:
        kinds = [column.type() for column in columns]
        if not all(any(getattr(kind, family)() for family in HASHED) for kind in kinds):
            return None
        hashed: ir.IntegerColumn = _hash_of(len(columns))(*columns)
        return hashed

    def moment(self, microseconds: ir.IntegerValue) -> ir.TimestampValue:
        return _make_timestamp(microseconds)


@lru_cache(maxsize=64)
def _hash_of(width: int) -> Callable[..., ir.IntegerColumn]:
    """DuckDB's hash of so many columns; Ibis reads from the signature how many a function takes."""

    def of_columns(*columns: Any) -> Any: ...

    names = [Parameter(f"c{position}", Parameter.POSITIONAL_OR_KEYWORD) for position in range(width)]
    of_columns.__signature__ = Signature(names)  # type: ignore[attr-defined]
    of_columns.__annotations__ = {"return": dt.uint64}
    function: Callable[..., ir.IntegerColumn] = ibis.udf.scalar.builtin(of_columns, name="hash")
    return function


@ibis.udf.agg.builtin(name="count_if")  # type: ignore[untyped-decorator]
def _count_if(condition: bool) -> int: ...  # type: ignore[empty-body]


# DuckDB's own aggregates of two and three arguments: bounded lists, so that a scan keeps ten numbers for each rule
# and not one for each failing row.
@ibis.udf.agg.builtin(name="min", signature=(("int64", "int64"), "array<int64>"))
def _min_n(value, n): ...  # type: ignore[no-untyped-def]  # ibis reads the types from the signature


@ibis.udf.agg.builtin(name="arg_min", signature=(("int64", "int64", "int64"), "array<int64>"))
def _arg_min_n(value, by, n): ...  # type: ignore[no-untyped-def]  # the same


# "s" lets the dot match a line break, as a value of several lines is still one value.
@ibis.udf.scalar.builtin(name="regexp_matches")  # type: ignore[untyped-decorator]
def _search(value: str, regex: str, options: str) -> bool: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="regexp_full_match")  # type: ignore[untyped-decorator]
def _full(value: str, regex: str, options: str) -> bool: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="make_timestamp")  # type: ignore[untyped-decorator]
def _make_timestamp(microseconds: int) -> datetime: ...  # type: ignore[empty-body]
