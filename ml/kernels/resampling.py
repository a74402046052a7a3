"""Means over users drawn with replacement, many draws at a time."""

import numpy as np
from numpy.typing import NDArray

from ml.kernels.compiled import compiled


@compiled
def fill_means(columns: NDArray[np.float64], drawn: NDArray[np.int32], means: NDArray[np.float64]) -> None:
    """Fill ``means`` [draws, columns] of ``columns`` [columns, users] over the users of each row of ``drawn``.

    Each draw is counted, not gathered: the counts serve all columns at once.
    """
    counts = np.empty(columns.shape[1], np.int32)
    for draw in range(len(drawn)):
        counts[:] = 0
        for user in drawn[draw]:
            counts[user] += np.int32(1)
        for place in range(len(columns)):
            column, total = columns[place], 0.0
            for user in range(len(column)):
                total += column[user] * counts[user]
            means[draw, place] = total / drawn.shape[1]
