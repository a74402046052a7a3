"""Row numbers, and the aggregates that keep the first failing ones."""

from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

SAMPLE_ROWS = 10


# DuckDB's own aggregates of two and three arguments: bounded lists, so that a scan keeps ten numbers for each rule
# and not one for each failing row.
@ibis.udf.agg.builtin(name="min", signature=(("int64", "int64"), "array<int64>"))
def _min_n(value, n): ...  # type: ignore[no-untyped-def]  # ibis reads the types from the signature


@ibis.udf.agg.builtin(name="arg_min", signature=(("int64", "int64", "int64"), "array<int64>"))
def _arg_min_n(value, by, n): ...  # type: ignore[no-untyped-def]  # the same


def least(value: ir.Value, where: ir.BooleanValue) -> ir.Scalar:
    """The ten least values, as a list; null when there is none."""
    return _min_n(value, SAMPLE_ROWS, where=where)


def value_at_least(value: ir.Value, by: ir.Value, where: ir.BooleanValue) -> ir.Scalar:
    """The values where ``by`` is least, ten of them, in the order of ``by``."""
    return _arg_min_n(value, by, SAMPLE_ROWS, where=where)


def row_numbered(backend: Backend, file: Path) -> tuple[ir.Table, str]:
    """The table of a Parquet file with a column of row numbers from 0, and that column's name.

    DuckDB numbers the rows of the file itself, so that a later look-up of some of them skips the other row groups.
    """
    table = backend.read_parquet(file)
    if "file_row_number" not in {name.lower() for name in table.columns}:
        return backend.read_parquet(file, file_row_number=True), "file_row_number"
    name = ibis.util.gen_name("row")
    return table.mutate(**{name: ibis.row_number()}), name


def fetchable(column: ir.Column) -> ir.Column:
    """The column in a type that Python reads without help: times in UTC without zone, rare types as texts."""
    kind = column.type()
    if kind.is_timestamp() and kind.timezone:
        return column.cast("timestamp")
    plain = ("is_numeric", "is_string", "is_boolean", "is_timestamp", "is_date", "is_time", "is_binary")
    return column if any(getattr(kind, family)() for family in plain) else column.cast("string")
