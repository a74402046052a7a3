"""How far apart two distributions are. Pure: counts in, numbers out.

Population stability index: the sum over bins of (now - then) * ln(now / then) for the shares of each bin; by the
convention of credit scoring, under 0.1 little has moved, over 0.25 much (Siddiqi, Credit Risk Scorecards, 2006).
Kolmogorov–Smirnov: the greatest distance of the two empirical distribution functions. Jensen–Shannon distance: the
square root of the divergence to base 2, from 0 (equal) to 1 (nothing in common); Endres and Schindelin, 2003.
"""

import math
from collections.abc import Iterable

import numpy as np

LEAST_SHARE = 1e-4
PSI_SMALL, PSI_LARGE = 0.1, 0.25


def shares(counts: np.ndarray) -> np.ndarray:
    """Counts as shares of their sum, which must not be 0."""
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def population_stability_index(then: np.ndarray, now: np.ndarray, least_share: float = LEAST_SHARE) -> float:
    """The index of two rows of counts over the same bins; a share under ``least_share`` is raised to it."""
    before, after = (np.maximum(shares(np.asarray(counts)), least_share) for counts in (then, now))
    return float(np.sum((after - before) * np.log(after / before)))


def jensen_shannon_distance(then: np.ndarray, now: np.ndarray) -> float:
    """The distance, to base 2, of two rows of counts over the same bins; no share is changed."""
    before, after = shares(np.asarray(then)), shares(np.asarray(now))
    middle = (before + after) / 2
    divergence = (_relative_entropy(before, middle) + _relative_entropy(after, middle)) / 2
    return float(np.sqrt(max(divergence, 0.0)))


def _relative_entropy(shares_: np.ndarray, reference: np.ndarray) -> float:
    there = shares_ > 0
    return float(np.sum(shares_[there] * np.log2(shares_[there] / reference[there])))


def kolmogorov_smirnov(counts: Iterable[tuple[np.ndarray, np.ndarray]], then: int, now: int) -> float:
    """The statistic D, exactly, from pieces of (counts then, counts now) of the values in ascending order.

    ``then`` and ``now`` are the sums of all counts; only one piece is held at a time.
    """
    greatest, seen_then, seen_now = 0.0, 0, 0
    for before, after in counts:
        if not len(before):
            continue
        until_then, until_now = seen_then + np.cumsum(before), seen_now + np.cumsum(after)
        greatest = max(greatest, float(np.abs(until_then / then - until_now / now).max()))
        seen_then, seen_now = int(until_then[-1]), int(until_now[-1])
    return greatest


def kolmogorov_smirnov_p(statistic: float, then: int, now: int) -> float:
    """The two-sided p value of D for large samples without ties, as scipy's ks_2samp(method="asymp") has it.

    Not a number for samples too small for it (one value against one).
    """
    from scipy.stats import kstwo

    size = np.round(then * now / (then + now))
    return float(np.clip(kstwo.sf(statistic, size), 0.0, 1.0)) if size else math.nan
