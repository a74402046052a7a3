"""Columns of a file by role, read in batches through Arrow, each value made sense of or refused at the door."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ml.errors import DataError

USER, ITEM, TIME = "user", "item", "time"
EVENT, QUANTITY, PRICE, ORDER = "event", "quantity", "price", "order"
REQUIRED = (USER, ITEM, TIME)
INTERACTION_ROLES = (*REQUIRED, EVENT, QUANTITY, PRICE, ORDER)

BATCH_ROWS = 65_536
DELIMITERS = ",;\t|"
EARLIEST, LATEST = -2_208_988_800_000_000, 4_102_444_800_000_000  # 1900 and 2100, in microseconds
# Whole numbers as times: the unit is told by the size of the column's first value.
EPOCH_UNITS = ((100_000_000_000, 1_000_000), (100_000_000_000_000, 1_000), (100_000_000_000_000_000, 1))


def check_roles(roles: Mapping[str, str], available: list[str], required: tuple[str, ...] = REQUIRED) -> None:
    """Raises DataError for a required role without a column, or a role whose column the file does not have."""
    for role in required:
        if not roles.get(role):
            raise DataError(
                f"No column has the role '{role}'.", where=f"role {role}", hint=f"Columns: {', '.join(available[:30])}."
            )
    for role, column in roles.items():
        if available.count(column) > 1:
            raise DataError(f"Two columns are named '{column}'.", where=f"role {role}", hint="Rename one of them.")
        if column not in available:
            near = get_close_matches(column, available, n=1, cutoff=0.5)
            raise DataError(
                f"There is no column '{column}' for the role '{role}'.",
                where=f"role {role}",
                hint=(f"Did you mean '{near[0]}'? " if near else "") + f"Columns: {', '.join(available[:30])}.",
            )


def read_columns(path: Path, roles: Mapping[str, str], required: tuple[str, ...]) -> Iterator[dict[str, pa.Array]]:
    """{role: values} of each batch of a Parquet or CSV file (.csv, .tsv, also gzipped); other columns are not read."""
    path = Path(path)
    if not path.is_file():
        raise DataError(f"There is no file '{path.name}'.", where=str(path), hint="Check the path.")
    opened = _parquet if path.suffix.lower() in {".parquet", ".pq"} else _csv
    try:
        yield from opened(path, roles, required)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0][:300]
        raise DataError(
            f"The file cannot be read: {reason}", where=str(path), hint="It must be Parquet, or CSV in UTF-8."
        ) from error


def _parquet(path: Path, roles: Mapping[str, str], required: tuple[str, ...]) -> Iterator[dict[str, pa.Array]]:
    with pq.ParquetFile(path) as file:
        check_roles(roles, file.schema_arrow.names, required)
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=sorted(set(roles.values()))):
            yield {role: batch.column(column) for role, column in roles.items()}


def _csv(path: Path, roles: Mapping[str, str], required: tuple[str, ...]) -> Iterator[dict[str, pa.Array]]:
    with pa.input_stream(str(path)) as stream:
        head = stream.read(65_536).split(b"\n", 1)[0].decode("utf-8-sig", "replace")
    if not head.strip():
        raise DataError("The file is empty.", where=str(path), hint="The first line must name the columns.")
    delimiter = max(DELIMITERS, key=head.count)
    # All as text: a type guessed from the first block breaks on what comes later (536365, then C536379).
    options = pacsv.ConvertOptions(
        column_types={column: pa.string() for column in roles.values()}, strings_can_be_null=True
    )
    with pa.input_stream(str(path)) as stream:
        names = pacsv.open_csv(stream, parse_options=pacsv.ParseOptions(delimiter=delimiter)).schema.names
    check_roles(roles, names, required)
    options.include_columns = sorted(set(roles.values()))
    with pa.input_stream(str(path)) as stream:
        parse = pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
        for batch in pacsv.open_csv(stream, parse_options=parse, convert_options=options):
            yield {role: batch.column(column) for role, column in roles.items()}


class Vocabulary:
    """Gives each id a code as it appears; ``finish`` puts the codes into the order of the ids."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, values: pa.Array) -> NDArray[np.int32]:
        """[rows] codes, -1 for a missing value. Only the batch's distinct values become Python objects."""
        encoded = _dictionary(values)
        ids = [identifier(value) for value in encoded.dictionary.to_pylist()]
        codes = [-1 if value is None else self._codes.setdefault(value, len(self._codes)) for value in ids]
        lookup = np.array([*codes, -1], np.int32)  # the last entry stands for null
        positions: NDArray[np.int64] = pc.fill_null(encoded.indices, len(ids)).to_numpy(zero_copy_only=False)
        return lookup[positions]

    def finish(self) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
        """The ids in ascending order of their text, and the new code of each old code."""
        ids = np.array(_without_decimals(list(self._codes)), dtype=object)
        if not len(ids):
            return ids, np.empty(0, np.int32)
        order = np.argsort(ids, kind="stable")
        new = np.empty(len(ids), np.int32)
        new[order] = np.arange(len(ids), dtype=np.int32)
        return ids[order], new


