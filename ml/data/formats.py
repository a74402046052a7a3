"""The files that interactions come in: tables by roles, RecBole's atomic files, and sequences.

An atomic file (``.inter``) is tab-separated under a typed header such as ``user_id:token<tab>timestamp:float``.
A file of sequences has one user and then his items in order on each line, parted by spaces or tabs; a user who begins
several lines goes on where the line before ended.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from ml.data.columns import (
    BLOCK_BYTES,
    INTERACTION_ROLES,
    ITEM,
    RATING,
    REQUIRED,
    TIME,
    USER,
    Batch,
    check_roles,
    explained,
    numbers,
    read_columns,
)
from ml.data.interactions import NO_CLOCK, OWN_CLOCK, SHARED_CLOCK
from ml.errors import DataError

AUTO, TABLE, ATOMIC, SEQUENCES = "auto", "table", "inter", "sequences"
FORMATS = (AUTO, TABLE, ATOMIC, SEQUENCES)
ATOMIC_NAMES = {USER: ("user_id", "session_id"), ITEM: ("item_id",), TIME: ("timestamp",), RATING: ("rating",)}
SEQUENCE_ROLES = {USER: "first word of the line", ITEM: "other words of the line", TIME: "place in the sequence"}
LINES = 4096


@dataclass(frozen=True)
class Source:
    """A file of interactions as it will be read: its columns by role, and what its times can tell."""

    path: Path
    format: str
    roles: Mapping[str, str]
    clock: str

    def batches(self) -> Iterator[Batch]:
        """{role: values} of each batch of rows. Raises DataError for what cannot be read, saying where."""
        if self.format == SEQUENCES:
            return _sequences(self.path)
        required = REQUIRED if self.clock == SHARED_CLOCK else (USER, ITEM)
        if self.format == ATOMIC:
            return _atomic(self.path, self.roles, required)
        return read_columns(self.path, self.roles, required)


def open_source(
    path: Path, roles: Mapping[str, str], *, file_format: str = AUTO, need_times: bool = True, rated: bool = False
) -> Source:
    """The source; roles of an atomic file that are not given are told by its header (the rating only if ``rated``).

    Raises DataError for an unknown format, for roles given to a file of sequences, and for an absent role.
    """
    if file_format not in FORMATS:
        raise DataError(f"There is no format '{file_format}'.", where="format", hint=f"Known: {', '.join(FORMATS)}.")
    if file_format == AUTO:
        file_format = ATOMIC if ATOMIC in (suffix[1:].lower() for suffix in path.suffixes[-2:]) else TABLE
    roles = {role: column for role, column in roles.items() if role in INTERACTION_ROLES}
    if file_format == SEQUENCES:
        if roles:
            raise DataError(
                "A file of sequences has no columns, so no column can have a role.",
                where=f"role {next(iter(roles))}",
                hint="Leave the roles out.",
            )
        return Source(path, file_format, SEQUENCE_ROLES, OWN_CLOCK)
    if file_format == ATOMIC:
        roles = _guessed(atomic_header(path), rated) | roles
    timed = need_times or bool(roles.get(TIME))
    return Source(path, file_format, roles, SHARED_CLOCK if timed else NO_CLOCK)


def atomic_header(path: Path) -> dict[str, str]:
    """{column: type} of an atomic file. Raises DataError for a header that is not typed."""
    with explained(path, ATOMIC), pa.input_stream(str(path)) as stream:
        line = stream.read(65_536).split(b"\n", 1)[0].decode("utf-8-sig")
    fields = [field.rpartition(":") for field in line.strip("\r").split("\t")]
    if not line.strip() or not all(name and kind for name, _, kind in fields):
        raise DataError(
            "The header of the atomic file is not typed.",
            where=f"{path}, row 1",
            hint="Write it as user_id:token, item_id:token, timestamp:float, parted by tabs.",
        )
    names = [name for name, _, _ in fields]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"Two columns are named '{name}'.", where=f"{path}, row 1", hint="Rename one of them.")
    return {name: kind for name, _, kind in fields}


def _guessed(header: Mapping[str, str], rated: bool) -> dict[str, str]:
    wanted = {role: names for role, names in ATOMIC_NAMES.items() if role != RATING or rated}
    found = {role: next((name for name in names if name in header), "") for role, names in wanted.items()}
    return {role: name for role, name in found.items() if name}


def _atomic(path: Path, roles: Mapping[str, str], required: tuple[str, ...]) -> Iterator[Batch]:
    """Numbers of columns typed float; everything else as text, in which nothing but emptiness is missing."""
    header = atomic_header(path)
    check_roles(roles, list(header), required)
    columns = sorted(set(roles.values()))
    convert = pacsv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()),
        include_columns=columns,
        strings_can_be_null=True,
        null_values=[""],
    )
    parse = pacsv.ParseOptions(delimiter="\t", quote_char=False)
    first = 1
    with explained(path, ATOMIC), pa.input_stream(str(path)) as stream:
        read = pacsv.ReadOptions(column_names=list(header), skip_rows=1, block_size=BLOCK_BYTES)
        for batch in pacsv.open_csv(stream, read_options=read, parse_options=parse, convert_options=convert):
            yield {
                role: pa.array(numbers(batch.column(column), column, first), from_pandas=True)
                if header[column] == "float"
                else batch.column(column)
                for role, column in roles.items()
            }
            first += batch.num_rows


def _sequences(path: Path) -> Iterator[Batch]:
    """A user without items gives one row without an item, which is left out and counted."""
    reached: dict[bytes, int] = {}
    with explained(path, SEQUENCES), pa.input_stream(str(path)) as stream:
        lines = io.BufferedReader(stream)
        while block := [line.split() for line in islice(lines, LINES)]:
            words = [line for line in block if line]
            sizes = [max(len(line) - 1, 1) for line in words]
            starts = []
            for line, size in zip(words, sizes, strict=True):
                starts.append(reached.get(line[0], 0))
                reached[line[0]] = starts[-1] + size
            before = np.cumsum(sizes) - sizes
            items = [item for line in words for item in (line[1:] or [b""])]
            yield {
                USER: pa.array([line[0] for line in words], pa.binary())
                .cast(pa.string())
                .take(pa.array(np.repeat(np.arange(len(words)), sizes))),
                ITEM: pa.array(items, pa.binary()).cast(pa.string()),
                TIME: pa.array(np.arange(len(items)) + np.repeat(np.array(starts, np.int64) - before, sizes)),
            }
