"""Weights by pairwise comparison: Saaty's analytic hierarchy process (AHP).

A judgement says how many times as much one part counts as another, on a scale from 1/9 to 9. The judgements of a
person make a matrix A, Aᵢⱼ = 1/Aⱼᵢ, whose principal eigenvector, Aw = λmax w, gives the weights (Saaty, A scaling
method for priorities in hierarchical structures, Journal of Mathematical Psychology 15, 1977). Judgements that agree
with each other, Aᵢⱼ Aⱼₖ = Aᵢₖ, have λmax = n; what they fall short of that is

    CI = (λmax - n) / (n - 1)    consistency index
    CR = CI / RI(n)              consistency ratio: against the mean index of random matrices of the same size

Saaty asks for a ratio of 0.10 at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from assessments.common.errors import GovernError

Matrix = NDArray[np.float64]

# Mean consistency index of random matrices of 1 to 15 parts; Saaty, On the measurement of intangibles, Notices of the
# American Mathematical Society 60 (2), 2013.
RANDOM_INDEX = (0.0, 0.0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59)
GREATEST_RATIO = 0.10
RECIPROCAL = 1e-6  # how far a value may be from one over its opposite
TIE = 1e-9  # deviations this near to each other are one: the last bits must not decide which judgement is named


@dataclass(frozen=True)
class Judgement:
    """The part at place ``first`` counts ``stated`` times as much as the one at ``second``, 1 or more.

    ``consistent`` is what all the other judgements together imply in its place, above 0.
    """

    first: int
    second: int
    stated: float
    consistent: float


@dataclass(frozen=True)
class Priorities:
    """Weights that sum to 1, and how consistent the judgements are that they come from.

    ``most_inconsistent`` is None where the judgements agree with each other.
    """

    weights: tuple[float, ...]
    eigenvalue: float
    index: float
    random_index: float
    ratio: float
    most_inconsistent: Judgement | None


def random_index(size: int) -> float:
    """The mean consistency index of random matrices of ``size`` parts.

    Saaty's table up to 15 parts; above that from the mean eigenvalue 2.7699 n - 4.3513 (Alonso and Lamata,
    Consistency in the analytic hierarchy process, International Journal of Uncertainty, Fuzziness and Knowledge-Based
    Systems 14 (4), 2006), which at 15 parts is 0.005 below the table.
    """
    if size <= len(RANDOM_INDEX):
        return RANDOM_INDEX[size - 1]
    return (2.7699 * size - 4.3513 - size) / (size - 1)


def priorities_of(rows: Sequence[Sequence[float]] | Matrix, names: Sequence[str] = ()) -> Priorities:
    """Weights, λmax and consistency of a pairwise comparison matrix; raises GovernError where it is none.

    The judgement pointed at is the one that lies furthest from the weights, by the greater of Aᵢⱼ wⱼ/wᵢ and its inverse
    (Saaty, Decision-making with the AHP: why is the principal eigenvector necessary, European Journal of Operational
    Research 145, 2003). What would be consistent in its place is the ratio of weights when it is left out (Harker,
    Incomplete pairwise comparisons in the analytic hierarchy process, Mathematical Modelling 9, 1987).
    """
    matrix = matrix_checked(rows, names)
    size = len(matrix)
    weights, eigenvalue = _principal(matrix)
    index = max(0.0, (eigenvalue - size) / (size - 1)) if size > 2 else 0.0
    expected = random_index(size)
    return Priorities(
        weights=tuple(weights.tolist()),
        eigenvalue=eigenvalue,
        index=index,
        random_index=expected,
        ratio=index / expected if expected else 0.0,
        most_inconsistent=_most_inconsistent(matrix, weights) if size > 2 else None,
    )


def matrix_checked(rows: Sequence[Sequence[float]] | Matrix, names: Sequence[str] = ()) -> Matrix:
    """The rows as a matrix of numbers: square, positive, ones on its diagonal, reciprocal."""
    size = len(names) or len(rows)
    names = names or [str(place + 1) for place in range(size)]
    if not size:
        raise GovernError("A comparison needs one part or more.", where="matrix")
    if len(rows) != size:
        raise GovernError(
            f"A comparison of {size} parts needs a matrix of {size} rows; there are {len(rows)}.", where="matrix"
        )
    for name, row in zip(names, rows, strict=True):
        if len(row) != size:
            raise GovernError(f"The row of “{name}” needs {size} values; it has {len(row)}.", where=name)
    matrix = np.asarray(rows, dtype=np.float64)
    for one in range(size):
        for other in range(size):
            _check_value(matrix, one, other, names)
    return matrix


def _check_value(matrix: Matrix, one: int, other: int, names: Sequence[str]) -> None:
    value, opposite = float(matrix[one, other]), float(matrix[other, one])
    where = f"{names[one]} / {names[other]}"
    if not (np.isfinite(value) and value > 0):
        raise GovernError(
            f"“{names[one]}” against “{names[other]}” is {value:g}.",
            where=where,
            hint="Write a number above 0: how many times as much the first counts as the second.",
        )
    if one == other and value != 1:
        raise GovernError(f"“{names[one]}” against itself is {value:g}.", where=where, hint="Write 1 on the diagonal.")
    if abs(value * opposite - 1) > RECIPROCAL:
        raise GovernError(
            f"“{names[one]}” against “{names[other]}” is {value:g}, but the other way round {opposite:g}.",
            where=where,
            hint="Each is 1 divided by the other; write fractions such as 1/3 for what has no last digit.",
        )


def group_matrix(matrices: Sequence[Matrix]) -> Matrix:
    """The judgements of several people as one matrix: the geometric mean of each judgement.

    No other mean keeps the matrix reciprocal whoever is asked first (Aczél and Saaty, Procedures for synthesizing ratio
    judgements, Journal of Mathematical Psychology 27, 1983).
    """
    return np.asarray(np.exp(np.mean([np.log(matrix) for matrix in matrices], axis=0)), dtype=np.float64)


def _principal(matrix: Matrix) -> tuple[Matrix, float]:
    """The principal eigenvector, summing to 1, and its eigenvalue; both are real and positive (Perron, Frobenius)."""
    values, vectors = np.linalg.eig(matrix)
    place = int(np.argmax(values.real))
    vector = np.abs(vectors[:, place].real)
    return np.asarray(vector / vector.sum(), dtype=np.float64), float(values[place].real)


def _most_inconsistent(matrix: Matrix, weights: Matrix) -> Judgement | None:
    deviations = np.abs(np.log(matrix * weights[None, :] / weights[:, None]))
    greatest = float(deviations.max())
    if greatest <= TIE:
        return None
    pairs = combinations(range(len(matrix)), 2)
    first, second = next((one, other) for one, other in pairs if deviations[one, other] >= greatest - TIE)
    left_out = matrix.copy()
    left_out[first, second] = left_out[second, first] = 0.0
    left_out[first, first] = left_out[second, second] = 2.0
    others, _ = _principal(left_out)
    if matrix[first, second] < 1:
        first, second = second, first
    return Judgement(first, second, float(matrix[first, second]), float(others[first] / others[second]))
