"""Many sequences as one row of tokens without padding, and as small padded grids where positions must meet.

What happens to each token by itself (linear layers, norms, losses) happens to the packed row. Attention and convolution
need positions beside each other: the sequences stand sorted by length, and those of about one length share a grid.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

WIDTHS = np.array([2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048])


@dataclass(frozen=True)
class Grid:
    """``users`` sequences of at most ``width`` tokens, which stand in the rows ``start`` to ``stop`` of the packing."""

    start: int
    stop: int
    users: int
    width: int
    cells: Tensor | None  # [stop - start] the cell of each token, row by row; None when the grid is full

    def spread(self, packed: Tensor) -> Tensor:
        """[users, width, d] from all packed rows [n, d]; cells without a token are 0."""
        rows, wide = packed[self.start : self.stop], packed.shape[1]
        if self.cells is not None:
            rows = rows.new_zeros(self.users * self.width, wide).index_copy(0, self.cells, rows)
        return rows.view(self.users, self.width, wide)

    def gather(self, grid: Tensor) -> Tensor:
        """[stop - start, d] the tokens of a grid."""
        flat = grid.reshape(self.users * self.width, -1)
        return flat if self.cells is None else flat[self.cells]

    def filled(self) -> Tensor | None:
        """[users, width] where tokens are; None when they are everywhere."""
        if self.cells is None:
            return None
        mask = torch.zeros(self.users * self.width, dtype=torch.bool, device=self.cells.device)
        mask[self.cells] = True
        return mask.view(self.users, self.width)


@dataclass(frozen=True)
class Packed:
    """n tokens of several sequences one after another, sorted by length.

    A token's place counts from the end of its sequence, so that the newest is always 0.
    """

    rows: Tensor  # [n] where each token stands in the array of all items
    places: Tensor  # [n]
    inside: Tensor  # [n] how many tokens of its sequence stand before it
    owners: Tensor  # [n] its sequence, in the order in which they were asked for
    grids: tuple[Grid, ...]
    last: Tensor  # [sequences] the row of each one's last token, in the order in which they were asked for

    def to(self, device: torch.device) -> "Packed":
        if device.type == "cpu":
            return self
        grids = tuple(replace(g, cells=g.cells.to(device) if g.cells is not None else None) for g in self.grids)
        rows, places, inside, owners, last = (
            each.to(device) for each in (self.rows, self.places, self.inside, self.owners, self.last)
        )
        return Packed(rows, places, inside, owners, grids, last)


def pack(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Packed:
    """Pack the sequences that begin at ``starts`` of the array of all items; each has at least one token."""
    order = np.argsort(lengths, kind="stable")
    sorted_lengths = lengths[order]
    ends = np.cumsum(sorted_lengths)
    begins = ends - sorted_lengths
    inside = np.arange(int(ends[-1])) - np.repeat(begins, sorted_lengths)
    last = np.empty(len(order), np.int64)
    last[order] = ends - 1
    return Packed(
        rows=torch.from_numpy(np.repeat(starts[order], sorted_lengths) + inside),
        places=torch.from_numpy(np.repeat(sorted_lengths, sorted_lengths) - 1 - inside),
        inside=torch.from_numpy(inside),
        owners=torch.from_numpy(np.repeat(order, sorted_lengths)),
        grids=tuple(_grids(sorted_lengths, begins, inside)),
        last=torch.from_numpy(last),
    )


def _grids(lengths: NDArray[np.int64], begins: NDArray[np.int64], inside: NDArray[np.int64]) -> list[Grid]:
    kinds = np.searchsorted(WIDTHS, lengths)
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(kinds)) + 1, [len(lengths)]])
    grids = []
    for low, high in pairwise(cuts):
        start, stop, width = int(begins[low]), int(begins[high - 1] + lengths[high - 1]), int(lengths[high - 1])
        cells = None
        if lengths[low] != width:
            users = np.repeat(np.arange(high - low), lengths[low:high])
            cells = torch.from_numpy(users * width + inside[start:stop])
        grids.append(Grid(start, stop, int(high - low), width, cells))
    return grids
