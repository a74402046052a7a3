"""The best items of each user's scores: a bound that few items reach is found by groups, and what reaches it is kept.

The k-th best of the groups' best is reached by k items at least. So every item of the list, and every item tied with
its last, reaches it, and only groups whose best does are looked into again. Groups of groups make that cheap.
"""

import numpy as np
from numpy.typing import NDArray

from ml.kernels.compiled import compiled

Floats = NDArray[np.float32]
Marks = NDArray[np.bool_]

FOLD = 4  # items of a group, and groups of a group
LOWEST = -0x7F800000  # the lowest finite number in the order of ``_order``


@compiled
def best_keys(
    scores: Floats,
    starts: NDArray[np.int32],
    hidden: NDArray[np.int32],
    kept: int,
    groups: int,
    keys: NDArray[np.uint64],
) -> int:
    """Fill ``keys`` [rows, width] with a number for each item that may be among its row's ``kept`` best.

    A key ascends as the score falls, and with the item's code among equal scores; the code is its lower half. Row r
    leaves out the items ``hidden[starts[r]:starts[r + 1]]``. ``groups`` is a 16th of the items at most, the last items
    being of none, or 0 where groups do not pay. Returns 1 when everything fitted, 0 when ``width`` was too small, and
    -1 when a score is no finite number.
    """
    rows, items = scores.shape
    small, large = np.empty(groups * FOLD, np.float32), np.empty(groups, np.float32)
    orders, reaching = np.empty(groups, np.int32), np.empty(groups, np.int64)
    marks = np.zeros(items, np.bool_)
    for row in range(rows):
        line, left_out = scores[row], hidden[starts[row] : starts[row + 1]]
        if not _finite(line):
            return -1
        _fold(line, small)
        _fold(small, large)
        for item in left_out:
            marks[item] = True
        for item in left_out:
            _correct(line, small, large, marks, item)
        bound = _bound(large, orders, kept)
        count = 0
        for group in range(groups):
            reaching[count] = group
            count += int(large[group] >= bound)
        if not _keep(line, small, reaching[:count], bound, marks, keys[row]):
            return 0
        for item in left_out:
            marks[item] = False
    return 1


@compiled
def _finite(line: Floats) -> bool:
    patterns, strange, exponent = line.view(np.uint32), np.int32(0), np.uint32(0x7F800000)
    for place in range(len(patterns)):
        strange += np.int32(patterns[place] & exponent == exponent)
    return bool(strange == 0)


@compiled
def _fold(line: Floats, best: Floats) -> None:
    """The best of each group: items g, g + n, g + 2 n and g + 3 n, where n is the number of groups.

    The store depends on no former value, which a compiler would turn into a masked store, ten times slower.
    """
    size = len(best)
    one, two, three, four = line[:size], line[size : 2 * size], line[2 * size : 3 * size], line[3 * size : 4 * size]
    for group in range(size):
        best[group] = max(max(one[group], two[group]), max(three[group], four[group]))


@compiled
def _correct(line: Floats, small: Floats, large: Floats, marks: Marks, item: int) -> None:
    """Find the best of the item's groups again without what is marked, where the item is the best."""
    if item >= FOLD * len(small):
        return
    group = item % len(small)
    former = small[group]
    if line[item] < former:
        return
    best = np.float32(-np.inf)
    for place in range(group, FOLD * len(small), len(small)):
        if not marks[place] and line[place] > best:
            best = line[place]
    small[group] = best
    group %= len(large)
    if former >= large[group]:
        best = np.float32(-np.inf)
        for place in range(group, len(small), len(large)):
            best = max(best, small[place])
        large[group] = best


@compiled
def _order(pattern: np.int32) -> np.int32:
    """The pattern of a float as a whole number in the order of the floats; the same again gives the pattern."""
    return np.int32(pattern ^ ((pattern >> np.int32(31)) & np.int32(0x7FFFFFFF)))


@compiled
def _bound(best: Floats, orders: NDArray[np.int32], kept: int) -> np.float32:
    """A finite score that ``kept`` groups reach and few more, found by halving; the lowest where there are too few.

    ``orders`` is room for as many numbers as ``best`` has. At most 32 steps, however the scores are spread.
    """
    patterns, spare = best.view(np.int32), kept // 8
    least, most = np.int32(0x7FFFFFFF), np.int32(LOWEST)
    for place in range(len(orders)):
        orders[place] = _order(patterns[place])
        order = orders[place]
        least, most = order if order < least else least, order if order > most else most
    low, high = max(int(least), LOWEST) if len(orders) >= kept else LOWEST, int(most) + 1
    while high - low > 1:
        middle, reached = np.int32((low + high) >> 1), np.int32(0)
        for place in range(len(orders)):
            reached += np.int32(orders[place] >= middle)
        if reached < kept:
            high = int(middle)
        else:
            low = int(middle)
            if reached <= kept + spare:
                break
    found = np.empty(1, np.int32)
    found[0] = _order(np.int32(low))
    score: np.float32 = found.view(np.float32)[0]
    return score


@compiled
def _key(score: np.float32, pattern: np.uint32, item: int) -> np.uint64:
    if score == np.float32(0.0):
        pattern = np.uint32(0)  # -0.0, which equals 0.0, among them
    negative = pattern >> np.uint32(31) != 0
    falling = pattern if negative else ~pattern & np.uint32(0x7FFFFFFF)
    return np.uint64(falling) << np.uint64(32) | np.uint64(item)


@compiled
def _keep(
    line: Floats, small: Floats, reaching: NDArray[np.int64], bound: np.float32, marks: Marks, keys: NDArray[np.uint64]
) -> bool:
    """The keys of all items that reach the bound, those of the reaching groups and those of none; whether they fit."""
    patterns, size, count = line.view(np.uint32), len(small), 0
    groups = size // FOLD
    for group in reaching:
        for inner in range(group, size, groups):
            if small[inner] < bound:
                continue
            for item in range(inner, FOLD * size, size):
                if line[item] >= bound and not marks[item]:
                    if count == len(keys):
                        return False
                    keys[count] = _key(line[item], patterns[item], item)
                    count += 1
    for item in range(FOLD * size, len(line)):
        if line[item] >= bound and not marks[item]:
            if count == len(keys):
                return False
            keys[count] = _key(line[item], patterns[item], item)
            count += 1
    return True
