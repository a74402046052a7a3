"""Files to typed record batches, read piece by piece: delimited text, JSON lines, Parquet, Excel."""

from assessments.datasets.reading.formats import open_table
from assessments.datasets.reading.table import Limits, Table

__all__ = ["Limits", "Table", "open_table"]
