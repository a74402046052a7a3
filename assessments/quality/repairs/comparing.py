"""What a repair changed: the rows after it beside the rows before it, piece by piece, in row order."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assessments.common.masking import mask_value

BATCH_ROWS = 65_536
SHOWN_CHANGED, SHOWN_DROPPED, SHOWN_PER_COLUMN, SHOWN_COLUMNS = 10, 5, 3, 12


@dataclass
class Differences:
    """Counts of one step, and masked samples of changed rows ({"row", "changed": {column: [before, after]}}) and of
    rows left out ({"row", "values"}); rows are numbered from 1 as before the step."""

    rows_before: int = 0
    rows_after: int = 0
    rows_changed: int = 0
    cells_changed: dict[str, int] = field(default_factory=dict)
    columns_removed: list[str] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)


class Comparison:
    """Fed with the rows after a repair and their numbers, ascending; reads the rows before from their file.

    Values of ``masked`` columns are masked, but for those of ``bare`` columns after the repair, which protected them.
    """

    def __init__(
        self, before: Path, names: Collection[str], masked: Collection[str], bare: Collection[str] = ()
    ) -> None:
        self._file = pq.ParquetFile(before)
        self._batches: Iterator[pa.RecordBatch] = self._file.iter_batches(BATCH_ROWS)
        self._held: list[pa.RecordBatch] = []
        self._start = 0  # the number of the first row that is held
        self._masked, self._bare = frozenset(masked), frozenset(bare)
        old = self._file.schema_arrow.names
        self.found = Differences(rows_before=self._file.metadata.num_rows)
        self.found.columns_removed = [name for name in old if name not in names]
        self._shown_of: dict[str, int] = {}

    def update(self, rows: np.ndarray, after: pa.Table) -> None:
        """Compare rows ``after`` the repair, whose numbers before it are ``rows``."""
        if not len(rows):
            return
        before = self._take_until(int(rows[-1]) + 1)
        positions = rows - self._start
        self._drop(before, positions)
        self._compare(before.take(pa.array(positions)), after, rows)
        self.found.rows_after += len(rows)
        self._start += before.num_rows

    def close(self) -> Differences:
        """The counts, once the rows after the last kept one are seen as left out too."""
        while len(self.found.dropped) < SHOWN_DROPPED and self._start < self.found.rows_before:
            rest = self._take_until(min(self._start + BATCH_ROWS, self.found.rows_before))
            self._drop(rest, np.empty(0, dtype=np.int64))
            self._start += rest.num_rows
        self._file.close()
        return self.found

    def _take_until(self, end: int) -> pa.Table:
        """The rows from the first that was not seen yet up to ``end``."""
        count = end - self._start
        if count <= 0:
            raise ValueError("the rows after a repair are not in the order of the rows before it")
        while sum(batch.num_rows for batch in self._held) < count:
            self._held.append(next(self._batches))
        table = pa.Table.from_batches(self._held, self._file.schema_arrow)
        rest = table.slice(count)
        self._held = rest.to_batches() if rest.num_rows else []
        return table.slice(0, count)

    def _drop(self, before: pa.Table, kept: np.ndarray) -> None:
        if len(kept) == before.num_rows or len(self.found.dropped) >= SHOWN_DROPPED:
            return
        gone = np.setdiff1d(np.arange(before.num_rows), kept, assume_unique=True)
        for position in gone[: SHOWN_DROPPED - len(self.found.dropped)]:
            names = before.column_names[:SHOWN_COLUMNS]
            shown = {name: self._mask(name, plain(before[name][int(position)])) for name in names}
            self.found.dropped.append({"row": self._start + int(position) + 1, "values": shown})

    def _compare(self, before: pa.Table, after: pa.Table, rows: np.ndarray) -> None:
        any_changed = np.zeros(len(rows), dtype=bool)
        flags: dict[str, np.ndarray] = {}
        for name in after.column_names:
            if name not in before.column_names:
                continue
            changed = changed_cells(before[name], after[name])
            count = int(changed.sum())
            if count:
                flags[name] = changed
                self.found.cells_changed[name] = self.found.cells_changed.get(name, 0) + count
                any_changed |= changed
        self.found.rows_changed += int(any_changed.sum())
        for name, changed in flags.items():
            for position in np.flatnonzero(changed)[:SHOWN_PER_COLUMN]:
                self._show(name, int(position), flags, before, after, rows)

    def _show(
        self,
        name: str,
        position: int,
        flags: dict[str, np.ndarray],
        before: pa.Table,
        after: pa.Table,
        rows: np.ndarray,
    ) -> None:
        """Keep the row as an example when the column has too few, with all of its changed cells."""
        number = int(rows[position]) + 1
        known = any(row["row"] == number for row in self.found.changed)
        if known or len(self.found.changed) >= SHOWN_CHANGED or self._shown_of.get(name, 0) >= SHOWN_PER_COLUMN:
            return
        cells = {}
        for column in [each for each in flags if flags[each][position]][:SHOWN_COLUMNS]:
            protected = mask_value(plain(after[column][position]), personal=column in self._masked - self._bare)
            cells[column] = [self._mask(column, plain(before[column][position])), protected]
            self._shown_of[column] = self._shown_of.get(column, 0) + 1
        self.found.changed.append({"row": number, "changed": cells})

    def _mask(self, name: str, value: Any) -> Any:
        return mask_value(value, personal=name in self._masked)


def plain(cell: pa.Scalar) -> Any:
    """The value as Python knows it; a time that Python cannot hold, such as one after the year 9999, as a text."""
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return str(cell.cast(pa.string()).as_py())


def changed_cells(before: pa.ChunkedArray, after: pa.ChunkedArray) -> np.ndarray:
    """One flag for each cell: it is another value now. Missing equals missing, NaN equals NaN."""
    if before.type != after.type:
        before, after = before.cast(pa.string()), after.cast(pa.string())
    differ = pc.fill_null(pc.not_equal(before, after), False)
    if pa.types.is_floating(before.type):
        both = pc.and_(pc.is_nan(before), pc.is_nan(after))
        differ = pc.and_not(differ, pc.fill_null(both, False))
    differ = pc.or_(differ, pc.xor(pc.is_null(before), pc.is_null(after)))
    return np.asarray(differ.to_numpy(), dtype=bool)
