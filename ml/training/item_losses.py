"""Losses over a catalogue: which of all items comes next. Logits are products of a state and an item's vector."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

CACHED, HELD = 262_144, 33_554_432  # logits held at once on the CPU (1 MiB, its cache) and on CUDA (128 MiB)


def block_rows(columns: int, device: torch.device) -> int:
    """How many rows of logits are worked on at once."""
    return max(16, (CACHED if device.type == "cpu" else HELD) // max(columns, 1))


def hits(targets: Tensor, negatives: Tensor, n_items: int) -> tuple[Tensor, Tensor]:
    """(rows, columns) where a shared negative is the row's own target; the negatives are all different."""
    column = torch.full((n_items,), -1, dtype=torch.int64, device=targets.device)
    column[negatives] = torch.arange(len(negatives), device=targets.device)
    found = column[targets]
    rows = torch.nonzero(found >= 0).squeeze(1)
    return rows, found[rows]


def sampled_softmax(states: Tensor, targets: Tensor, negatives: Tensor, found: tuple[Tensor, Tensor], n: int) -> Tensor:
    """The sum of the cross-entropies of the target among all ``n`` items, estimated from k different ones drawn evenly.

    ``states`` and ``targets`` (the target items' vectors) are [rows, d], ``negatives`` [k, d]; ``found`` (``hits``) are
    the (rows, columns) where a negative is the target, which does not count. Each item is
    among the negatives with chance k / n, so log n / k is added to their logits: importance sampling of the softmax's
    sum (Bengio and Senécal, 2008). With k = n it is the full cross-entropy.
    """
    shift = math.log(n / max(len(negatives), 1))
    total: Tensor = _SampledSoftmax.apply(states, targets, negatives, *found, shift)  # type: ignore[no-untyped-call]
    return total


class _SampledSoftmax(Function):
    """Gradients are computed in forward, a block of rows that fits into the cache at a time."""

    @staticmethod
    def forward(
        ctx: Any, states: Tensor, targets: Tensor, negatives: Tensor, rows: Tensor, columns: Tensor, shift: float
    ) -> Tensor:
        total = torch.zeros((), device=states.device)
        of_states, of_targets = torch.empty_like(states), torch.empty_like(targets)
        of_negatives = torch.zeros_like(negatives)
        size = block_rows(len(negatives), states.device)
        cuts = torch.searchsorted(rows, torch.arange(0, len(states) + size, size, device=rows.device)).tolist()
        for number, start in enumerate(range(0, len(states), size)):
            part, found = slice(start, start + size), slice(cuts[number], cuts[number + 1])
            state, target = states[part], targets[part]
            own = (state * target).sum(1, keepdim=True).float()
            logits = (state @ negatives.T).float().add_(shift)
            logits[rows[found] - start, columns[found]] = -torch.inf
            largest = torch.maximum(logits.amax(1, keepdim=True), own)
            chances, mine = logits.sub_(largest).exp_(), (own - largest).exp_()
            sums = chances.sum(1, keepdim=True) + mine
            total += (sums.log() + largest - own).sum()
            chances = chances.div_(sums).to(negatives.dtype)
            mine = mine.div_(sums).sub_(1.0).to(state.dtype)
            of_states[part] = chances @ negatives + mine * target
            of_targets[part] = mine * state
            of_negatives += (chances.T @ state).to(negatives.dtype)
        ctx.save_for_backward(of_states, of_targets, of_negatives)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        of_states, of_targets, of_negatives = (each * gradients[0] for each in ctx.saved_tensors)
        return of_states, of_targets, of_negatives, None, None, None


def binary(positive: Tensor, negative: Tensor, n_items: int, calibration: float) -> Tensor:
    """[n] binary cross-entropy of the target and k negatives, the mean over the k + 1 of them.

    The target's likelihood has the exponent β = α (t (1 - 1/α) + 1/α), α = k / (N - 1): gBCE of Petrov and Macdonald,
    "gSASRec", RecSys 2023. ``calibration`` t is 0 for plain binary cross-entropy and 1 for calibrated chances.
    """
    k = negative.shape[1]
    alpha = min(1.0, k / max(n_items - 1, 1))
    beta = alpha * (calibration * (1 - 1 / alpha) + 1 / alpha)
    return (beta * functional.softplus(-positive) + functional.softplus(negative).sum(1)) / (k + 1)


def full_cross_entropy(states: Tensor, items: Tensor, targets: Tensor) -> Tensor:
    """The sum of the n cross-entropies of the target among all items; ``states`` [n, d], ``items`` [N, d].

    Blocks of rows at a time: forward also computes the gradient, so n x N logits are never held.
    """
    total: Tensor = _FullCrossEntropy.apply(states, items, targets)  # type: ignore[no-untyped-call]
    return total


class _FullCrossEntropy(Function):
    @staticmethod
    def forward(ctx: Any, states: Tensor, items: Tensor, targets: Tensor) -> Tensor:
        total = torch.zeros((), device=states.device)
        of_states, of_items = torch.empty_like(states), torch.zeros_like(items)
        size = block_rows(len(items), states.device)
        for start in range(0, len(states), size):
            part = slice(start, start + size)
            own = targets[part, None]
            logits = (states[part] @ items.T).float()
            largest = logits.amax(1, keepdim=True)
            kept = logits.gather(1, own)
            chances = logits.sub_(largest).exp_()
            sums = chances.sum(1, keepdim=True)
            total += (sums.log() + largest - kept).sum()
            chances.div_(sums).scatter_add_(1, own, chances.new_full(own.shape, -1.0))
            chances = chances.to(states.dtype)
            of_states[part] = chances @ items.to(states.dtype)
            of_items += (chances.T @ states[part]).to(items.dtype)
        ctx.save_for_backward(of_states, of_items)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None]:
        of_states, of_items = ctx.saved_tensors
        return of_states * gradients[0], of_items * gradients[0], None
