"""What the loop trains on."""

from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn


class Source(Protocol):
    """Training examples on their device.

    ``loss`` is the mean loss of the examples at these positions; it may draw from torch's or NumPy's global generators,
    which the loop seeds and keeps in its checkpoints. ``fingerprint`` is the same for the same examples alone.
    """

    def __len__(self) -> int: ...

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor: ...

    def fingerprint(self) -> str: ...


@runtime_checkable
class PlannedSource(Source, Protocol):
    """A source that cuts its own batches, of one size of work perhaps, and whose draws are equal in all processes.

    The loop seeds ``draws`` and keeps its state. Of each batch a process computes the share of its ``rank`` among
    ``ranks`` so that the mean of the losses over the processes is the loss of the whole batch.
    """

    draws: torch.Generator
    rank: int
    ranks: int

    def plan(self, batch_size: int, order: torch.Generator) -> list[Tensor]:
        """The batches of one epoch, each position once; drawn from ``order`` alone, so that it can be done again."""
        ...


def plan_epoch(source: Source, batch_size: int, order: torch.Generator) -> list[Tensor]:
    """The batches of an epoch in an order drawn from ``order``."""
    if isinstance(source, PlannedSource):
        return source.plan(batch_size, order)
    return list(torch.split(torch.randperm(len(source), generator=order), batch_size))
