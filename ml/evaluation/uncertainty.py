"""How sure a mean over users is, and a difference of two models on the same users."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
LEVEL = 0.95
CHUNK = 4_000_000  # values resampled at once

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval; ``standard_error`` is NaN for one user."""

    value: float
    low: float
    high: float
    standard_error: float
    users: int


def bootstrap_mean(values: Values, *, draws: int = DRAWS, seed: int = 0, level: float = LEVEL) -> Estimate:
    """Percentile bootstrap over users (Efron 1979). NaN, a user without the metric, is left out before resampling.

    The standard error is the sample standard deviation (n - 1) over the square root of n.
    """
    values = values[~np.isnan(values)]
    count = len(values)
    if not count:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0)
    value = float(values.mean())
    if count == 1:
        return Estimate(value, value, value, np.nan, 1)
    rng = np.random.default_rng(seed)
    means, size = np.empty(draws), max(1, CHUNK // count)
    for start in range(0, draws, size):
        drawn = rng.integers(0, count, (min(size, draws - start), count), dtype=np.int32)
        means[start : start + size] = values[drawn].mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high), float(values.std(ddof=1) / np.sqrt(count)), count)


def paired_difference(ours: Values, theirs: Values, *, draws: int = DRAWS, seed: int = 0) -> Estimate:
    """Mean of ours - theirs over the users that both have, each user's two values resampled together."""
    if ours.shape != theirs.shape:
        raise ValueError("Paired values must belong to the same users in the same order.")
    return bootstrap_mean(ours - theirs, draws=draws, seed=seed)
