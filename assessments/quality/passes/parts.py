"""Rows put aside in files by the highest bits of their hashes, and given back in parts that fit in memory.

Rows that are equal have equal hashes, so that they come back in the same part.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa

HASH = "h"
FILE_BITS = 6
FILES = 1 << FILE_BITS
PART_BYTES = 16 * 2**20


class RowParts:
    """Takes batches of rows with their hashes (64 bits, without sign) in the column "h", and gives the rows back.

    Files of ``folder`` hold them meanwhile; use it as a context, at whose end they are closed and gone.
    """

    def __init__(self, folder: Path, *, part_bytes: int = PART_BYTES) -> None:
        self.folder, self.part_bytes = folder, part_bytes
        self._bytes = [0] * FILES
        self._writers: dict[int, pa.RecordBatchStreamWriter] = {}
        self._open = ExitStack()

    def __enter__(self) -> "RowParts":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()
        for number in self._writers:
            self._path(number).unlink(missing_ok=True)

    def add(self, batch: pa.RecordBatch) -> None:
        files = (batch.column(HASH).to_numpy() >> np.uint64(64 - FILE_BITS)).astype(np.uint8)
        order = np.argsort(files, kind="stable")
        cuts = np.searchsorted(files[order], np.arange(FILES + 1))
        rows = batch.drop_columns([HASH]).take(pa.array(order))
        for number, (begin, end) in enumerate(pairwise(cuts)):
            if begin < end:
                self._write(number, rows.slice(begin, end - begin))

    def parts(self) -> Iterator[pa.Table]:
        """All rows, in tables of about ``part_bytes``; more where so many share a hash. Nothing can be added then."""
        self._open.close()
        together: list[int] = []
        for number in sorted(self._writers):
            if together and sum(self._bytes[one] for one in (*together, number)) > self.part_bytes:
                yield self._read(together)
                together = []
            together.append(number)
        if together:
            yield self._read(together)

    def _write(self, number: int, rows: pa.RecordBatch) -> None:
        if number not in self._writers:
            file = self._open.enter_context(pa.OSFile(str(self._path(number)), "wb"))
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            writer = self._open.enter_context(pa.ipc.new_stream(file, rows.schema, options=options))
            self._writers[number] = writer
        self._writers[number].write_batch(rows)
        self._bytes[number] += rows.nbytes

    def _read(self, numbers: list[int]) -> pa.Table:
        tables = []
        for number in numbers:
            with pa.OSFile(str(self._path(number))) as file:
                tables.append(pa.ipc.open_stream(file).read_all())
        return pa.concat_tables(tables)

    def _path(self, number: int) -> Path:
        return self.folder / f"{id(self):x}-{number:02}.rows"
