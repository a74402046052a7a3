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

BATCH_ROWS, BATCH_BYTES, PROBE_ROWS = 65_536, 32 * 2**20, 256


def open_parquet(path: Path, options: dict[str, Any], limits: Limits, progress: Progress) -> Table:
    """Limits are on rows and on unpacked bytes: 200 million equal rows fit in a file of a few megabytes."""
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            rows, source = file.metadata.num_rows, file.schema_arrow
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
        (types.is_decimal, kind),
    ):
        if belongs(kind):
            return wide
    if types.is_timestamp(kind):
        return pa.timestamp("us", "UTC") if kind.tz else pa.timestamp("us")
    return pa.string()


def _type_notes(field: pa.Field) -> list[str]:
    if pa.types.is_nested(field.type):
        return [_("Column “%(column)s” holds lists or objects; they are kept as JSON text.") % {"column": field.name}]
    if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
        return [_("Times of column “%(column)s” are kept to the microsecond.") % {"column": field.name}]
    return []


def _batches(path: Path, schema: pa.Schema, rows: int, limits: Limits, progress: Progress) -> Iterator[pa.RecordBatch]:
    done = size = 0
    try:
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=2**20) as file:
            for batch in file.iter_batches(batch_size=_batch_rows(file), use_threads=False):
                size += batch.nbytes
                limits.check_bytes(size)
                arrays = [_cast(values, field) for values, field in zip(batch.columns, schema, strict=True)]
                done += batch.num_rows
                progress(done / rows)
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    except (pa.ArrowException, OSError) as error:
        raise GovernError(
            _("The Parquet file is damaged: %(error)s") % {"error": str(error)[:200]},
            where=_("after row %(row)s") % {"row": f"{done:,}"},
            hint=_("Write or copy it again."),
        ) from error


def _batch_rows(file: pq.ParquetFile) -> int:
    """So many rows that a batch stays small even when a few stored bytes stand for long texts."""
    probe = next(file.iter_batches(batch_size=PROBE_ROWS), None)
    if probe is None or not probe.num_rows:
        return BATCH_ROWS
    return int(min(BATCH_ROWS, max(1, BATCH_BYTES // max(probe.nbytes // probe.num_rows, 1))))


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
