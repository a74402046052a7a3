"""Tells when a training has gone wrong, before it spends hours on it."""

import math

from ml.errors import DataError

EXPLODED = 100.0  # times the loss of the untrained model: no longer learning, whatever the loss is


def check_loss(loss: float, first: float) -> None:
    """Raises DataError when the mean loss is no finite number, or far above ``first``, that of the first batch."""
    if not math.isfinite(loss):
        raise DataError(
            "The training diverged: its loss is not a finite number.",
            where="option learning_rate",
            hint="Choose a smaller learning rate, and look for extreme values in the prices.",
        )
    if math.isfinite(first) and first > 0 and loss > EXPLODED * first:
        raise DataError(
            f"The training diverged: its loss rose from {first:.4g} to {loss:.4g}.",
            where="option learning_rate",
            hint="Choose a smaller learning rate, a warm-up, or clip the gradient.",
        )
