"""The half-step of iALS: many small ridge regressions, one for each row, by conjugate gradients.

Row u of ``own`` minimises, with its entries w_ui and the factors y_i of the other side,
    sum_i w_ui (1 - x y_i)^2 + unobserved x' Y'Y x + ridge_u x'x,
so it solves (unobserved Y'Y + sum_i w_ui y_i y_i' + ridge_u) x = sum_i w_ui y_i. A few steps of conjugate gradients
from the former x are as good as solving it (Takács, Pilászy and Tikk, RecSys 2011).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.kernels.compiled import compiled, share_rows

Floats = NDArray[np.float32]
SMALL = 1e-20  # a squared residual, where nothing is left to gain
# Compiled loops look whether two arrays lie nearer than a vector's length, and then sum in another order. With room
# around the working arrays they never do, so that the sums do not depend on where the memory happens to be.
MARGIN = 256


def improve_rows(
    entries: csr_array, own: Floats, other: Floats, *, unobserved: float, ridge: Floats, steps: int
) -> None:
    """Change ``own`` [rows, factors] in place; ``entries`` is [rows, columns], ``other`` [columns, factors].

    ``ridge`` is [rows]. A row without entries becomes 0.
    """
    shared = (np.float32(unobserved) * (other.T @ other)).astype(np.float32)  # [factors, factors]
    pointers, indices = entries.indptr.astype(np.int64), entries.indices.astype(np.int32)
    values = entries.data.astype(np.float32, copy=False)

    def work(start: int, stop: int) -> None:
        _improve(start, stop, pointers, indices, values, own, other, shared, ridge, steps)

    share_rows(work, len(own))


@compiled
def _improve(
    start: int,
    stop: int,
    pointers: NDArray[np.int64],
    indices: NDArray[np.int32],
    values: Floats,
    own: Floats,
    other: Floats,
    shared: Floats,
    ridge: Floats,
    steps: int,
) -> None:
    size = own.shape[1]
    space = np.empty((3, size + 2 * MARGIN), np.float32)
    residual, direction, image = (
        space[0, MARGIN : MARGIN + size],
        space[1, MARGIN : MARGIN + size],
        space[2, MARGIN : MARGIN + size],
    )
    for row in range(start, stop):
        entries = indices[pointers[row] : pointers[row + 1]]
        weights = values[pointers[row] : pointers[row + 1]]
        x = own[row]
        if not len(entries):
            x[:] = 0.0
            continue
        _apply(x, entries, weights, other, shared, ridge[row], np.float32(1.0), image)
        for f in range(size):
            residual[f] = direction[f] = -image[f]
        square = _dot(residual, residual)
        for _ in range(steps):
            if square < SMALL:
                break
            _apply(direction, entries, weights, other, shared, ridge[row], np.float32(0.0), image)
            length, before = square / _dot(direction, image), square
            for f in range(size):
                x[f] += length * direction[f]
                residual[f] -= length * image[f]
            square = _dot(residual, residual)
            for f in range(size):
                direction[f] = residual[f] + square / before * direction[f]


@compiled
def _apply(
    x: Floats,
    entries: NDArray[np.int32],
    weights: Floats,
    other: Floats,
    shared: Floats,
    ridge: np.float32,
    target: np.float32,
    image: Floats,
) -> None:
    """image = (shared + sum_i w_i y_i y_i' + ridge) x - target sum_i w_i y_i; both sums take one pass over the y_i."""
    size = len(x)
    for f in range(size):
        image[f] = ridge * x[f]
    for f in range(size):
        factor, line = x[f], shared[f]
        for g in range(size):
            image[g] += factor * line[g]
    for entry in range(len(entries)):
        y = other[entries[entry]]
        product = weights[entry] * (_dot(x, y) - target)
        for f in range(size):
            image[f] += product * y[f]


@compiled
def _dot(a: Floats, b: Floats) -> np.float32:
    total = np.float32(0.0)
    for f in range(len(a)):
        total += a[f] * b[f]
    return total
