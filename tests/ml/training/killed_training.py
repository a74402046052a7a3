"""A training for test_kill.py to kill: a small network with dropout, random draws, a checkpoint after each step.

python killed_training.py FOLDER [MOMENT]: MOMENT is where in the writing of the 90th checkpoint it kills itself: "half"
(half of the draft is written), "draft" (the draft is whole), "renamed" (the folder is not yet synced), "full" (no kill:
the process may write no more than a few bytes to a file, as on a full disk, from there on).
"""

import hashlib
import os
import resource
import signal
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ml.training import checkpoints
from ml.training.loop import LoopOptions, train

FATAL = 90


class Noisy:
    """y = 1 where x > 0, with noise from NumPy and targets smoothed by noise from torch."""

    def __init__(self) -> None:
        self.x = torch.randn(512, 6, generator=torch.Generator().manual_seed(0))
        self.y = (self.x[:, 0] > 0).float()

    def __len__(self) -> int:
        return len(self.y)

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        shift = float(np.random.normal(0.0, 0.01))
        target = self.y[positions] * 0.9 + 0.1 * torch.rand(len(positions))
        return nn.functional.binary_cross_entropy_with_logits(model(self.x[positions] + shift).squeeze(1), target)

    def fingerprint(self) -> str:
        return "noisy"


def evaluate(model: nn.Module) -> dict[str, float]:
    model.eval()
    with torch.no_grad():
        source = Noisy()
        return {"auc_validation": -float((torch.sigmoid(model(source.x)).squeeze(1) - source.y).abs().mean())}


def arm(moment: str) -> None:
    """Let the process die, or its disk be full, at this moment of a checkpoint."""
    count = {"saved": 0}
    save_file, sync_folder = checkpoints.save_file, checkpoints._sync_folder

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def saving(tensors: dict[str, Tensor], name: str, **more: object) -> None:
        count["saved"] += 1
        if count["saved"] == 2:
            print("going", flush=True)  # noqa: T201
        if moment == "full" and count["saved"] == FATAL:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        save_file(tensors, name, **more)
        if count["saved"] == FATAL and moment in {"half", "draft"}:
            if moment == "half":
                os.truncate(name, Path(name).stat().st_size // 2)
            die()

    def syncing(folder: Path) -> None:
        if count["saved"] == FATAL and moment == "renamed":
            die()
        sync_folder(folder)

    checkpoints.save_file, checkpoints._sync_folder = saving, syncing


def main(folder: Path, moment: str) -> None:
    arm(moment)
    torch.set_num_threads(1)
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 1))
    options = LoopOptions(epochs=12, patience=50, batch_size=32, checkpoint_steps=1, decay="cosine", warmup_steps=20)
    begun = checkpoints.read_checkpoint(folder)
    print("begun", begun[1]["steps"] if begun else 0, flush=True)  # noqa: T201
    logged: list[str] = []
    epochs = train(model, Noisy(), evaluate, options, device=torch.device("cpu"), checkpoint=folder, log=logged.append)
    weights = b"".join(each.detach().numpy().tobytes() for each in model.state_dict().values())
    curve = str([(each["loss"], each["auc_validation"], each["best"]) for each in epochs])
    print("weights", hashlib.sha256(weights + curve.encode()).hexdigest())  # noqa: T201
    print("logged", len(logged), logged[0] if logged else "")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
