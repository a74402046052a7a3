"""The one loop, watched by what a model's inputs ask for: epochs, checkpoints, the log and TensorBoard."""

from typing import Any

import torch
from torch import nn

from ml.models.base import Progress
from ml.models.inputs import Inputs
from ml.training.loop import Evaluate, LoopOptions, train
from ml.training.sources import Source


def train_watched(
    network: nn.Module,
    source: Source,
    judge: Evaluate,
    options: LoopOptions,
    inputs: Inputs,
    *,
    device: torch.device,
    progress: Progress,
) -> list[dict[str, Any]]:
    """The learning curve; see ``ml.training.loop.train``."""
    return train(
        network,
        source,
        judge,
        options,
        device=device,
        on_epoch=inputs.on_epoch,
        progress=progress,
        checkpoint=inputs.checkpoint,
        log=inputs.log,
        tensorboard=inputs.tensorboard,
    )
