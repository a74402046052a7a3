"""Which of very many 64-bit numbers come up more than once, in bounded memory.

Numbers arrive batch by batch. Each batch is sorted, which numpy does by the processor's vector instructions, and cut
at the boundaries of 64 buckets by its highest bits. Batches are held until they fill ``held_bytes``; their buckets are
then appended to a file each. In the end one bucket after another is sorted and equal neighbours are counted. Hashes
spread evenly, so that a bucket is a sixty-fourth of all.

What is held is one array, which goes back to the system whole: thousands of small ones left as much behind in the
allocator for whatever comes next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

BUCKET_BITS = 6
BUCKETS = 1 << BUCKET_BITS
HELD_BYTES = 64 * 2**20
# Look at the first million: when most of them are repeated there is no use in going on.
EARLY = 1_000_000
Hashes = npt.NDArray[np.uint64]


class TooManyRepeatsError(Exception):
    """More numbers are repeated than is worth handling here."""


@dataclass(frozen=True)
class Repeats:
    """``hashes`` are the numbers that came up more than once, each once; ``rows`` how often they came up in all."""

    hashes: Hashes
    rows: int
    total: int


class HashStore:
    """Takes 64-bit hashes and tells the repeated ones.

    At most ``most`` may be repeated, and at most ``share`` of all of them as far as that is more than 100,000; else
    TooManyRepeatsError. Without a ``folder`` all are held in memory and more than ``held_bytes`` raise it too.
    """

    def __init__(
        self, folder: Path | None, *, most: int = 4_000_000, share: float = 0.25, held_bytes: int = HELD_BYTES
    ) -> None:
        self.folder, self.most, self.share = folder, most, share
        self.total = self._filled = 0
        self._looked = self._spilled = False
        self._held: Hashes = np.empty(max(held_bytes // 8, 1), np.uint64)
        self._cuts: list[npt.NDArray[np.int64]] = []
        self._boundaries = np.arange(1, BUCKETS, dtype=np.uint64) << np.uint64(64 - BUCKET_BITS)

    def add(self, hashes: Hashes) -> None:
        self._require_few_early(hashes)
        self.total += len(hashes)
        for begin in range(0, len(hashes), len(self._held)):
            self._put(hashes[begin : begin + len(self._held)])

    def _put(self, hashes: Hashes) -> None:
        if self._filled + len(hashes) > len(self._held):
            self._spill()
        begin, end = self._filled, self._filled + len(hashes)
        held = self._held[begin:end]
        held[:] = hashes
        held.sort()
        self._cuts.append(begin + np.concatenate(([0], np.searchsorted(held, self._boundaries), [len(held)])))
        self._filled = end

    def repeats(self) -> Repeats:
        found, rows = [], 0
        for hashes in self._sorted_buckets():
            same = hashes[1:] == hashes[:-1]
            if not same.any():
                continue
            again = hashes[1:][same]
            distinct = again[np.concatenate(([True], again[1:] != again[:-1]))]
            found.append(distinct)
            rows += len(again) + len(distinct)
            self._require_few(rows)
        return Repeats(np.concatenate(found) if found else np.empty(0, np.uint64), rows, self.total)

    def _sorted_buckets(self) -> Iterator[Hashes]:
        for bucket in range(BUCKETS):
            pieces = self._pieces(bucket)
            if self._spilled and (path := self._file(bucket)).exists():
                pieces.append(np.fromfile(path, np.uint64))
                path.unlink()
            hashes = np.concatenate(pieces)
            hashes.sort()
            yield hashes

    def _pieces(self, bucket: int) -> list[Hashes]:
        return [self._held[cuts[bucket] : cuts[bucket + 1]] for cuts in self._cuts] or [self._held[:0]]

    def _spill(self) -> None:
        if self.folder is None:
            raise TooManyRepeatsError
        for bucket in range(BUCKETS):
            with self._file(bucket).open("ab") as file:
                for piece in self._pieces(bucket):
                    file.write(piece.data)
        self._cuts.clear()
        self._filled, self._spilled = 0, True

    def _file(self, bucket: int) -> Path:
        assert self.folder is not None  # noqa: S101  nothing is spilled without one
        return self.folder / f"{id(self):x}-{bucket:02}.hashes"

    def _require_few_early(self, hashes: Hashes) -> None:
        """A look at the first million hashes, once."""
        if self._looked or self.total + len(hashes) < EARLY:
            return
        self._looked = True
        seen = np.sort(np.concatenate([hashes, self._held[: self._filled]]))
        rows = int((seen[1:] == seen[:-1]).sum())
        if rows > self.share * len(seen):
            raise TooManyRepeatsError

    def _require_few(self, rows: int) -> None:
        if rows > self.most or rows > max(100_000, self.share * self.total):
            raise TooManyRepeatsError
