"""What all sequence models share: vectors of items and places, a body over packed tokens, the losses of the head."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.models.sequences.layers import Dropout
from ml.models.sequences.packing import Packed
from ml.training.item_losses import binary, full_cross_entropy, hits, sampled_softmax

FIRST_DEVIATION = 0.05  # of the untrained vectors: small, so that the first logits are nearly equal
Loss = Literal["bce", "gbce", "sampled_softmax", "full_cross_entropy"]


@dataclass(frozen=True)
class Batch:
    """Tokens of several sequences, and the rows of them at which an item is to be told."""

    packed: Packed
    ids: Tensor  # [n]
    rows: Tensor | None  # [p] the rows that are asked; None asks all
    targets: Tensor  # [p]
    negatives: Tensor  # [k] different items, shared by all rows; empty for the full cross-entropy
    count: float  # what the sum of the losses is divided by


class SequenceNetwork(nn.Module):
    """``forward`` is the loss of a batch, so that processes which train together meet only there.

    ``body`` holds layers that take ([n, width], Packed). Items are told by the product of state and item vector, and a
    bias for what is popular.
    """

    def __init__(
        self,
        n_items: int,
        *,
        width: int,
        length: int,
        body: list[nn.Module],
        dropout: float,
        specials: int = 0,
        loss: Loss = "full_cross_entropy",
        calibration: float = 0.75,
    ) -> None:
        super().__init__()
        self.n_items, self.length, self.loss, self.calibration = n_items, length, loss, calibration
        self.items = nn.Embedding(n_items + specials, width)
        self.places = nn.Embedding(length, width)
        self.body, self.norm, self.dropout = nn.ModuleList(body), nn.LayerNorm(width), Dropout(dropout)
        self.bias = nn.Parameter(torch.zeros(n_items))
        for table in (self.items, self.places):
            nn.init.normal_(table.weight, std=FIRST_DEVIATION)

    def states(self, vectors: Tensor, packed: Packed) -> Tensor:
        """[n, width] from the items' vectors of the tokens."""
        x = self.dropout(vectors + self.places(packed.places))
        for layer in self.body:
            x = layer(x, packed)
        normed: Tensor = self.norm(x)
        return normed

    def forward(self, batch: Batch) -> Tensor:
        """The batch's loss: the sum over what is asked, divided by its count."""
        cuts = [len(batch.ids), len(batch.targets), len(batch.negatives)]
        if self.loss == "full_cross_entropy":
            states = self.states(self.items(batch.ids), batch.packed)
            asked = _with_one(states if batch.rows is None else states[batch.rows])
            table = torch.cat([self.items.weight[: self.n_items], self.bias[:, None]], 1)
            return full_cross_entropy(asked, table, batch.targets) / batch.count
        gathered = self.items(torch.cat([batch.ids, batch.targets, batch.negatives]))  # one dense gradient, not three
        vectors, targets, negatives = torch.split(gathered, cuts)
        biases = functional.embedding(torch.cat([batch.targets, batch.negatives]), self.bias[:, None])
        targets = torch.cat([targets, biases[: cuts[1]]], 1)
        negatives = torch.cat([negatives, biases[cuts[1] :]], 1)
        states = self.states(vectors, batch.packed)
        asked = _with_one(states if batch.rows is None else states[batch.rows])
        found = hits(batch.targets, batch.negatives, self.n_items)
        if self.loss == "sampled_softmax":
            return sampled_softmax(asked, targets, negatives, found, self.n_items) / batch.count
        positive = (asked * targets).sum(1).float()
        negative = (asked @ negatives.T).float().index_put(found, asked.new_tensor(-torch.inf, dtype=torch.float32))
        calibration = self.calibration if self.loss == "gbce" else 0.0
        return binary(positive, negative, self.n_items, calibration).sum() / batch.count

    def logits(self, states: Tensor) -> Tensor:
        """[states, n_items]."""
        return states @ self.items.weight[: self.n_items].T + self.bias

    @torch.no_grad()
    def begin_with(self, counts: Tensor) -> None:
        """Let the untrained biases say how often each item was met."""
        logs = torch.log1p(counts.to(self.bias))
        self.bias.copy_(logs - logs.mean())

    def last_states(self, ids: Tensor, packed: Packed) -> Tensor:
        """[sequences, width] the state after the last token of each."""
        return self.states(functional.embedding(ids, self.items.weight), packed)[packed.last]


def _with_one(states: Tensor) -> Tensor:
    """[n, width + 1] whose last column meets the biases."""
    return torch.cat([states, states.new_ones(len(states), 1)], 1)
