"""How sure a mean over users is, and a difference of two models on the same users."""

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.kernels.compiled import thread_count
from ml.kernels.resampling import fill_means

DRAWS = 1000
LEVEL = 0.95
Z = 1.959963984540054  # 97.5 % of the normal distribution
GROUPS = 100  # of users, left out in turn
DRAWN, AHEAD = 500_000, 8  # users drawn at a time, and how many such parts may wait to be counted

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
    return bootstrap_means({"": values}, draws=draws, seed=seed, level=level)[""]


def bootstrap_means(
    values: Mapping[str, Values], *, draws: int = DRAWS, seed: int = 0, level: float = LEVEL
) -> dict[str, Estimate]:
    """``bootstrap_mean`` of several values of the same users [users]; those with the same users share their draws."""
    users: dict[bytes, list[str]] = {}
    for name, each in values.items():
        users.setdefault(np.packbits(np.isnan(each)).tobytes(), []).append(name)
    found: dict[str, Estimate] = {}
    for names in users.values():
        columns = np.stack([values[name] for name in names])
        columns = columns[:, ~np.isnan(columns[0])]
        means = resampled_means(columns, draws=draws, seed=seed)
        for place, name in enumerate(names):
            found[name] = _estimate(columns[place], means[:, place], level)
    return {name: found[name] for name in values}


def bootstrap_ratio(
    numerators: Values, denominators: Values, *, draws: int = DRAWS, seed: int = 0, level: float = LEVEL
) -> Estimate:
    """Sum over sum, a weighted mean where the denominators are weights, with users resampled.

    The standard error is that of the ratio by the delta method; users with a weight of 0 or NaN are left out.
    """
    kept = (denominators > 0) & ~np.isnan(numerators)
    pairs = np.stack([numerators[kept], denominators[kept]])
    count = pairs.shape[1]
    if not count:
        return _estimate(pairs[0], pairs[0], level)
    value = float(pairs[0].sum() / pairs[1].sum())
    if count == 1:
        return Estimate(value, value, value, np.nan, 1)
    means = resampled_means(pairs, draws=draws, seed=seed)
    low, high = np.quantile(means[:, 0] / means[:, 1], [(1 - level) / 2, (1 + level) / 2])
    error = (pairs[0] - value * pairs[1]).std(ddof=1) / pairs[1].mean() / np.sqrt(count)
    return Estimate(value, float(low), float(high), float(error), count)


def resampled_means(columns: Values, *, draws: int = DRAWS, seed: int = 0) -> Values:
    """[draws, columns] the means of ``columns`` [columns, users] over users drawn with replacement.

    One thread draws while others count. The draws are those of one generator in order, whatever the threads.
    """
    count = columns.shape[1]
    rng, means = np.random.default_rng(seed), np.empty((draws, len(columns)))
    if count < 2:
        return np.repeat(columns.sum(axis=1)[None, :], draws, axis=0)
    columns, size = np.ascontiguousarray(columns), max(1, DRAWN // count)
    with ThreadPoolExecutor(thread_count()) as pool:
        waiting: deque[Future[None]] = deque()
        for start in range(0, draws, size):
            part = means[start : start + size]
            drawn = rng.integers(0, count, (len(part), count), dtype=np.int32)
            waiting.append(pool.submit(fill_means, columns, drawn, part))
            while len(waiting) > AHEAD:
                waiting.popleft().result()
        for each in waiting:
            each.result()
    return means


def grouped_jackknife(statistic: Callable[[NDArray[np.int64]], float], users: int, *, groups: int = GROUPS) -> Estimate:
    """A figure from 0 to 1 of all users together, with an interval from leaving groups of them out (Kott 2001).

    ``statistic`` gets the places of the users to be counted. User i is of group i mod ``groups``; with at most
    ``groups`` users it is the plain jackknife.
    """
    everyone = np.arange(users)
    value, groups = statistic(everyone), min(groups, users)
    if groups < 2:
        return Estimate(value, value, value, np.nan, users)
    without = np.array([statistic(everyone[everyone % groups != each]) for each in range(groups)])
    error = float(np.sqrt((groups - 1) / groups * ((without - without.mean()) ** 2).sum()))
    return Estimate(value, max(0.0, value - Z * error), min(1.0, value + Z * error), error, users)


def _estimate(values: Values, means: Values, level: float) -> Estimate:
    count = len(values)
    if not count:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0)
    value = float(values.mean())
    if count == 1:
        return Estimate(value, value, value, np.nan, 1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high), float(values.std(ddof=1) / np.sqrt(count)), count)


def paired_difference(ours: Values, theirs: Values, *, draws: int = DRAWS, seed: int = 0) -> Estimate:
    """Mean of ours - theirs over the users that both have, each user's two values resampled together."""
    if ours.shape != theirs.shape:
        raise ValueError("Paired values must belong to the same users in the same order.")
    return bootstrap_mean(ours - theirs, draws=draws, seed=seed)
