"""Row numbers of a Parquet file."""

from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from assessments.quality.dialect import SAMPLE_ROWS, Dialect

__all__ = ["SAMPLE_ROWS", "fetchable", "row_numbered"]

fetchable = Dialect().fetchable


def row_numbered(backend: Backend, file: Path) -> tuple[ir.Table, str]:
    """The table of a Parquet file with a column of row numbers from 0, and that column's name.

    DuckDB numbers the rows of the file itself, so that a later look-up of some of them skips the other row groups.
    """
    table = backend.read_parquet(file)
    if "file_row_number" not in {name.lower() for name in table.columns}:
        return backend.read_parquet(file, file_row_number=True), "file_row_number"
    name = ibis.util.gen_name("row")
    return table.mutate(**{name: ibis.row_number()}), name
