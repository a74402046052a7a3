"""Weights of siblings and how sure one is of them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import gammaincinv, ndtr, xlogy

from assessments.common.errors import GovernError
from assessments.scoring.formulas import Draws
from assessments.scoring.uncertainty import GRID, transform

Weighting = Literal["equal", "given", "pairwise", "entropy", "combined"]
FROM_UNITS: tuple[Weighting, ...] = ("entropy", "combined")  # weights that need the scores of assessed units
FEWEST_UNITS = 3
TINY = 1e-300
ALIKE = 1e-12  # an entropy this near to its greatest is rounding: the units are alike


def weights_of(weighting: Weighting, given: Sequence[float]) -> list[float]:
    """Shares that sum to 1: all the same, or in proportion to what is given (each above 0)."""
    if weighting == "equal":
        return [1.0 / len(given)] * len(given)
    if any(not weight > 0 for weight in given):
        raise ValueError("every weight must be above 0")
    total = sum(given)
    return [weight / total for weight in given]


def entropy_weights(rows: Sequence[Sequence[float]]) -> list[float]:
    """Weights of the columns by how much they tell the assessed units (rows) apart; they sum to 1.

    With pᵢⱼ = xᵢⱼ / Σᵢ xᵢⱼ over m units: eⱼ = -Σᵢ pᵢⱼ ln pᵢⱼ / ln m, wⱼ = (1 - eⱼ) / Σⱼ (1 - eⱼ) (Zeleny, Multiple
    criteria decision making, 1982, after Shannon). A column in which all units are alike weighs nothing: such weights
    say what differs, not what matters. Values are scores, 0 or more.

    Raises GovernError for fewer than three units, of which two would make every column a matter of one difference; for
    values that are missing, negative or no numbers; and where no column tells the units apart.
    """
    if len(rows) < FEWEST_UNITS:
        raise GovernError(
            f"Weights by entropy need {FEWEST_UNITS} or more assessed units; there are {len(rows)}.",
            where="units",
            hint="How much a part varies cannot be told from fewer: give the weights, or compare the parts in pairs.",
        )
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise GovernError("Every unit needs a value for every part.", where="units")
    values = np.asarray([list(row) for row in rows], dtype=np.float64)
    wrong = np.argwhere(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        unit, column = wrong[0]
        raise GovernError("Weights by entropy need values from 0 on.", where=f"unit {unit + 1}, part {column + 1}")
    totals = values.sum(axis=0)
    # A column of zeros tells as little as one of equal values.
    shares = np.where(totals > 0, values / np.where(totals > 0, totals, 1.0), 1 / len(values))
    apart = np.maximum(1.0 + xlogy(shares, shares).sum(axis=0) / np.log(len(values)), 0.0)
    apart[apart < ALIKE] = 0.0
    if not apart.sum() > 0:
        raise GovernError("Weights by entropy need units that differ; all are alike in every part.", where="units")
    return [float(weight) for weight in apart / apart.sum()]


def combined_weights(given: Sequence[float], entropy: Sequence[float]) -> list[float]:
    """What matters times what differs: wⱼ = gⱼ eⱼ / Σⱼ gⱼ eⱼ, of weights given or compared in pairs and by entropy."""
    products = [one * other for one, other in zip(given, entropy, strict=True)]
    total = sum(products)
    if not total > 0 or any(not product >= 0 for product in products):
        raise GovernError("No part has a weight both given and by entropy.", where="weights")
    return [product / total for product in products]


def dirichlet_parts(normals: Draws, weight: float, siblings: int, concentration: float) -> Draws:
    """Gamma draws that, divided by their sum over the siblings, are Dirichlet weights around the chosen ones.

    The Dirichlet has parameters αᵢ = concentration · siblings · wᵢ, so that its mean is w and, with equal weights, one
    standard deviation is about a share of 1/√concentration of a weight: 25 means "a fifth more or less".
    ``normals`` are standard normal draws; leaving a sibling out of the sum gives the Dirichlet of the others. A part is
    above 0, so that a sibling of very small weight can also be the only one in the sum.
    """
    return np.maximum(transform(normals, _gamma_table(concentration * siblings * weight)), TINY)


@lru_cache(maxsize=4096)
def _gamma_table(shape: float) -> Draws:
    return np.asarray(gammaincinv(shape, ndtr(GRID)), dtype=np.float64)
