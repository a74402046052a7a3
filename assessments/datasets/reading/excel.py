"""Sheets of Excel workbooks (.xlsx): read row by row, and typed as the texts of a CSV file are."""

import tempfile
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError, iterparse

import pyarrow as pa
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part
from assessments.datasets.reading.inference import ColumnInference
from assessments.datasets.reading.table import Limits, Table, column_names, empty_file, no_rows
from assessments.datasets.reading.workbook import damaged, formulas_without_result, sheet_of, workbook

# What Excel itself allows. Rows of empty cells count too: a file of a kilobyte can claim a million of them.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
ROW_BYTES = 64 * 2**20
BATCH_ROWS = 20_000
EXACT = 2**53
Cells = dict[int, str]


def open_excel(path: Path, options: dict[str, Any], limits: Limits, progress: Progress) -> Table:
    """Read the sheet once, keep its cells as texts in a temporary file, and find names and types on the way.

    Formulas are read as the results that were stored with them.
    """
    nulls = {"", *(str(text) for text in options.get("null_values") or [])}
    with workbook(path, limits) as book:
        sheet, notes = sheet_of(book, str(options.get("sheet") or ""))
        rows = SheetRows(book, sheet, limits)
        header = next(rows.filled(part(progress, 0.0, 0.01)), None)
        if header is None:
            raise empty_file()
        names, more = column_names([header.get(number, "") for number in range(1, max(header) + 1)], limits)
        columns = [ColumnInference(name, date_format=str(options.get("date_format") or "")) for name in names]
        spool = _spooled(rows, columns, nulls, limits, progress)
        notes += more
        empty = formulas_without_result(path, sheet._worksheet_path)
    if empty:
        notes.append(
            ngettext(
                "%(count)d formula has no stored result, so its cell is empty. Open the workbook in a spreadsheet "
                "program, save it, and register it again.",
                "%(count)d formulas have no stored result, so their cells are empty. Open the workbook in a "
                "spreadsheet program, save it, and register it again.",
                empty,
            )
            % {"count": empty}
        )
    notes += [note for column in columns if (note := column.note())]
    schema = pa.schema([(column.name, column.type) for column in columns])
    return Table(schema, lambda tell: _typed(spool, columns, schema, tell), notes)


class SheetRows:
    """The rows of one sheet from first to last, each as texts by the number of the column, from 1."""

    def __init__(self, book: Any, sheet: Any, limits: Limits) -> None:
        from openpyxl.worksheet._reader import WorkSheetParser

        self.sheet, self.limits = sheet, limits
        # With a source of no rows: only its reading of one row is used, so that rows can be let go one by one.
        self._cells = WorkSheetParser(
            None,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        self._rows = self._read()

    def filled(self, progress: Progress) -> Iterator[Cells]:
        """The next rows that hold something."""
        for number, cells in self._rows:
            if number % 5_000 == 0:
                progress(number / MOST_ROWS)
            if cells:
                yield cells

    def _read(self) -> Iterator[tuple[int, Cells]]:
        from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG

        with self.sheet._get_source() as source:
            counted, data, count = _CountedSource(source), None, 0
            try:
                for event, element in iterparse(counted, events=("start", "end")):  # noqa: S314  as above
                    if event == "start":
                        data = element if element.tag == DATA_TAG else data
                    elif element.tag == ROW_TAG and data is not None:
                        count += 1
                        if count > MOST_ROWS:
                            raise _too_much(_("more than %(limit)s rows") % {"limit": f"{MOST_ROWS:,}"})
                        yield count, self._texts(element, count)
                        data.clear()
                        counted.size = 0
                    elif element is data:
                        return
            except GovernError:
                raise
            except (ParseError, ValueError, KeyError, IndexError, TypeError, OverflowError) as error:
                raise damaged() from error

    def _texts(self, element: Any, count: int) -> Cells:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one for each date that is none
            _number, cells = self._cells.parse_row(element)
        texts = {cell["column"]: text for cell in cells if (text := _text(cell["value"], cell["data_type"]))}
        if texts and max(texts) > min(self.limits.columns, MOST_COLUMNS):
            raise GovernError(
                _("A cell stands in column %(column)s; at most %(limit)s columns can be registered.")
                % {"column": f"{max(texts):,}", "limit": f"{self.limits.columns:,}"},
                where=_("row %(row)s") % {"row": f"{count:,}"},
                hint=_("Remove cells beside the table, or put the table on a sheet of its own."),
            )
        return texts


class _CountedSource:
    """The bytes of a sheet; one row that never ends is not read to its end."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.size = source, 0

    def read(self, count: int = -1) -> bytes:
        block = self._source.read(count)
        self.size += len(block)
        if self.size > ROW_BYTES:
            raise _too_much(_("a row of more than %(limit)s bytes") % {"limit": f"{ROW_BYTES:,}"})
        return block


def _too_much(what: str) -> GovernError:
    return GovernError(
        _("The sheet holds %(what)s, which no spreadsheet program writes.") % {"what": what},
        hint=_("Save the table as CSV or Parquet and register that."),
    )


def _text(value: Any, kind: str) -> str:
    """The cell as a CSV file would hold it; nothing for an empty cell and for an error such as #N/A."""
    if value is None or kind == "e":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _spooled(
    rows: SheetRows, columns: list[ColumnInference], nulls: set[str], limits: Limits, progress: Progress
) -> BinaryIO:
    """The cells as texts, in Arrow's stream form, in a file that goes away by itself."""
    spool: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  the table that is given back reads it later
    schema = pa.schema([(str(number), pa.string()) for number in range(len(columns))])
    done = 0
    with pa.ipc.new_stream(spool, schema) as writer:
        for batch in _batches(rows, schema, nulls, progress):
            for column, values in zip(columns, batch.columns, strict=True):
                column.observe(values, done + 1)
            done += batch.num_rows
            limits.check_rows(done)
            writer.write_batch(batch)
    if not done:
        raise no_rows()
    return spool


def _batches(rows: SheetRows, schema: pa.Schema, nulls: set[str], progress: Progress) -> Iterator[pa.RecordBatch]:
    held: list[Cells] = []
    for count, cells in enumerate(rows.filled(progress), start=2):
        if max(cells) > len(schema):
            raise GovernError(
                _("A row has a cell in column %(column)s, beside the %(width)s columns of the header.")
                % {"column": f"{max(cells):,}", "width": f"{len(schema):,}"},
                where=_("filled row %(row)s") % {"row": f"{count:,}"},
                hint=_("Remove cells beside the table, or put the table on a sheet of its own."),
            )
        held.append(cells)
        if len(held) == BATCH_ROWS:
            yield _batch(held, schema, nulls)
            held = []
    if held:
        yield _batch(held, schema, nulls)


def _batch(rows: list[Cells], schema: pa.Schema, nulls: set[str]) -> pa.RecordBatch:
    arrays = []
    for number in range(1, len(schema) + 1):
        texts = (cells.get(number, "") for cells in rows)
        arrays.append(pa.array([None if text in nulls else text for text in texts], pa.string()))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _typed(
    spool: BinaryIO, columns: list[ColumnInference], schema: pa.Schema, progress: Progress
) -> Iterator[pa.RecordBatch]:
    spool.seek(0)
    for batch in pa.ipc.open_stream(spool):
        progress(0.5)
        arrays = [column.convert(values) for column, values in zip(columns, batch.columns, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
