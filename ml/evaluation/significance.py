"""Whether a difference could be chance: a paired permutation test, and its answers held to account over many.

Under the null hypothesis a user's two values could as well have been the other way round, so the sign of each user's
difference is drawn anew (Fisher 1935; for retrieval Smucker, Allan and Carterette, CIKM 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ml.errors import DataError

Values = NDArray[np.float64]
Method = Literal["by", "bh"]
EXACT_USERS = 16  # users who differ, up to which all sign patterns (65,536) are visited
DRAWS = 10_000
CELLS = 4_000_000  # signs drawn at once
RELATIVE = 1e-12  # means that differ by less are equal: they are sums of the same numbers in another order


@dataclass(frozen=True)
class PermutationTest:
    """``p_value`` is two-sided; ``error`` is its own standard error from drawing, 0 where every pattern was visited."""

    difference: float  # mean over users
    p_value: float
    error: float
    users: int  # who have both values
    patterns: int  # visited or drawn
    exact: bool


def permutation_test(ours: Values, theirs: Values, *, draws: int = DRAWS, seed: int = 0) -> PermutationTest:
    """Is the mean of ours - theirs further from 0 than signs drawn at random would put it?

    ``ours`` and ``theirs`` are [users], NaN for a user without the metric. Users without a difference change nothing,
    so the test is exact up to EXACT_USERS users who differ: p is the share of all patterns at least as far from 0. Else
    p = (1 + b) / (1 + draws) with b such draws, which is never 0 and never too small (Phipson and Smyth 2010).
    """
    if ours.shape != theirs.shape:
        raise ValueError("Paired values must belong to the same users in the same order.")
    differences = ours - theirs
    differences = differences[~np.isnan(differences)]
    users, moved = len(differences), differences[differences != 0]
    observed = float(abs(moved.sum()))
    least = observed - RELATIVE * float(np.abs(moved).sum())
    mean = float(differences.mean()) if users else float("nan")
    if len(moved) <= EXACT_USERS:
        patterns = 2 ** len(moved)
        p_value = float((_all_sums(moved) >= least).sum()) / patterns
        return PermutationTest(mean, p_value, 0.0, users, patterns, True)
    beyond = _drawn_beyond(moved, least, draws, np.random.default_rng(seed))
    p_value = (1 + beyond) / (1 + draws)
    return PermutationTest(mean, p_value, float(np.sqrt(p_value * (1 - p_value) / draws)), users, draws, False)


def false_discovery_control(p_values: Sequence[float], *, method: Method = "bh") -> list[float]:
    """The p-values adjusted for being many: those at most q make a set of which a share of at most q is chance.

    ``bh`` holds for independent and positively dependent tests (Benjamini and Hochberg 1995), ``by`` for any
    (Benjamini and Yekutieli 2001). Raises DataError for a value outside 0 to 1 or another method.
    """
    values = np.asarray(p_values, np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise DataError("A p-value must be from 0 to 1.", where="p-values")
    if method not in ("bh", "by"):
        raise DataError(f"There is no method '{method}'.", where="method", hint="Say bh or by.")
    count = len(values)
    order = np.argsort(values, kind="stable")
    factor = count / np.arange(1, count + 1)
    if method == "by":
        factor = factor * (1 / np.arange(1, count + 1)).sum()
    adjusted = np.empty(count)
    adjusted[order] = np.minimum.accumulate((values[order] * factor)[::-1])[::-1]
    return [float(value) for value in np.minimum(adjusted, 1.0)]


def _all_sums(moved: Values) -> Values:
    """[2 ** n] |sum| under every pattern of signs."""
    sums = np.zeros(1)
    for each in moved:
        sums = np.concatenate([sums + each, sums - each])
    return np.abs(sums)


def _drawn_beyond(moved: Values, least: float, draws: int, rng: np.random.Generator) -> int:
    """How many drawn patterns of signs lie at least as far out."""
    size, beyond = max(1, CELLS // len(moved)), 0
    words = -(-len(moved) // 64)
    total = float(moved.sum())
    for start in range(0, draws, size):
        rows = min(size, draws - start)
        drawn = rng.bit_generator.random_raw(rows * words).reshape(rows, words).view(np.uint8)
        bits = np.unpackbits(drawn, axis=1, count=len(moved))
        sums = total - 2.0 * (bits.astype(np.float64) @ moved)  # a bit turns its user's sign
        beyond += int((np.abs(sums) >= least).sum())
    return beyond
