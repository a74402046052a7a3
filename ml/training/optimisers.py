"""Optimisers and the course of their rate."""

import math
from collections.abc import Iterable

import torch
from torch import nn

from ml.training.options import LoopOptions


def make_optimiser(parameters: Iterable[nn.Parameter], options: LoopOptions) -> torch.optim.Optimizer:
    """Adam (Kingma and Ba, 2015), AdamW (Loshchilov and Hutter, 2019) or SGD with momentum."""
    rate, decay = options.learning_rate, options.weight_decay
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    if options.optimiser == "sgd":
        return torch.optim.SGD(trained, lr=rate, momentum=options.momentum, weight_decay=decay)
    kind = torch.optim.AdamW if options.optimiser == "adamw" else torch.optim.Adam
    fused = True if options.fused else None  # None leaves the choice to torch
    return kind(trained, lr=rate, betas=(0.9, options.beta2), weight_decay=decay, fused=fused)


def rate_factor(options: LoopOptions, *, step: int, done: float) -> float:
    """What the rate is multiplied with at the ``step``-th step (from 0), when ``done`` of all epochs is done.

    Warm-up grows in a straight line and reaches 1 after ``warmup_steps``; the decay goes from 1 to 0 over all epochs.
    """
    warm = min(1.0, (step + 1) / options.warmup_steps) if options.warmup_steps else 1.0
    done = min(max(done, 0.0), 1.0)
    if options.decay == "linear":
        return warm * (1.0 - done)
    if options.decay == "cosine":
        return warm * 0.5 * (1.0 + math.cos(math.pi * done))
    return warm


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