def identifier(value: Any) -> str | None:
    """An id as text: spaces around it go, a whole float loses its ".0", empty and NaN are missing."""
    if value is None:
        return None
    if isinstance(value, float):
        if not np.isfinite(value):
            return None
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value).strip() or None


def _without_decimals(ids: list[str]) -> list[str]:
    """A text column whose every id is written "17850.0" was a float column once, as in a CSV file with gaps."""
    if ids and all(re.fullmatch(r"-?\d+\.0", value) for value in ids):
        return [value[:-2] for value in ids]
    return ids


def texts(values: pa.Array) -> tuple[list[str | None], NDArray[np.int64]]:
    """The distinct values as text, and [rows] the place of each row's value among them; missing is the last place."""
    encoded = _dictionary(values)
    distinct = [identifier(value) for value in encoded.dictionary.to_pylist()]
    places = pc.fill_null(encoded.indices, len(distinct)).to_numpy(zero_copy_only=False).astype(np.int64)
    return [*distinct, None], places


def numbers(values: pa.Array, column: str, first_row: int) -> NDArray[np.float64]:
    """[rows] float64, NaN where missing. Raises DataError naming the row whose text is no number."""
    plain = _plain(values)
    if pa.types.is_string(plain.type) or pa.types.is_large_string(plain.type):
        plain = _blank_to_null(plain)
    try:
        cast = plain.cast(pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        row = _first_bad(plain, lambda part: part.cast(pa.float64()))
        raise _unreadable("number", plain[row].as_py(), column, first_row + row, "Write it like 12.5.") from error
    result: NDArray[np.float64] = cast.to_numpy(zero_copy_only=False).astype(np.float64)
    return result


class TimeReader:
    """Reads one column's times as microseconds since 1970, UTC; a time without a zone is taken as UTC.

    Timestamps, dates, ISO 8601 text, and whole numbers as seconds, milliseconds, microseconds or nanoseconds since
    1970, whose unit is told by the size of the column's first value.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        self._scale: float | None = None

    def read(self, values: pa.Array, first_row: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """[rows] times and [rows] whether there is one. Raises DataError naming the row of an unreadable time."""
        plain = _plain(values)
        if pa.types.is_string(plain.type) or pa.types.is_large_string(plain.type):
            plain = self._text(_blank_to_null(plain), first_row)
        if pa.types.is_temporal(plain.type) and not pa.types.is_time(plain.type):
            stamps = plain.cast(pa.timestamp("us", "UTC") if _zoned(plain.type) else pa.timestamp("us"), safe=False)
            present = stamps.is_valid().to_numpy(zero_copy_only=False)
            times = pc.fill_null(stamps.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        elif pa.types.is_integer(plain.type) or pa.types.is_floating(plain.type):
            times, present = self._epoch(plain)
        else:
            raise DataError(
                f"The column '{self.column}' holds no times but {plain.type}.", where=f"column {self.column}"
            )
        outside = present & ((times < EARLIEST) | (times > LATEST))
        if outside.any():
            row = int(np.argmax(outside))
            raise _unreadable("time between 1900 and 2100", plain[row].as_py(), self.column, first_row + row, "")
        return times, present

    def _text(self, plain: pa.Array, first_row: int) -> pa.Array:
        if self._scale is not None or _all_digits(plain):
            return plain.cast(pa.int64())
        for target in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
            try:
                return plain.cast(target)
            except pa.ArrowInvalid:
                continue
        row = _first_bad(plain, _one_time)
        hint = "Write times as 2011-10-10 08:26:00."
        if row == len(plain):  # each is readable, but only some of them name a zone
            return pa.array(
                [None if v is None else _one_time(pa.array([v])).cast(pa.int64())[0].as_py() for v in plain.to_pylist()]
            ).cast(pa.timestamp("us"))
        raise _unreadable("time", plain[row].as_py(), self.column, first_row + row, hint)

    def _epoch(self, plain: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        raw = pc.fill_null(plain.cast(pa.float64(), safe=False), float("nan")).to_numpy(zero_copy_only=False)
        present = np.isfinite(raw)
        if self._scale is None and present.any():
            first = abs(float(raw[present][0]))
            self._scale = next((float(scale) for limit, scale in EPOCH_UNITS if first < limit), 0.001)
        scaled = np.where(present, raw, 0.0) * (self._scale or 1.0)
        return np.clip(scaled, EARLIEST - 1, LATEST + 1).astype(np.int64), present


def _one_time(part: pa.Array) -> pa.Array:
    try:
        return part.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return part.cast(pa.timestamp("us", "UTC"))


def _zoned(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _all_digits(plain: pa.Array) -> bool:
    matched = pc.match_substring_regex(plain, r"^-?\d{6,19}$")
    return len(matched) > matched.null_count and bool(pc.all(matched).as_py())


def _dictionary(values: pa.Array) -> pa.DictionaryArray:
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def _plain(values: pa.Array) -> pa.Array:
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def _blank_to_null(values: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _first_bad(values: pa.Array, read: Any) -> int:
    for row in range(len(values)):
        try:
            read(values.slice(row, 1))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return row
    return len(values)


def _unreadable(kind: str, value: Any, column: str, row: int, hint: str) -> DataError:
    return DataError(f"'{str(value)[:60]}' is not a {kind}.", where=f"column {column}, row {row}", hint=hint)
