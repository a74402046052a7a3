"""Whole histories of users, and how likely a softmax over all items makes them."""

import hashlib
from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_array
from torch import Tensor, nn
from torch.autograd import Function

from ml.training.item_losses import block_rows


class HistorySource:
    """The loss of a batch of users: minus the mean log-likelihood of their events, plus the penalty on the factors.

    An event is drawn from the softmax of its user's scores over all items. The network is called with users [n] and
    gives their rows [n, d], the table of all items [N, d] and the penalty, as of the share of the users in the batch.
    """

    def __init__(self, met: csr_array, device: torch.device) -> None:
        kept = np.flatnonzero(np.diff(met.indptr))
        self.users, self.device = torch.from_numpy(kept), device
        self.met = csr_array(met[kept])

    def __len__(self) -> int:
        return len(self.users)

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for array in (self.met.indptr, self.met.indices, self.met.data):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        rows, items, penalty = model(self.users[positions.cpu()].to(self.device), len(positions) / len(self))
        met = self.met[positions.cpu().numpy()].tocoo()
        users, own = (torch.from_numpy(each.astype(np.int64)).to(self.device) for each in (met.row, met.col))
        weights = torch.from_numpy(met.data.astype(np.float32)).to(self.device)
        loss: Tensor = (multinomial(rows, items, users, own, weights) + penalty) / weights.sum()
        return loss


def multinomial(rows: Tensor, items: Tensor, users: Tensor, own: Tensor, weights: Tensor) -> Tensor:
    """Minus the log-likelihood of events under the softmax of each row's products with all items.

    ``rows`` [n, d], ``items`` [N, d]. ``users`` (ascending), ``own`` and ``weights`` [events] say which row met which
    item, and how often. Blocks of rows at a time: forward also computes the gradient, so n x N numbers are never held.
    """
    total: Tensor = _Multinomial.apply(rows, items, users, own, weights)  # type: ignore[no-untyped-call]
    return total


class _Multinomial(Function):
    @staticmethod
    def forward(ctx: Any, rows: Tensor, items: Tensor, users: Tensor, own: Tensor, weights: Tensor) -> Tensor:
        counts = rows.new_zeros(len(rows)).index_add_(0, users, weights)
        total = rows.new_zeros(())
        of_rows, of_items = torch.empty_like(rows), torch.zeros_like(items)
        size = block_rows(len(items), rows.device)
        cuts = torch.searchsorted(users, torch.arange(0, len(rows) + size, size, device=users.device)).tolist()
        for number, start in enumerate(range(0, len(rows), size)):
            part, found = slice(start, start + size), slice(cuts[number], cuts[number + 1])
            places = (users[found] - start, own[found])
            logits = rows[part] @ items.T
            largest = logits.amax(1, keepdim=True)
            total -= (weights[found] * logits[places]).sum()
            chances = logits.sub_(largest).exp_()
            sums = chances.sum(1, keepdim=True)
            total += (counts[part, None] * (sums.log() + largest)).sum()
            chances.mul_(counts[part, None] / sums).index_put_(places, -weights[found], accumulate=True)
            of_rows[part] = chances @ items
            of_items += chances.T @ rows[part]
        ctx.save_for_backward(of_rows, of_items)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        of_rows, of_items = ctx.saved_tensors
        return of_rows * gradients[0], of_items * gradients[0], None, None, None
