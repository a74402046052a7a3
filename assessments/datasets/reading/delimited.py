"""Delimited text (CSV) of any delimiter, encoding and size."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part
from assessments.datasets.reading.inference import ColumnInference
from assessments.datasets.reading.quotes import strict_check, survey
from assessments.datasets.reading.streams import explained, head_of, text_stream
from assessments.datasets.reading.table import Limits, Table, column_names, empty_file, no_rows

DELIMITERS = {",": ",", ";": ";", "\t": "tab", "|": "|"}
HEAD = 2**20
# Codecs of Python that no file of text is written in.
NO_TEXT = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"}
BLOCK_ROWS = 8 * 2**20


def open_delimited(path: Path, options: dict[str, Any], limits: Limits, progress: Progress) -> Table:
    """Find encoding, delimiter, names and types by reading the whole file twice, piece by piece."""
    encoding = known_encoding(str(options.get("encoding") or ""))
    head = _head(path, limits, encoding)
    delimiter = chosen_delimiter(str(options.get("delimiter") or ""), head)
    names, notes = column_names(header(head, delimiter), limits)
    _refuse_wrong_delimiter(names, delimiter)
    found = survey(path, limits, delimiter=delimiter, encoding=encoding, progress=part(progress, 0.0, 0.3))
    if found.not_utf8_line:
        notes.append(
            _(
                "Line %(line)s is not UTF-8, so the file is read as %(encoding)s. If letters look wrong, name the "
                "encoding (for Chinese often gb18030) and register again."
            )
            % {"line": f"{found.not_utf8_line:,}", "encoding": found.encoding}
        )
        names, _again = column_names(header(_head(path, limits, found.encoding), delimiter), limits)
    reader = DelimitedReader(path, limits, names, delimiter, found.encoding, found.quotes, options)
    if found.odd_quotes:
        reader.check_strictly()
    columns = reader.infer(part(progress, 0.3, 1.0))
    schema = pa.schema([(column.name, column.type) for column in columns])
    notes += [note for column in columns if (note := column.note())]
    return Table(schema, lambda tell: reader.typed(columns, schema, tell), notes)


class DelimitedReader:
    """One file whose names, delimiter and encoding are known."""

    def __init__(
        self,
        path: Path,
        limits: Limits,
        names: list[str],
        delimiter: str,
        encoding: str,
        quotes: bool,
        options: dict[str, Any],
    ) -> None:
        self.path, self.limits, self.names = path, limits, names
        self.delimiter, self.encoding, self.quotes = delimiter, encoding, quotes
        self.nulls = ["", *(str(text) for text in options.get("null_values") or [])]
        self.date_format = str(options.get("date_format") or "")

    def check_strictly(self) -> None:
        strict_check(self.path, self.limits, delimiter=self.delimiter, encoding=self.encoding, columns=len(self.names))

    def texts(self, progress: Progress) -> Iterator[pa.RecordBatch]:
        """The rows with every value as text; empty values are null."""
        # The reader is given numbers for names and skips the header itself, so no name can confuse it.
        numbers = [str(position) for position in range(len(self.names))]
        with explained(self.path), text_stream(self.path, self.limits, self.encoding) as stream:
            try:
                batches = pacsv.open_csv(
                    io.BufferedReader(stream, BLOCK_ROWS),
                    pacsv.ReadOptions(column_names=numbers, skip_rows_after_names=1, block_size=BLOCK_ROWS),
                    pacsv.ParseOptions(delimiter=self.delimiter, newlines_in_values=self.quotes),
                    pacsv.ConvertOptions(
                        column_types=dict.fromkeys(numbers, pa.string()),
                        null_values=self.nulls,
                        strings_can_be_null=True,
                        quoted_strings_can_be_null=True,
                    ),
                )
                for batch in batches:
                    if batch.num_rows:
                        progress(stream.fraction)
                        yield batch
            except pa.ArrowInvalid as error:
                self.check_strictly()
                raise GovernError(
                    _("The file cannot be read as delimited text: %(error)s") % {"error": str(error)[:200]},
                    hint=_("Look at the row that is named, or save the file as Parquet."),
                ) from error

    def infer(self, progress: Progress) -> list[ColumnInference]:
        columns = [ColumnInference(name, date_format=self.date_format) for name in self.names]
        rows = 0
        for batch in self.texts(progress):
            for column, values in zip(columns, batch.columns, strict=True):
                column.observe(values, rows + 1)
            rows += batch.num_rows
            self.limits.check_rows(rows)
        if not rows:
            raise no_rows()
        return columns

    def typed(self, columns: list[ColumnInference], schema: pa.Schema, progress: Progress) -> Iterator[pa.RecordBatch]:
        for batch in self.texts(progress):
            arrays = [column.convert(values) for column, values in zip(columns, batch.columns, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def known_encoding(name: str) -> str:
    """The codec's own name, empty when it is to be found; raises GovernError for a name that means nothing."""
    if not name or name.lower() == "auto":
        return ""
    known = name.lower().replace("_", "-")
    try:
        "a".encode(name)
        if codecs.lookup(name).name in NO_TEXT:
            raise LookupError(name)
    except (LookupError, ValueError) as error:
        raise GovernError(
            _("There is no encoding named “%(name)s”.") % {"name": name},
            hint=_("Use utf-8, latin-1, cp1252, gb18030 or another one that Python knows."),
        ) from error
    return "utf-8" if known in {"utf8", "utf-8", "utf-8-sig"} else known


