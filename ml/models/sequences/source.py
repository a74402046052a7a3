"""Sequences as the training loop wants them: windows of users, and of each window what is asked."""

import hashlib
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ml.data.sequences import Longs, Sequences, next_moments, windows
from ml.errors import DataError
from ml.models.sequences.network import Batch
from ml.models.sequences.packing import Packed, pack

DRAWN_IN_FULL = 100_000  # up to so many items the negatives are the first of a permutation


class WindowSource(ABC):
    """Windows of sequences in a random order; a subclass says what is asked of a batch of them.

    It is a ``ml.training.sources.PlannedSource``: what is drawn comes from ``draws``, equal in all processes.
    """

    def __init__(self, items: Longs, starts: Longs, lengths: Longs, *, n_items: int, negatives: int) -> None:
        self.items, self.starts, self.lengths = torch.from_numpy(items), starts, lengths
        self.n_items, self.negatives = n_items, min(negatives, n_items)
        self.draws, self.rank, self.ranks = torch.Generator(), 0, 1
        if not len(starts):
            raise DataError(
                "No user has enough interactions to learn an order from.",
                where="train",
                hint="Sequence models need users with three interactions or more at different times.",
            )

    def __len__(self) -> int:
        return len(self.starts)

    def plan(self, batch_size: int, order: torch.Generator) -> list[Tensor]:
        """Windows in any order, so that each batch is a sample of all lengths."""
        return list(torch.split(torch.randperm(len(self), generator=order), batch_size))

    def fingerprint(self) -> str:
        """SHA-256 of all that the training sees."""
        digest = hashlib.sha256(f"{type(self).__name__}|{self.n_items}|{self.negatives}".encode())
        for array in (self.items.numpy(), self.starts, self.lengths):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        """The mean loss of what is asked of these windows; of several processes each computes its share of them."""
        loss: Tensor = model(self.batch(positions))
        return loss

    @abstractmethod
    def batch(self, positions: Tensor) -> Batch:
        """The tokens of these windows, what is asked of them, and the negatives."""

    def part(self, chosen: Longs) -> "Part":
        """Which of a batch's windows this process computes: every ``ranks``-th.

        Where there are fewer windows than processes, one is computed again and counts nothing.
        """
        places = np.arange(len(chosen))[self.rank :: self.ranks]
        divisor = float(self.ranks) if len(places) else 0.0
        places = places if len(places) else np.array([0])
        lengths = self.lengths[chosen]
        offsets = torch.from_numpy(np.cumsum(lengths) - lengths)
        return Part(chosen[places], torch.from_numpy(places), offsets, divisor)

    def draw_negatives(self) -> Tensor:
        """[k] different items, each as likely as the others."""
        if not self.negatives:
            return torch.empty(0, dtype=torch.int64)
        if self.n_items <= DRAWN_IN_FULL:
            return torch.randperm(self.n_items, generator=self.draws)[: self.negatives]
        drawn: Tensor = torch.randint(self.n_items, (self.negatives,), generator=self.draws).unique()  # type: ignore[no-untyped-call]
        return drawn


class NextItems(WindowSource):
    """After each token an item of the user's next instant is asked; of several, a basket, one is drawn each time."""

    def __init__(self, sequences: Sequences, *, length: int, n_items: int, negatives: int) -> None:
        self.first, self.stop = next_moments(sequences)
        followed = np.concatenate([[0], np.cumsum(self.stop > self.first)])
        inputs = followed[sequences.starts[1:]] - followed[sequences.starts[:-1]]
        starts, lengths = windows(sequences.starts[:-1], inputs, length)
        super().__init__(sequences.items, starts, lengths, n_items=n_items, negatives=negatives)

    def fingerprint(self) -> str:
        digest = hashlib.sha256(super().fingerprint().encode())
        for array in (self.first, self.stop):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def batch(self, positions: Tensor) -> Batch:
        chosen = positions.cpu().numpy()
        next_rows = self._draw_next(rows_of(self.starts[chosen], self.lengths[chosen]))
        part = self.part(chosen)
        packed = pack(self.starts[part.windows], self.lengths[part.windows])
        targets = self.items[torch.from_numpy(next_rows)[part.tokens(packed)]]
        count = part.weigh(len(next_rows))
        return moved(
            Batch(packed, self.items[packed.rows], None, targets, self.draw_negatives(), count), positions.device
        )

    def _draw_next(self, rows: Longs) -> Longs:
        """[rows] for each of them a row of its user's next instant."""
        first: Longs = self.first[rows]
        sizes = self.stop[rows] - first
        if (sizes == 1).all():
            return first
        drawn = torch.rand(len(rows), generator=self.draws, dtype=torch.float64).numpy()
        chosen: Longs = first + (drawn * sizes).astype(np.int64)
        return chosen


@dataclass(frozen=True)
class Part:
    """What one of several processes computes of a batch: some of its windows, at ``places`` among them."""

    windows: Longs  # as the source numbers them
    places: Tensor
    offsets: Tensor  # [windows of the batch] where the tokens of each begin, laid one after another
    divisor: float

    def tokens(self, packed: Packed) -> Tensor:
        """[n] the place of each packed token among all tokens of the batch."""
        found: Tensor = self.offsets[self.places[packed.owners]] + packed.inside
        return found

    def weigh(self, asked: int) -> float:
        """What this process divides its sum of losses by, so that the mean over the processes is the batch's loss."""
        return max(asked, 1) / self.divisor if self.divisor else math.inf


def rows_of(starts: Longs, lengths: Longs) -> Longs:
    """The rows of all tokens of the windows, one window after another."""
    inside = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows: Longs = np.repeat(starts, lengths) + inside
    return rows


def moved(batch: Batch, device: torch.device) -> Batch:
    """The batch on this device."""
    if device.type == "cpu":
        return batch
    packed: Packed = batch.packed.to(device)
    rows = batch.rows.to(device) if batch.rows is not None else None
    ids, targets, negatives = (each.to(device) for each in (batch.ids, batch.targets, batch.negatives))
    return Batch(packed, ids, rows, targets, negatives, batch.count)
