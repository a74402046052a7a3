"""Sequences as the training loop wants them: windows of users, and of each window what is asked."""

import hashlib

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.data.sequences import Longs, Sequences, windows
from ml.errors import DataError
from ml.models.sequences.network import Batch
from ml.models.sequences.packing import Packed, pack

DRAWN_IN_FULL = 100_000  # up to so many items the negatives are the first of a permutation


class WindowSource:
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

    def batch(self, positions: Tensor) -> Batch:
        raise NotImplementedError

    def share(self, positions: NDArray[np.int64]) -> slice:
        """Which of a batch's windows this process computes: every ``ranks``-th."""
        return slice(self.rank, None, self.ranks)

    def draw_negatives(self, device: torch.device) -> Tensor:
        """[k] different items, uniformly."""
        if not self.negatives:
            return torch.empty(0, dtype=torch.int64, device=device)
        if self.n_items <= DRAWN_IN_FULL:
            drawn = torch.randperm(self.n_items, generator=self.draws)[: self.negatives]
        else:
            drawn = torch.randint(self.n_items, (self.negatives,), generator=self.draws).unique()
        return drawn.to(device)


class NextItems(WindowSource):
    """After each token the next item of the same user is asked.

    ``only_new``: not where the user had met that item before, for a ranking that leaves such items out.
    """

    def __init__(
        self, sequences: Sequences, *, length: int, n_items: int, negatives: int, only_new: bool = False
    ) -> None:
        inputs = np.maximum(sequences.lengths - 1, 0)
        starts, lengths = windows(sequences.starts[:-1], inputs, length)
        self.asked: Tensor | None = None
        if only_new:
            new = ~sequences.met_before()
            self.asked = torch.from_numpy(new)
            new_before = np.concatenate([[0], np.cumsum(new)])
            counts = new_before[starts + lengths + 1] - new_before[starts + 1]
            starts, lengths = starts[counts > 0], lengths[counts > 0]
        super().__init__(sequences.items, starts, lengths, n_items=n_items, negatives=negatives)

    def fingerprint(self) -> str:
        return super().fingerprint() + ("new" if self.asked is not None else "")

    def batch(self, positions: Tensor) -> Batch:
        chosen = positions.cpu().numpy()
        count = self._count(chosen) / self.ranks
        mine = chosen[self.share(chosen)]
        if not len(mine):  # fewer windows than processes: repeat one, and let it count nothing
            mine, count = chosen[:1], float("inf")
        packed = pack(self.starts[mine], self.lengths[mine])
        targets, rows = self.items[packed.rows + 1], None
        if self.asked is not None:
            rows = torch.nonzero(self.asked[packed.rows + 1]).squeeze(1)
            targets = targets[rows]
        negatives = self.draw_negatives(torch.device("cpu"))
        return moved(Batch(packed, self.items[packed.rows], rows, targets, negatives, count), positions.device)

    def _count(self, chosen: NDArray[np.int64]) -> float:
        if self.asked is None:
            return float(self.lengths[chosen].sum())
        return float(sum(int(self.asked[s + 1 : s + n + 1].sum()) for s, n in self.spans(chosen)))

    def spans(self, chosen: NDArray[np.int64]) -> list[tuple[int, int]]:
        return list(zip(self.starts[chosen].tolist(), self.lengths[chosen].tolist(), strict=True))


def moved(batch: Batch, device: torch.device) -> Batch:
    """The batch on this device."""
    if device.type == "cpu":
        return batch
    packed: Packed = batch.packed.to(device)
    rows = batch.rows.to(device) if batch.rows is not None else None
    ids, targets, negatives = (each.to(device) for each in (batch.ids, batch.targets, batch.negatives))
    return Batch(packed, ids, rows, targets, negatives, batch.count)
