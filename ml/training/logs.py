"""The learning curve as TensorBoard reads it; TensorBoard itself is an extra."""

from pathlib import Path
from typing import Any

from ml.errors import DataError


class TensorBoardLog:
    """Writes numbers into event files under ``folder``, or nothing when there is no folder.

    Raises DataError when TensorBoard is not installed. ``epochs_done`` of a training that goes on: what an interrupted
    run wrote after its checkpoint is dropped.
    """

    def __init__(self, folder: Path | None, *, epochs_done: int = 0) -> None:
        self.writer: Any = None
        if folder is None:
            return
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise DataError(
                "TensorBoard is not installed.",
                where="option tensorboard",
                hint="Install the extra: pip install govern[tensorboard].",
            ) from error
        self.writer = SummaryWriter(str(folder), purge_step=epochs_done + 1)

    def epoch(self, figures: dict[str, Any]) -> None:
        """One point for each number of the epoch."""
        if self.writer is None:
            return
        for name, value in figures.items():
            if isinstance(value, int | float) and name not in {"epoch", "best"}:
                self.writer.add_scalar(name, value, figures["epoch"])
        self.writer.flush()

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
