"""Roles for the columns that names and values left open, by likeness; for a worker or a command."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from assessments.common.errors import GovernError
from assessments.datasets.meanings import OpenColumn, is_open, suggest_by_likeness
from assessments.datasets.models import Column, Snapshot
from assessments.datasets.selectors import snapshot_path
from assessments.datasets.suggestion import mostly_empty

SAMPLE_ROWS = 2_000
VALUES, LETTERS = 5, 40
# Meanings of so many columns are asked for; a wider table is one of features, which have no roles.
COLUMNS_ASKED = 200


def meanings_complete(*, snapshot: Snapshot) -> list[Column]:
    """Suggest roles for columns that have neither a role nor a suggestion, and return those columns.

    The encoder is loaded only when there is such a column. Without an encoder nothing is suggested.
    """
    columns = list(snapshot.columns.order_by("position"))
    taken = [role for column in columns for role in (column.role, column.suggested_role) if role]
    filled = [one for one in columns if not mostly_empty(one.nulls, snapshot.rows)]
    left = [one for one in filled if not one.role and not one.suggested_role and is_open(one.name)][:COLUMNS_ASKED]
    if not left or snapshot.in_place:
        return []
    try:
        found = suggest_by_likeness(_open_columns(snapshot, [one.name for one in left]), taken=taken)
    except GovernError:
        return []
    changed = [one for one in left if one.name in found]
    for column in changed:
        column.suggested_role = found[column.name].role
        column.suggestion_reason = found[column.name].reason[:300]
    with transaction.atomic():
        Column.objects.bulk_update(changed, ["suggested_role", "suggestion_reason"])
    return changed


def _open_columns(snapshot: Snapshot, names: Sequence[str]) -> list[OpenColumn]:
    with pq.ParquetFile(snapshot_path(snapshot)) as file:
        batch = next(file.iter_batches(batch_size=SAMPLE_ROWS, columns=list(names)), None)
        types = {field.name: field.type for field in file.schema_arrow}
    return [OpenColumn(name, types[name], _values(batch, name)) for name in names]


def _values(batch: pa.RecordBatch | None, name: str) -> list[str]:
    """A few different texts of the column."""
    if batch is None or not pa.types.is_string(batch.column(name).type):
        return []
    texts = dict.fromkeys(text for text in batch.column(name).to_pylist() if text and text.strip())
    return [text[:LETTERS] for text in list(texts)[:VALUES]]
