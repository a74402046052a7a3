"""Which of very many 64-bit numbers come up more than once, in bounded memory.

Numbers arrive batch by batch. Each batch is sorted, which numpy does by the processor's vector instructions, and cut
at the boundaries of 64 buckets by its highest bits. Buckets are held until they fill ``held_bytes`` and then appended
to a file each. In the end one bucket after another is sorted and equal neighbours are counted. Hashes spread evenly,
so that a bucket is a sixty-fourth of all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

BUCKET_BITS = 6
BUCKETS = 1 << BUCKET_BITS
HELD_BYTES = 128 * 2**20
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
        self.folder, self.most, self.share, self.held_bytes = folder, most, share, held_bytes
        self.total = self._held = 0
        self._looked = False
        self._buckets: list[list[Hashes]] = [[] for _bucket in range(BUCKETS)]
        self._boundaries = np.arange(1, BUCKETS, dtype=np.uint64) << np.uint64(64 - BUCKET_BITS)

    def add(self, hashes: Hashes) -> None:
        self._require_few_early(hashes)
        ordered = np.sort(hashes)
        cuts = np.searchsorted(ordered, self._boundaries)
        for bucket, piece in zip(self._buckets, np.split(ordered, cuts), strict=True):
            if len(piece):
                bucket.append(piece)
        self.total += len(ordered)
        self._held += ordered.nbytes
        if self._held > self.held_bytes:
            self._spill()

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
        for position, held in enumerate(self._buckets):
            pieces = list(held)
            held.clear()
            if (path := self._file(position)) is not None and path.exists():
                pieces.append(np.fromfile(path, np.uint64))
                path.unlink()
            if pieces:
                hashes = np.concatenate(pieces)
                hashes.sort()
                yield hashes

    def _spill(self) -> None:
        if self.folder is None:
            raise TooManyRepeatsError
        for position, pieces in enumerate(self._buckets):
            path = self._file(position)
            assert path is not None  # noqa: S101  there is a folder
            with path.open("ab") as file:
                for piece in pieces:
                    file.write(piece.data)
            pieces.clear()
        self._held = 0

    def _file(self, position: int) -> Path | None:
        return None if self.folder is None else self.folder / f"{id(self):x}-{position:02}.hashes"

    def _require_few_early(self, hashes: Hashes) -> None:
        """A look at the first million hashes, once."""
        if self._looked or self.total + len(hashes) < EARLY:
            return
        self._looked = True
        seen = np.sort(np.concatenate([hashes, *(piece for bucket in self._buckets for piece in bucket)]))
        rows = int((seen[1:] == seen[:-1]).sum())
        if rows > self.share * len(seen):
            raise TooManyRepeatsError

    def _require_few(self, rows: int) -> None:
        if rows > self.most or rows > max(100_000, self.share * self.total):
            raise TooManyRepeatsError
