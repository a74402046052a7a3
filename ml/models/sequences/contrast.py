"""Two changed views of one sequence are to be told from those of others: CL4SRec (Xie et al., ICDE 2022)."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.data.sequences import Longs, Sequences, windows
from ml.models.sequences.network import Batch, SequenceNetwork
from ml.models.sequences.packing import Packed, pack
from ml.models.sequences.source import WindowSource

CROPPED, MASKED, REORDERED = 0.6, 0.3, 0.6  # the share kept by a crop, hidden by a mask, shuffled by a reordering
TEMPERATURE = 0.1  # of the cosine


def crop(items: Longs, rng: np.random.Generator) -> Longs:
    """One run of the items."""
    kept = max(1, round(CROPPED * len(items)))
    start = int(rng.integers(0, len(items) - kept + 1))
    return items[start : start + kept]


def mask(items: Longs, rng: np.random.Generator, token: int) -> Longs:
    """Some items hidden behind ``token``, never all."""
    hidden = rng.permutation(len(items))[: min(len(items) - 1, round(MASKED * len(items)))]
    changed = items.copy()
    changed[hidden] = token
    return changed


def reorder(items: Longs, rng: np.random.Generator) -> Longs:
    """One run of the items shuffled."""
    wide = max(1, round(REORDERED * len(items)))
    start = int(rng.integers(0, len(items) - wide + 1))
    changed = items.copy()
    changed[start : start + wide] = rng.permutation(changed[start : start + wide])
    return changed


class Views(WindowSource):
    """Of each window two views, each changed in one of the three ways at random."""

    def __init__(self, sequences: Sequences, *, length: int, n_items: int) -> None:
        starts, lengths = windows(sequences.starts[:-1], sequences.lengths, length)
        long_enough = lengths > 2
        super().__init__(sequences.items, starts[long_enough], lengths[long_enough], n_items=n_items, negatives=0)

    def plan(self, batch_size: int, order: torch.Generator) -> list[Tensor]:
        """A batch of one has nothing to be told from, so a last one is left out."""
        return [each for each in super().plan(batch_size, order) if len(each) > 1]

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        chosen = positions.cpu().numpy()
        rng = np.random.default_rng(int(torch.randint(2**62, (), generator=self.draws)))
        all_items = self.items.numpy()
        own = [all_items[self.starts[each] : self.starts[each] + self.lengths[each]] for each in chosen]
        views = [self._view(items, rng) for _ in range(2) for items in own]
        mine = self.part(chosen).places.tolist()
        views = [views[place + half * len(chosen)] for half in range(2) for place in mine]
        lengths = np.array([len(view) for view in views])
        packed = pack(np.cumsum(lengths) - lengths, lengths)
        ids = torch.from_numpy(np.concatenate(views))[packed.rows].to(positions.device)
        loss: Tensor = model(ids, packed.to(positions.device))
        return loss

    def batch(self, positions: Tensor) -> Batch:
        raise NotImplementedError("Views are compared with each other; nothing is asked of them.")

    def _view(self, items: Longs, rng: np.random.Generator) -> Longs:
        kind = int(rng.integers(3))
        return crop(items, rng) if kind == 0 else mask(items, rng, self.n_items) if kind == 1 else reorder(items, rng)


class Contrast(nn.Module):
    """The loss of telling each sequence's other view among all of the batch, by the state after its last token."""

    def __init__(self, network: SequenceNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, packed: Packed) -> Tensor:
        return tell_views(self.network.last_states(ids, packed))


def tell_views(states: Tensor) -> Tensor:
    """Mean InfoNCE of [2 n, d] states, of which row i and row i + n are views of one sequence (Chen et al., 2020)."""
    unit = functional.normalize(states.float(), dim=1)
    likeness = unit @ unit.T / TEMPERATURE
    likeness = likeness.masked_fill(torch.eye(len(unit), dtype=torch.bool, device=unit.device), -torch.inf)
    other = torch.arange(len(unit), device=unit.device).roll(len(unit) // 2)
    return functional.cross_entropy(likeness, other)
