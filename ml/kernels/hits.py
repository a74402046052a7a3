"""What the lists of users hold: which places are hits, the figures of each list, and how often each item is shown."""

import numpy as np
from numpy.typing import NDArray

from ml.kernels.compiled import compiled

Lists = NDArray[np.int32]
Flags = NDArray[np.bool_]
Values = NDArray[np.float64]


@compiled
def fill_hits(ranked: Lists, starts: NDArray[np.int64], truth: Lists, n_items: int, hits: Flags) -> None:
    """Fill ``hits`` [rows, k]: whether each item of ``ranked`` is one of ``truth[starts[r]:starts[r + 1]]``.

    A place of -1 is none.
    """
    wanted = np.zeros(n_items, np.bool_)
    for row in range(len(ranked)):
        own = truth[starts[row] : starts[row + 1]]
        for item in own:
            wanted[item] = True
        for place in range(ranked.shape[1]):
            item = ranked[row, place]
            hits[row, place] = item >= 0 and wanted[item]
        for item in own:
            wanted[item] = False


@compiled
def fill_figures(
    hits: Flags, discounts: Values, gains: Values, found: Values, precisions: Values, first: Values
) -> None:
    """Of each row of ``hits`` [rows, k] the sums that its figures are made of.

    ``gains`` is the sum of the hits' ``discounts`` [k], ``found`` the number of hits, ``precisions`` the sum over the
    hits of the precision at their place, ``first`` one over the place of the first hit, or 0.
    """
    for row in range(len(hits)):
        gain, count, precision, reciprocal = 0.0, 0, 0.0, 0.0
        for place in range(hits.shape[1]):
            if hits[row, place]:
                count += 1
                gain += discounts[place]
                precision += count / (place + 1)
                if count == 1:
                    reciprocal = 1 / (place + 1)
        gains[row], found[row], precisions[row], first[row] = gain, count, precision, reciprocal


@compiled
def fill_shown(ranked: Lists, shown: NDArray[np.int64], alone: NDArray[np.int64]) -> None:
    """Fill ``shown`` [items]: in how many lists each stands; and ``alone`` [rows]: how many stand in no other list."""
    last = np.full(len(shown), -1, np.int64)
    for row in range(len(ranked)):
        for item in ranked[row]:
            if item >= 0 and last[item] != row:
                last[item] = row
                shown[item] += 1
    for item in range(len(shown)):
        if shown[item] == 1:
            alone[last[item]] += 1
