"""What two towers learn from: for each event the user's history before it, and other items to tell it from.

The other items are those of the batch and some drawn evenly (Yang et al., "Mixed negative sampling", WWW 2020). From
each logit the logarithm of how often the item is expected among them is taken (Yi et al., "Sampling-bias-corrected
neural modeling", RecSys 2019), so that what is learned is the chance of an item, popular or not.
"""

import hashlib

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ml.data.sequences import Longs, Sequences
from ml.errors import DataError
from ml.models.towers import gathered

DRAWN_IN_FULL = 100_000  # up to so many items the negatives are the first of a permutation


class HistorySource:
    """A ``ml.training.sources.Source`` whose examples are events; items of one instant are no history of each other."""

    def __init__(
        self,
        sequences: Sequences,
        titles: Tensor,
        groups: Tensor,
        *,
        length: int,
        negatives: int,
        id_dropout: float,
        only_new: bool,
        device: torch.device,
        max_events: int = 0,
        seed: int = 0,
    ) -> None:
        """``titles`` [n_items, text size] and ``groups`` [n_users, groups] lie on the device.

        Of more than ``max_events`` events so many are drawn by the seed; 0 takes all. Histories stay whole.
        """
        self.sequences, self.titles, self.groups, self.device = sequences, titles, groups, device
        self.length, self.negatives, self.id_dropout = length, min(negatives, len(titles)), id_dropout
        self.owners = np.repeat(np.arange(len(sequences)), sequences.lengths)
        self.stops = _moment_starts(sequences, self.owners)
        self.rows = _first_meetings(sequences, self.owners) if only_new else np.arange(len(self.owners))
        if 0 < max_events < len(self.rows):
            self.rows = np.sort(np.random.default_rng(seed).choice(self.rows, max_events, replace=False))
        if not len(self.rows):
            raise DataError("There are too few events to train on.", where="train", hint="Use more history.")
        counts = np.bincount(sequences.items[self.rows], minlength=len(titles))
        self.chances = torch.from_numpy(counts / counts.sum()).to(device, torch.float32)

    def __len__(self) -> int:
        return len(self.rows)

    def fingerprint(self) -> str:
        digest = hashlib.sha256(f"{self.length}|{self.negatives}|{self.id_dropout}".encode())
        arrays = (self.sequences.items, self.owners, self.stops, self.rows, *(t.cpu().numpy() for t in self._tables()))
        for array in arrays:
            digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        """The mean cross-entropy of the event's item among the candidates of the batch."""
        rows = self.rows[positions.cpu().numpy()]
        owners = self.owners[rows]
        histories = gathered(self.sequences.items, self.sequences.starts[owners], self.stops[rows], self.length)
        targets = torch.from_numpy(self.sequences.items[rows])
        candidates, own = torch.unique(torch.cat([targets, self._drawn()]), return_inverse=True)
        items, places = _united(candidates, histories)
        known = (torch.rand(len(items)) >= self.id_dropout).float().to(self.device)
        moved = items.to(self.device)
        logits = model(
            self.titles[moved],
            moved,
            known,
            places.to(self.device),
            self.groups[torch.from_numpy(owners).to(self.device)],
            torch.searchsorted(items, candidates).to(self.device),
        )
        expected = len(rows) * self.chances[candidates.to(self.device)] + self.negatives / len(self.titles)
        return functional.cross_entropy(logits.float() - expected.log(), own[: len(rows)].to(self.device))

    def _drawn(self) -> Tensor:
        """Different items, each as likely as the others; the CPU draws, so that each device draws the same."""
        n_items = len(self.titles)
        if n_items <= DRAWN_IN_FULL:
            return torch.randperm(n_items)[: self.negatives]
        return torch.randint(n_items, (self.negatives,))

    def _tables(self) -> tuple[Tensor, Tensor]:
        return self.titles, self.groups


def _united(candidates: Tensor, histories: Longs) -> tuple[Tensor, Tensor]:
    """All different items of the batch, ascending, and the histories as places among them."""
    met = torch.from_numpy(histories)
    items = torch.unique(torch.cat([candidates, met[met >= 0]]))
    places = torch.where(met >= 0, torch.searchsorted(items, met.clamp(min=0)), -1)
    return items, places


def _moment_starts(sequences: Sequences, owners: NDArray[np.int64]) -> Longs:
    """[n] the first row of the instant that each row belongs to: where its history ends."""
    begins = np.ones(len(owners), bool)
    begins[1:] = (np.diff(owners) != 0) | (np.diff(sequences.times) != 0)
    starts: Longs = np.flatnonzero(begins)[np.cumsum(begins) - 1] if len(owners) else np.empty(0, np.int64)
    return starts


def _first_meetings(sequences: Sequences, owners: NDArray[np.int64]) -> Longs:
    """The rows in which a user met an item for the first time."""
    size = int(sequences.items.max(initial=0)) + 1
    rows: Longs = np.sort(np.unique(owners * size + sequences.items, return_index=True)[1])
    return rows
