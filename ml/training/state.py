"""How far a training is: what a checkpoint holds besides model and optimiser."""

import math
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn


@dataclass
class State:
    """``step`` counts the batches of the running epoch that are done, ``steps`` those of the whole training."""

    epochs: list[dict[str, Any]] = field(default_factory=list)
    best: float = -math.inf
    best_epoch: int = 0
    best_weights: dict[str, Tensor] = field(default_factory=dict)
    step: int = 0
    steps: int = 0
    total: Tensor = field(default_factory=lambda: torch.zeros(()))  # sum of losses in the running epoch
    first_loss: float = math.nan  # of the very first batch
    spent: float = 0.0  # seconds of the running epoch before it was interrupted
    # The random state that the epoch's plan is drawn from.
    order: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.uint8))

    def ends(self, epochs: int, patience: int) -> bool:
        return len(self.epochs) >= epochs or len(self.epochs) - self.best_epoch >= patience

    def remember(self, model: nn.Module, value: float) -> None:
        """After an epoch: keep its weights when its value is the best so far."""
        if value > self.best or not self.best_weights:
            self.best, self.best_epoch = value, len(self.epochs)
            self.best_weights = {key: each.detach().clone() for key, each in model.state_dict().items()}
