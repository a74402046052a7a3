"""A dated look at a table that stays in its database: its columns, its rows counted, its empty cells counted."""

import hashlib
import json

import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part
from assessments.datasets.reading import Limits
from assessments.datasets.reading.table import column_names
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.database import plain
from assessments.datasets.sources.places import PlaceRunner, QueryRefusedError, table_address, table_open
from assessments.datasets.sources.places.values import arrow_schema
from assessments.datasets.storage import StagedTable, type_name

SAMPLE_ROWS = 1_000
VERSION = 1


def table_look(source: SourceSpec, limits: Limits, progress: Progress) -> StagedTable:
    """Look at the table: one pass that counts rows and empty cells, and its first rows to suggest what columns mean.

    The digest is of names, types and the number of rows alone. The limit on rows does not hold here, since no row is
    kept. Raises GovernError when the table cannot be read.
    """
    address = table_address(source.location, source.organisation)
    seconds = float(settings.SCAN_TIMEOUT_SECONDS)
    with table_open(address, seconds=seconds) as (place, table):
        runner, table = PlaceRunner(place, seconds), plain(table)
        names, notes = column_names(table.columns, limits)
        schema = arrow_schema(table.schema())
        try:
            counts = runner.rows(_counts(table), part(progress, 0.0, 0.9), _("Counting rows and empty cells"))[0]
            first = list(runner.batches(table.limit(SAMPLE_ROWS), part(progress, 0.9, 1.0)))
        except QueryRefusedError as error:
            raise GovernError(_("The database could not read the table: %(error)s") % {"error": str(error)}) from None
    rows = int(counts["n"])
    return StagedTable(
        path=None,
        schema=schema,
        digest=_digest(schema, rows),
        rows=rows,
        nulls=[rows - int(counts[f"c{position}"]) for position in range(len(names))],
        notes=[*notes, _note(str(address))],
        size=0,
        sample=pa.Table.from_batches(first, schema),
    )


def _counts(table: ir.Table) -> ir.Table:
    filled = {f"c{position}": table[name].count() for position, name in enumerate(table.columns)}
    return table.aggregate(n=table.count(), **filled)


def _digest(schema: pa.Schema, rows: int) -> str:
    columns = [[field.name, type_name(field.type)] for field in schema]
    text = json.dumps(["in place", VERSION, rows, columns], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _note(address: str) -> str:
    return _(
        "The table %(table)s stays in its database; this is a look at it, and its rows are not kept. The digest is of "
        "the columns' names and types and of the number of rows, not of the cells. Rules are measured where the table "
        "is, on its rows of that moment."
    ) % {"table": address}
