"""Half precision where the device gains by it: autocast, and a scaler that keeps small gradients from vanishing."""

from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor

HALF = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Precision:
    """``wanted`` is float32, auto, bf16 or fp16; on the CPU it is float32 whatever is wanted."""

    def __init__(self, wanted: str, device: torch.device) -> None:
        if wanted == "auto" and device.type == "cuda":
            wanted = "bf16" if torch.cuda.is_bf16_supported() else "fp16"
        self.device = device
        self.half = HALF.get(wanted) if device.type == "cuda" else None
        self.scaler = torch.amp.GradScaler(device.type, enabled=self.half is torch.float16)

    def autocast(self) -> AbstractContextManager[Any]:
        return torch.autocast(self.device.type, dtype=self.half or torch.bfloat16, enabled=self.half is not None)

    def step(self, loss: Tensor, optimiser: torch.optim.Optimizer, clip: float) -> None:
        """Backward, clip the norm of the gradient (0: do not), step."""
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        if clip:
            self.scaler.unscale_(optimiser)
            parameters = [each for group in optimiser.param_groups for each in group["params"]]
            torch.nn.utils.clip_grad_norm_(parameters, clip)
        self.scaler.step(optimiser)
        self.scaler.update()
