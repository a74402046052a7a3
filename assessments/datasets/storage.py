"""Snapshots on disk: written once beside their place, then moved into it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from assessments.common.leftovers import held_folder
from assessments.common.progress import Progress
from assessments.datasets.digest import ContentDigest
from assessments.datasets.models import Dataset
from assessments.datasets.reading import Limits, Table

GROUP_ROWS, GROUP_BYTES = 131_072, 64 * 2**20


@dataclass
class StagedTable:
    """A table written to a file that has no place yet. ``sample`` is its first rows.

    Without ``path`` it is a look at a table that stays where it is.
    """

    path: Path | None
    schema: pa.Schema
    digest: str
    rows: int
    nulls: list[int]
    notes: list[str]
    size: int
    sample: pa.Table = field(repr=False)


def staging() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "staging"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def temporary_file() -> Iterator[Path]:
    """A path for a file that is gone afterwards unless it was moved."""
    with held_folder(staging()) as folder:
        yield folder / "table"


def write_table(table: Table, path: Path, limits: Limits, progress: Progress) -> StagedTable:
    """Write the rows as Parquet in groups of fixed size, digest them on the way and count what is missing."""
    digest, nulls, rows, sample = ContentDigest(table.schema), [0] * len(table.schema), 0, None
    with pq.ParquetWriter(path, table.schema, compression="zstd", write_statistics=True) as writer:
        for group in _groups(table.batches(progress), table.schema):
            for batch in group.to_batches():
                digest.update(batch)
            nulls = [count + column.null_count for count, column in zip(nulls, group.columns, strict=True)]
            rows += group.num_rows
            limits.check_rows(rows)
            sample = group.slice(0, 20_000) if sample is None else sample
            writer.write_table(group, row_group_size=GROUP_ROWS)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    sample = table.schema.empty_table() if sample is None else sample
    return StagedTable(
        path, table.schema, digest.hexdigest(), rows, nulls, list(table.notes), path.stat().st_size, sample
    )


def _groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Tables of GROUP_ROWS rows, or fewer where rows are long; the last one holds the rest."""
    held: list[pa.RecordBatch] = []
    count = size = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            piece = batch.slice(start, GROUP_ROWS - count)
            held.append(piece)
            start += piece.num_rows
            count += piece.num_rows
            size += piece.nbytes
            if count == GROUP_ROWS or size >= GROUP_BYTES:
                yield pa.Table.from_batches(held, schema)
                held, count, size = [], 0, 0
    if held:
        yield pa.Table.from_batches(held, schema)


def place(staged: StagedTable, dataset: Dataset) -> str:
    """Move the staged file to where snapshots of this dataset live; return its key below MEDIA_ROOT.

    The place is made of numbers and the digest alone. A file that is already there holds the same content. A table
    that stays where it is has no key.
    """
    if staged.path is None:
        return ""
    key = f"snapshots/{dataset.organisation_id}/{dataset.pk}/{staged.digest}.parquet"
    target = Path(settings.MEDIA_ROOT) / key
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.path.replace(target)
    return key


def type_name(type_: pa.DataType) -> str:
    """The word for a type that people, rule packs and the API use."""
    words = {
        pa.int64(): "integer",
        pa.float64(): "number",
        pa.bool_(): "boolean",
        pa.string(): "text",
        pa.date32(): "date",
        pa.timestamp("us"): "timestamp",
        pa.timestamp("us", "UTC"): "timestamp with zone",
    }
    return words.get(type_) or f"decimal({type_.precision},{type_.scale})"
