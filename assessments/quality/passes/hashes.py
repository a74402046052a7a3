"""Which of very many 64-bit numbers come up more than once, in memory that does not grow with them.

Numbers are held in one array until it is full; it is then sorted, which numpy does by the processor's vector
instructions, and written to a file: a run. In the end one range of numbers after another is read from all runs,
sorted, and its equal neighbours are counted. Hashes spread evenly, so that ranges of equal width hold about as many
numbers each; they are made as narrow as it takes for one to hold no more than ``PIECE`` numbers.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

HELD_BYTES = 64 * 2**20
# So many numbers are compared at once in the end.
PIECE = 1 << 19
# A run tells for so many ranges of equal width where they begin.
RANGE_BITS = 12
# Look at the first million: when most of them are repeated there is no use in going on.
EARLY = 1_000_000
Hashes = npt.NDArray[np.uint64]


class TooManyRepeatsError(Exception):
    """More numbers are repeated than is worth handling here."""


@dataclass(frozen=True)
class Repeats:
    """``hashes`` are the numbers that came up more than once, each once and in their order; ``rows`` how often they
    came up in all."""

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
        self._looked = False
        self._held: Hashes = np.empty(max(held_bytes // 8, 1), np.uint64)
        self._cuts: list[npt.NDArray[np.int64]] = []

    def add(self, hashes: Hashes) -> None:
        self._require_few_early(hashes)
        self.total += len(hashes)
        while len(hashes):
            if self._filled == len(self._held):
                self._spill()
            taken, hashes = np.split(hashes, [len(self._held) - self._filled])
            self._held[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)

    def repeats(self) -> Repeats:
        found, rows = [], 0
        for hashes in self._sorted_pieces():
            same = hashes[1:] == hashes[:-1]
            if not same.any():
                continue
            again = hashes[1:][same]
            distinct = again[np.concatenate(([True], again[1:] != again[:-1]))]
            found.append(distinct)
            rows += len(again) + len(distinct)
            self._require_few(rows)
        return Repeats(np.concatenate(found) if found else np.empty(0, np.uint64), rows, self.total)

    def _sorted_pieces(self) -> Iterator[Hashes]:
        """All numbers, range after range, in their order; the array of one is overwritten by the next."""
        if not self._cuts:
            held = self._held[: self._filled]
            held.sort()
            yield held
            return
        self._spill()
        self._held = np.empty(0, np.uint64)
        counts = np.sum([np.diff(cuts) for cuts in self._cuts], axis=0)
        edges = list(_edges(counts))
        piece = np.empty(max(int(counts[begin:end].sum()) for begin, end in edges), np.uint64)
        with ExitStack() as open_files:
            files = [open_files.enter_context(self._file(run).open("rb")) for run in range(len(self._cuts))]
            for begin, end in edges:
                filled = 0
                for file, cuts in zip(files, self._cuts, strict=True):
                    wanted = piece[filled : filled + int(cuts[end] - cuts[begin])]
                    file.seek(int(cuts[begin]) * 8)
                    file.readinto(wanted.data)
                    filled += len(wanted)
                hashes = piece[:filled]
                hashes.sort()
                yield hashes
        for run in range(len(self._cuts)):
            self._file(run).unlink()

    def _spill(self) -> None:
        if self.folder is None:
            raise TooManyRepeatsError
        held = self._held[: self._filled]
        held.sort()
        boundaries = np.arange(1, 1 << RANGE_BITS, dtype=np.uint64) << np.uint64(64 - RANGE_BITS)
        held.tofile(self._file(len(self._cuts)))
        self._cuts.append(np.concatenate(([0], np.searchsorted(held, boundaries), [len(held)])))
        self._filled = 0

    def _file(self, run: int) -> Path:
        assert self.folder is not None  # noqa: S101  nothing is spilled without one
        return self.folder / f"{id(self):x}-{run:04}.hashes"

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


def _edges(counts: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Neighbouring ranges put together, as long as they hold no more than ``PIECE`` numbers: where they begin and
    end."""
    ends, held = [0], 0
    for position, count in enumerate(counts.tolist()):
        if held and held + count > PIECE:
            ends.append(position)
            held = 0
        held += count
    return pairwise([*ends, len(counts)])
