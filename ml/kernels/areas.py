"""The one loop over all scores for which NumPy is too slow: for each test item, how many candidates stand below it.

NumPy would sort every user's scores, three times the work of the matrix product that made them. The loop releases the
interpreter, so that each processor counts for users of its own.
"""

import numpy as np
from numpy.typing import NDArray

from ml.kernels.compiled import compiled


@compiled
def _below_and_tied(line: NDArray[np.float32], own: NDArray[np.float32]) -> tuple[int, int]:
    """Pairs (own, line) in which the line's score is smaller, and in which it is equal; four own scores at a time."""
    below, tied = 0, 0
    for start in range(0, len(own), 4):
        last = len(own) - 1
        one, two = own[start], own[start + 1] if start + 1 <= last else np.float32(np.nan)
        three = own[start + 2] if start + 2 <= last else np.float32(np.nan)
        four = own[start + 3] if start + 3 <= last else np.float32(np.nan)
        # 32-bit counters, each with its own sum, keep the loop in vector registers.
        less_1 = less_2 = less_3 = less_4 = np.int32(0)
        same_1 = same_2 = same_3 = same_4 = np.int32(0)
        for place in range(len(line)):
            score = line[place]
            less_1 += np.int32(score < one)
            less_2 += np.int32(score < two)
            less_3 += np.int32(score < three)
            less_4 += np.int32(score < four)
            same_1 += np.int32(score == one)
            same_2 += np.int32(score == two)
            same_3 += np.int32(score == three)
            same_4 += np.int32(score == four)
        below += int(less_1) + int(less_2) + int(less_3) + int(less_4)
        tied += int(same_1) + int(same_2) + int(same_3) + int(same_4)
    return below, tied


@compiled
def user_areas(
    scores: NDArray[np.float32],
    truth_starts: NDArray[np.int64],
    truth: NDArray[np.int32],
    hidden_starts: NDArray[np.int64],
    hidden: NDArray[np.int32],
    most: int,
    areas: NDArray[np.float64],
) -> None:
    """Fill ``areas`` [rows] with each row's AUC, NaN where it has none.

    Row r's test items are ``truth[truth_starts[r]:truth_starts[r + 1]]``; ``hidden``, likewise, are no candidates, and
    no test item is among them. Rows with more than ``most`` test items are left as they are.
    """
    for row in range(len(scores)):
        line = scores[row]
        if truth_starts[row + 1] - truth_starts[row] > most:
            continue
        own = line[truth[truth_starts[row] : truth_starts[row + 1]]]
        left_out = line[hidden[hidden_starts[row] : hidden_starts[row + 1]]]
        others = len(line) - len(own) - len(left_out)
        if len(own) == 0 or others == 0:
            areas[row] = np.nan
            continue
        below, tied = _below_and_tied(line, own)
        for excluded in (own, left_out):
            less, same = _below_and_tied(excluded, own)
            below -= less
            tied -= same
        areas[row] = (below + 0.5 * tied) / (len(own) * others)