def _head(path: Path, limits: Limits, encoding: str) -> str:
    if encoding and encoding != "utf-8":
        with explained(path), text_stream(path, limits, encoding) as stream:
            raw = stream.read(HEAD) or b""
    else:
        raw = head_of(path, limits, HEAD).removeprefix(b"\xef\xbb\xbf")
    text = raw.decode("utf-8", "replace").lstrip("\r\n")
    if not text.strip():
        raise empty_file()
    return text


def header(head: str, delimiter: str) -> list[str]:
    """The cells of the first row that is not empty."""
    try:
        first = next((row for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if row), [])
    except csv.Error as error:
        raise GovernError(
            _("The header cannot be read: a quotation mark is not closed, or it is too long."),
            where=_("row 0, line 1"),
            hint=_("The first row must hold the names of the columns."),
        ) from error
    return first


def chosen_delimiter(asked: str, head: str) -> str:
    """The delimiter asked for, or the one that cuts the first rows into the most columns, the same number in each."""
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
    asked = named.get(asked.lower(), asked)
    if asked:
        if len(asked) != 1 or not asked.isascii() or asked in '"\r\n\0':
            raise GovernError(
                _("A delimiter is one character, such as , or ; or | or tab."), where=_("delimiter “%s”") % asked
            )
        return asked
    return max(DELIMITERS, key=lambda delimiter: _fit(head, delimiter))


def _fit(head: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter cuts the first rows: the share of rows as wide as the header, and that width."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == 200:
                break
        else:
            rows = rows[:-1] if len(head) >= HEAD else rows
    except csv.Error:
        pass
    width = len(rows[0]) if rows else 1
    if width == 1:
        return (0.0, 0)
    return (round(sum(len(row) == width for row in rows) / len(rows), 2), width)


def _refuse_wrong_delimiter(names: list[str], delimiter: str) -> None:
    if len(names) != 1:
        return
    for other, shown in DELIMITERS.items():
        if other != delimiter and other in names[0]:
            raise GovernError(
                _("The file has one column when cut at “%(delimiter)s”, but its header holds “%(other)s”.")
                % {"delimiter": DELIMITERS.get(delimiter, delimiter), "other": shown},
                where=_("header"),
                hint=_("Set the delimiter to “%(other)s”, or leave it out to have it found.") % {"other": shown},
            )
