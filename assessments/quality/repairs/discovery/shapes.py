"""Values that do not look like the others of their column. Pure."""

import re
from collections import Counter
from collections.abc import Mapping

RARE, USUAL, COVERED = 0.01, 0.05, 0.9


def shape(value: str) -> str:
    """The value with each run of digits as 9 and each run of letters as a: “12 oz” is “9 a”."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", value))


def odd_shapes(counts: Mapping[str, int]) -> set[str]:
    """The values whose shape is rare, in a column that has few usual shapes with digits; else none.

    Columns of words have no shape that would tell a right word from a wrong one.
    """
    rows = sum(counts.values())
    shapes: Counter[str] = Counter()
    for value, n in counts.items():
        shapes[shape(value)] += n
    usual = {each for each, n in shapes.items() if n >= USUAL * rows}
    if not any("9" in each for each in usual) or sum(shapes[each] for each in usual) < COVERED * rows:
        return set()
    return {value for value in counts if shapes[shape(value)] <= RARE * rows}
