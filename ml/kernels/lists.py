"""The best items of each user's scores: one pass that finds a bound, one that keeps what reaches it."""

import numpy as np
from numpy.typing import NDArray

from ml.kernels.compiled import compiled


@compiled
def group_maxima(scores: NDArray[np.float32], groups: int, maxima: NDArray[np.float32]) -> int:
    """Deal each row's items into groups, fill ``maxima`` [rows, groups], and count the scores that are not finite.

    Item i is of group i mod ``groups``; the last items, too few to go round once more, are of none.
    """
    strange = np.int32(0)
    for row in range(len(scores)):
        line, best = scores[row], maxima[row]
        best[:] = line[:groups]
        for start in range(groups, len(line) - groups + 1, groups):
            part = line[start : start + groups]
            for place in range(groups):
                score = part[place]
                best[place] = score if score > best[place] else best[place]
        for place in range(len(line)):
            score = line[place]
            strange += np.int32(score - score != np.float32(0.0))  # NaN and infinity give NaN
    return int(strange)


@compiled
def _key(score: np.float32, pattern: np.uint32, item: int) -> np.uint64:
    if score == np.float32(0.0):
        pattern = np.uint32(0)  # -0.0, which equals 0.0, among them
    negative = pattern >> np.uint32(31) != 0
    falling = pattern if negative else ~pattern & np.uint32(0x7FFFFFFF)
    return np.uint64(falling) << np.uint64(32) | np.uint64(item)


@compiled
def candidate_keys(
    scores: NDArray[np.float32],
    bits: NDArray[np.uint32],
    maxima: NDArray[np.float32],
    bounds: NDArray[np.float32],
    keys: NDArray[np.uint64],
) -> bool:
    """Fill ``keys`` [rows, width] with a number for each item that reaches its row's bound, and say whether all fitted.

    A key ascends as the score falls, and with the item's code among equal scores. ``bits`` are the scores' own,
    ``maxima`` of ``group_maxima``: only members of a group whose best reaches the bound are looked at.
    """
    groups = maxima.shape[1]
    reaching = np.empty(groups, np.int64)
    for row in range(len(scores)):
        line, own, bound, count, found = scores[row], bits[row], bounds[row], 0, 0
        for group in range(groups):
            reaching[found] = group
            found += int(maxima[row, group] >= bound)
        for start in range(0, len(line), groups):
            rest = start + groups > len(line)
            for place in range(len(line) - start if rest else found):
                item = start + (place if rest else reaching[place])
                if line[item] >= bound:
                    if count == keys.shape[1]:
                        return False
                    keys[row, count] = _key(line[item], own[item], item)
                    count += 1
    return True
