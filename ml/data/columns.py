"""Columns of a file by role, read in batches through Arrow, each value made sense of or refused at the door."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ml.data.identifiers import dictionary, identifier
from ml.errors import DataError

USER, ITEM, TIME = "user", "item", "time"
EVENT, QUANTITY, PRICE, ORDER, RATING = "event", "quantity", "price", "order", "rating"
REQUIRED = (USER, ITEM, TIME)
INTERACTION_ROLES = (*REQUIRED, EVENT, QUANTITY, PRICE, ORDER, RATING)

Batch = dict[str, pa.Array]  # {role: values}

BATCH_ROWS = 524_288
BLOCK_BYTES = 8 << 20  # of CSV, read at once
DELIMITERS = ",;\t|"


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


def read_columns(path: Path, roles: Mapping[str, str], required: tuple[str, ...]) -> Iterator[Batch]:
    """{role: values} of each batch of a Parquet or CSV file (.csv, .tsv, also gzipped); other columns are not read."""
    opened = _parquet if Path(path).suffix.lower() in {".parquet", ".pq"} else _csv
    with explained(Path(path), "Parquet, or CSV"):
        yield from opened(Path(path), roles, required)


@contextmanager
def explained(path: Path, kind: str) -> Iterator[None]:
    """What goes wrong in reading a file as DataError, saying what it must be."""
    if not path.is_file():
        raise DataError(f"There is no file '{path.name}'.", where=str(path), hint="Check the path.")
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0][:300]
        raise DataError(
            f"The file cannot be read: {reason}", where=str(path), hint=f"It must be {kind} in UTF-8."
        ) from error


def _parquet(path: Path, roles: Mapping[str, str], required: tuple[str, ...]) -> Iterator[Batch]:
    with pq.ParquetFile(path) as file:
        check_roles(roles, file.schema_arrow.names, required)
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=sorted(set(roles.values()))):
            yield {role: batch.column(column) for role, column in roles.items()}


def _csv(path: Path, roles: Mapping[str, str], required: tuple[str, ...]) -> Iterator[Batch]:
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
        read = pacsv.ReadOptions(block_size=BLOCK_BYTES)
        for batch in pacsv.open_csv(stream, read_options=read, parse_options=parse, convert_options=options):
            yield {role: batch.column(column) for role, column in roles.items()}


def texts(values: pa.Array) -> tuple[list[str | None], NDArray[np.int64]]:
    """The distinct values as text, and [rows] the place of each row's value among them; missing is the last place."""
    encoded = dictionary(values)
    distinct = [identifier(value) for value in encoded.dictionary.to_pylist()]
    places = pc.fill_null(encoded.indices, len(distinct)).to_numpy(zero_copy_only=False).astype(np.int64)
    return [*distinct, None], places


def numbers(values: pa.Array, column: str, first_row: int) -> NDArray[np.float64]:
    """[rows] float64, NaN where missing. Raises DataError naming the row whose text is no number."""
    plain = plain_values(values)
    if pa.types.is_string(plain.type) or pa.types.is_large_string(plain.type):
        plain = blank_to_null(plain)
    try:
        cast = plain.cast(pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        row = first_bad(plain, lambda part: part.cast(pa.float64()))
        raise unreadable("number", plain[row].as_py(), column, first_row + row, "Write it like 12.5.") from error
    result: NDArray[np.float64] = cast.to_numpy(zero_copy_only=False).astype(np.float64)
    return result


def plain_values(values: pa.Array) -> pa.Array:
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values


def blank_to_null(values: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def first_bad(values: pa.Array, read: Any) -> int:
    for row in range(len(values)):
        try:
            read(values.slice(row, 1))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return row
    return len(values)


def unreadable(kind: str, value: Any, column: str, row: int, hint: str) -> DataError:
    return DataError(f"'{str(value)[:60]}' is not a {kind}.", where=f"column {column}, row {row}", hint=hint)
