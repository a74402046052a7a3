"""Losses as functions of their arguments."""

import torch
from torch import Tensor
from torch.nn import functional


def binary_cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor | None = None) -> Tensor:
    """Mean of -[y log σ(z) + (1 - y) log(1 - σ(z))] over all examples, each times its weight.

    Taken from the logits z, because log σ(z) of a sigmoid that has rounded to 0 is minus infinity.
    """
    each = functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    if weights is None:
        return each.mean()
    return torch.sum(each * weights) / torch.sum(weights)
