"""Parquet files: their types are given, only brought to one width each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress
from assessments.datasets.reading.table import Limits, Table, column_names, no_rows

BATCH_ROWS, BATCH_BYTES = 65_536, 32 * 2**20
# A file of a few hundred bytes can hold one cell of gigabytes: repetition packs to nothing.
CELL_BYTES, CELL_VALUES, GROUP_VALUES = 2**24, 2**22, 2**28


def open_parquet(path: Path, options: dict[str, Any], limits: Limits, progress: Progress) -> Table:
    """Limits are on rows and on unpacked bytes: 200 million equal rows fit in a file of a few megabytes."""
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            rows, source = file.metadata.num_rows, file.schema_arrow
            _refuse_huge_cells(file.metadata)
    except (pa.ArrowException, OSError) as error:
        raise GovernError(
            _("The file is not a Parquet file that can be read: %(error)s") % {"error": str(error)[:200]},
            hint=_("It may be cut off: write or copy it again."),
        ) from error
    names, notes = column_names(source.names, limits)
    limits.check_rows(rows)
    if not rows:
        raise no_rows()
    schema = pa.schema([(name, canonical(field.type)) for name, field in zip(names, source, strict=True)])
    for field in source:
        notes += _type_notes(field)
    return Table(schema, lambda tell: _batches(path, schema, rows, limits, tell), notes)


def _refuse_huge_cells(metadata: Any) -> None:
    """Refuse what the file itself says is too large to unpack, before any of it is unpacked."""
    for group in (metadata.row_group(number) for number in range(metadata.num_row_groups)):
        rows = max(group.num_rows, 1)
        for column in (group.column(number) for number in range(group.num_columns)):
            values = column.num_values
            if column.total_uncompressed_size > CELL_BYTES * rows or values > min(CELL_VALUES * rows, GROUP_VALUES):
                raise _huge_cell(column.path_in_schema)


def _huge_cell(column: str) -> GovernError:
    return GovernError(
        _("A cell is larger than %(limit)s bytes once unpacked.") % {"limit": f"{CELL_BYTES:,}"},
        where=_("column “%(column)s”") % {"column": column},
        hint=_("Leave this column out, or write shorter values or smaller row groups."),
    )


def canonical(kind: pa.DataType) -> pa.DataType:
    """The one type that stands for all types of the same values: widths and encodings do not matter."""
    types = pa.types
    if types.is_dictionary(kind):
        return canonical(kind.value_type)
    if types.is_uint64(kind):
        return pa.decimal128(20, 0)
    for belongs, wide in (
        (types.is_integer, pa.int64()),
        (types.is_floating, pa.float64()),
        (types.is_boolean, pa.bool_()),
        (types.is_date, pa.date32()),
        # More than 38 digits no database holds exactly: DuckDB would read them as floating numbers. They stay text.
        (lambda one: types.is_decimal(one) and not types.is_decimal256(one), kind),
    ):
        if belongs(kind):
            return wide
    if types.is_timestamp(kind):
        return pa.timestamp("us", "UTC") if kind.tz else pa.timestamp("us")
    return pa.string()


def _type_notes(field: pa.Field) -> list[str]:
    if pa.types.is_nested(field.type):
        return [_("Column “%(column)s” holds lists or objects; they are kept as JSON text.") % {"column": field.name}]
    if pa.types.is_decimal256(field.type):
        return [
            _("Numbers of column “%(column)s” may have more than 38 digits; they are kept as text.")
            % {"column": field.name}
        ]
    if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
        return [_("Times of column “%(column)s” are kept to the microsecond.") % {"column": field.name}]
    return []


def _batches(path: Path, schema: pa.Schema, rows: int, limits: Limits, progress: Progress) -> Iterator[pa.RecordBatch]:
    done = size = 0
    try:
        with _opened(path) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
                for piece in _pieces(batch):
                    if piece.num_rows == 1:
                        _refuse_huge_row(piece)
                    arrays = [_cast(values, field) for values, field in zip(piece.columns, schema, strict=True)]
                    typed = pa.RecordBatch.from_arrays(arrays, schema=schema)
                    size += typed.nbytes
                    limits.check_bytes(size)
                    done += piece.num_rows
                    progress(done / rows)
                    yield typed
    except (pa.ArrowException, OSError) as error:
        raise GovernError(
            _("The Parquet file is damaged: %(error)s") % {"error": str(error)[:200]},
            where=_("after row %(row)s") % {"row": f"{done:,}"},
            hint=_("Write or copy it again."),
        ) from error


def _opened(path: Path) -> pq.ParquetFile:
    """The file with its texts left as dictionaries, so that a long text that stands in every row is held once."""
    with pq.ParquetFile(path, pre_buffer=False) as file:
        texts = [
            field.name
            for field in file.schema_arrow
            if pa.types.is_string(field.type) or pa.types.is_binary(field.type)
        ]
    return pq.ParquetFile(path, pre_buffer=False, buffer_size=2**20, read_dictionary=texts)


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch cut into parts that stay small when their texts are written out."""
    if batch.num_rows <= 1 or sum(_unpacked(values) for values in batch.columns) <= BATCH_BYTES:
        yield batch
        return
    middle = batch.num_rows // 2
    yield from _pieces(batch.slice(0, middle))
    yield from _pieces(batch.slice(middle))


def _refuse_huge_row(row: pa.RecordBatch) -> None:
    for name, values in zip(row.schema.names, row.columns, strict=True):
        if _unpacked(values) > CELL_BYTES:
            raise _huge_cell(name)


def _unpacked(values: pa.Array) -> int:
    """The bytes of the values when each is written out."""
    if not pa.types.is_dictionary(values.type) or not len(values.dictionary):
        return int(values.nbytes)
    try:
        lengths = pc.binary_length(values.dictionary)
    except pa.ArrowNotImplementedError:
        return 8 * len(values)
    return int(pc.sum(lengths.take(values.indices)).as_py() or 0)


def _cast(values: pa.Array, field: pa.Field) -> pa.Array:
    if pa.types.is_nested(values.type):
        texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in values.to_pylist()]
        return pa.array(texts, pa.string())
    try:
        # Only nanoseconds are cut, and a note says so; every other cast must lose nothing.
        return pc.cast(values, field.type, safe=not pa.types.is_timestamp(values.type))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise GovernError(
            _("Values of type %(type)s cannot be kept.") % {"type": values.type},
            where=_("column “%(column)s”") % {"column": field.name},
            hint=_("Write this column as text or numbers, or leave it out."),
        ) from error
