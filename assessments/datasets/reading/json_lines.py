"""JSON lines: one object per line, typed as JSON types them."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress
from assessments.datasets.reading.inference import EXACT_IN_DOUBLE, STRING_KINDS, ColumnInference
from assessments.datasets.reading.quotes import refuse_nul
from assessments.datasets.reading.streams import BLOCK, text_stream
from assessments.datasets.reading.table import Limits, Table, column_names, empty_file

LONGEST_LINE = 16 * 2**20
BATCH_ROWS, BATCH_BYTES = 20_000, 16 * 2**20
INT64 = 2**63
Record = dict[str, Any]


def open_json_lines(path: Path, options: dict[str, Any], limits: Limits, progress: Progress) -> Table:
    columns: dict[str, JsonColumn] = {}
    rows = 0
    for records in _records(path, limits, progress):
        for name in {name: None for record in records for name in record}:
            if name not in columns:
                columns[name] = JsonColumn(name)
                limits_check = len(columns) > limits.columns
                if limits_check:
                    column_names(list(columns), limits)
            columns[name].observe([record.get(name) for record in records], rows + 1)
        rows += len(records)
        limits.check_rows(rows)
    if not rows:
        raise empty_file()
    names, notes = column_names(list(columns), limits)
    schema = pa.schema([(name, column.type) for name, column in zip(names, columns.values(), strict=True)])
    notes += [note for column in columns.values() if (note := column.note())]
    return Table(schema, lambda tell: _typed(path, limits, columns, schema, tell), notes)


def _typed(
    path: Path, limits: Limits, columns: dict[str, "JsonColumn"], schema: pa.Schema, progress: Progress
) -> Iterator[pa.RecordBatch]:
    for records in _records(path, limits, progress):
        arrays = [column.convert([record.get(name) for record in records]) for name, column in columns.items()]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _records(path: Path, limits: Limits, progress: Progress) -> Iterator[list[Record]]:
    """The objects of the file in pieces of bounded size."""
    with text_stream(path, limits) as stream:
        lines, batch, size, number = io.BufferedReader(stream, BLOCK), [], 0, 0
        while line := lines.readline(LONGEST_LINE):
            number += 1
            if line.strip():
                batch.append(_record(line, number))
                size += len(line)
            if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
                progress(stream.fraction)
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def _record(line: bytes, number: int) -> Record:
    refuse_nul(line, number)
    if len(line) >= LONGEST_LINE:
        _refuse(number, _("it is longer than %(limit)s bytes") % {"limit": LONGEST_LINE})
    try:
        text = line.decode()
        record = json.loads(text, parse_constant=_no_constant)
        if not text.isascii() or "\\u" in text:
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeError:
        _refuse(number, _("it is not UTF-8"))
    except (ValueError, RecursionError) as error:
        _refuse(number, str(error)[:150])
    if not isinstance(record, dict):
        _refuse(number, _("it holds no object in { }"))
    return record


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refuse(number: int, why: str) -> NoReturn:
    raise GovernError(
        _("A line is not one JSON object: %(why)s.") % {"why": why},
        where=_("line %(line)s") % {"line": f"{number:,}"},
        hint=_('Write one object per line, such as {"user": 1}, and mend or remove this line.'),
    )


@dataclass
class JsonColumn:
    """Which JSON types a key's values have, and the Arrow type that holds them all."""

    name: str
    seen: dict[str, int] = field(default_factory=dict)
    largest: int = 0
    strings: ColumnInference = field(init=False)

    def __post_init__(self) -> None:
        self.strings = ColumnInference(self.name, kinds=STRING_KINDS)

    def observe(self, values: list[Any], first_row: int) -> None:
        for row, value in enumerate(values, start=first_row):
            if value is None:
                continue
            kind = _kind(value)
            if kind not in self.seen:
                self.seen[kind] = row
            if kind == "integer" and abs(value) > self.largest:
                self.largest = abs(value)
        if set(self.seen) == {"text"}:
            self.strings.observe(pa.array(values, pa.string()), first_row)

    @property
    def kind(self) -> str:
        kinds = set(self.seen)
        if kinds == {"integer"} and self.largest < INT64:
            return "integer"
        if kinds == {"number"} or (kinds == {"integer", "number"} and self.largest <= EXACT_IN_DOUBLE):
            return "number"
        return "boolean" if kinds == {"boolean"} else "text"

    @property
    def type(self) -> pa.DataType:
        plain = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}.get(self.kind)
        if plain is not None:
            return plain
        return self.strings.type if set(self.seen) == {"text"} else pa.string()

    def convert(self, values: list[Any]) -> pa.Array:
        if self.kind in {"integer", "number", "boolean"}:
            return pa.array(values, self.type)
        texts = pa.array([None if value is None else _text(value) for value in values], pa.string())
        return self.strings.convert(texts) if set(self.seen) == {"text"} else texts

    def note(self) -> str:
        if set(self.seen) == {"text"}:
            return self.strings.note()
        if "nested" in self.seen:
            return _("Column “%(column)s” holds lists or objects; they are kept as JSON text.") % {"column": self.name}
        if self.kind == "text" and len(self.seen) > 1:
            (first, _row), (second, row) = sorted(self.seen.items(), key=lambda found: found[1])[:2]
            return _(
                "Column “%(column)s” is read as text: it begins with values of type %(first)s, and row %(row)s holds "
                "one of type %(second)s. Correct those values at the source and register again."
            ) % {"column": self.name, "first": first, "second": second, "row": f"{row:,}"}
        return ""


def _kind(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "text"}
    return names.get(type(value), "nested")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
