"""Weights of siblings and how sure one is of them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import gammaincinv, ndtr

from assessments.scoring.formulas import Draws
from assessments.scoring.uncertainty import GRID, transform

Weighting = Literal["equal", "given"]


def weights_of(weighting: Weighting, given: Sequence[float]) -> list[float]:
    """Shares that sum to 1: all the same, or in proportion to what is given (each above 0)."""
    if weighting == "equal":
        return [1.0 / len(given)] * len(given)
    if any(not weight > 0 for weight in given):
        raise ValueError("every weight must be above 0")
    total = sum(given)
    return [weight / total for weight in given]


def dirichlet_parts(normals: Draws, weight: float, siblings: int, concentration: float) -> Draws:
    """Gamma draws that, divided by their sum over the siblings, are Dirichlet weights around the chosen ones.

    The Dirichlet has parameters αᵢ = concentration · siblings · wᵢ, so that its mean is w and, with equal weights, one
    standard deviation is about a share of 1/√concentration of a weight: 25 means "a fifth more or less".
    ``normals`` are standard normal draws; leaving a sibling out of the sum gives the Dirichlet of the others.
    """
    return transform(normals, _gamma_table(concentration * siblings * weight))


@lru_cache(maxsize=4096)
def _gamma_table(shape: float) -> Draws:
    return np.asarray(gammaincinv(shape, ndtr(GRID)), dtype=np.float64)
