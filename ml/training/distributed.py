"""Several processes that train one model, each on its share of every batch (torch's DistributedDataParallel).

They are started by ``torchrun`` (``python -m torch.distributed.run --nproc_per_node 2 …``), which tells each its place
by environment variables. On CUDA each takes the device of its local rank and they speak by NCCL, otherwise by gloo.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from ml.errors import DataError


@dataclass(frozen=True)
class Group:
    """The processes that train together: this one's ``rank`` among ``size``."""

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """The one that writes checkpoints and logs."""
        return self.rank == 0

    def wrap(self, model: nn.Module) -> nn.Module:
        """The model whose gradients are means over the processes; all start from the first one's weights."""
        return model if self.size == 1 else DistributedDataParallel(model)

    def agree(self, value: float, device: torch.device) -> float:
        """The first process's value, so that all stop at the same epoch."""
        if self.size == 1:
            return value
        shared = torch.tensor(value, dtype=torch.float64, device=device)
        distributed.broadcast(shared, 0)
        return float(shared)

    def mean(self, value: Tensor, device: torch.device) -> float:
        """The mean of the value over the processes."""
        if self.size == 1:
            return float(value)
        shared = value.detach().to(device, torch.float64)
        distributed.all_reduce(shared)
        return float(shared) / self.size

    def reseed(self, seed: int, epoch: int) -> None:
        """Give each process its own dropout in each epoch; one process alone draws on."""
        if self.size > 1:
            torch.manual_seed(seed + 1_000_003 * epoch + self.rank)


ALONE = Group()


def current_group() -> Group:
    """The group that was joined, or ALONE."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return ALONE
    return Group(distributed.get_rank(), distributed.get_world_size())


@contextmanager
def process_group(device: torch.device) -> Iterator[Group]:
    """The group that ``torchrun`` started, or ALONE. Raises DataError when its processes do not find each other."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield ALONE
        return
    if device.type == "cuda":
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    try:
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    except (RuntimeError, ValueError) as error:
        raise DataError(
            "The processes that are to train together did not find each other.",
            where="torchrun",
            hint="Start them with python -m torch.distributed.run and look whether all came up.",
        ) from error
    try:
        yield current_group()
    finally:
        distributed.destroy_process_group()
