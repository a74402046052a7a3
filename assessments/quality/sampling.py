"""Row numbers of a Parquet file."""

from pathlib import Path

import ibis
import ibis.expr.types as ir

from assessments.quality.connection import ParquetFiles
from assessments.quality.dialect import SAMPLE_ROWS, Dialect

__all__ = ["SAMPLE_ROWS", "fetchable", "row_numbered"]

fetchable = Dialect().fetchable


def row_numbered(files: ParquetFiles, file: Path) -> tuple[ir.Table, str]:
    """The table of a Parquet file with a column of row numbers from 0, and that column's name.

    DuckDB numbers the rows of the file itself, so that a later look-up of some of them skips the other row groups.
    """
    if not files.has_column(file, "file_row_number"):
        return files.table(file, numbered=True), "file_row_number"
    name = ibis.util.gen_name("row")
    return files.table(file).mutate(**{name: ibis.row_number()}), name
