"""A database table read once into a file: what training, export and repairs need."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ibis.expr.types as ir
import pyarrow.parquet as pq
from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress
from assessments.datasets.sources.base import SourceSpec, source
from assessments.datasets.sources.places import PlaceRunner, QueryRefusedError, table_address, table_open
from assessments.datasets.sources.places.values import arrow_schema

PLAIN = (
    *("is_integer", "is_floating", "is_decimal", "is_boolean"),
    *("is_string", "is_date", "is_timestamp"),
)


@source("database")
@contextmanager
def fetch(spec: SourceSpec, folder: Path, operator: bool, progress: Progress) -> Iterator[Path]:
    target = folder / "table.parquet"
    address = table_address(spec.location, spec.organisation)
    seconds = float(settings.SCAN_TIMEOUT_SECONDS)
    try:
        with table_open(address, seconds=seconds) as (place, table):
            _copy(PlaceRunner(place, seconds), plain(table), target, progress)
        yield target
    except QueryRefusedError as error:
        raise GovernError(_("The database could not read the table: %(error)s") % {"error": str(error)}) from None
    finally:
        target.unlink(missing_ok=True)


def plain(table: ir.Table) -> ir.Table:
    """The table with what has no plain type (lists, JSON, network addresses) as text."""
    kinds = table.schema().items()
    return table.select(
        **{
            name: table[name] if any(getattr(kind, one)() for one in PLAIN) else table[name].cast("string")
            for name, kind in kinds
        }
    )


def _copy(runner: PlaceRunner, table: ir.Table, target: Path, progress: Progress) -> None:
    rows = 0
    with pq.ParquetWriter(target, arrow_schema(table.schema()), compression="zstd") as writer:
        for batch in runner.batches(table, progress, _("Copying the table")):
            rows += batch.num_rows
            if rows > settings.DATASET_MAX_ROWS:
                raise GovernError(
                    _("The table holds more than %(limit)s rows.") % {"limit": settings.DATASET_MAX_ROWS},
                    hint=_("Leave it where it is, or ask for GOVERN_DATASET_MAX_ROWS to be raised."),
                )
            if target.stat().st_size > settings.DATASET_MAX_BYTES:
                raise GovernError(
                    _("The file is larger than %(limit)s bytes.") % {"limit": settings.DATASET_MAX_BYTES},
                    hint=_("Leave the table where it is, or ask for GOVERN_DATASET_MAX_BYTES to be raised."),
                )
            writer.write_batch(batch)
