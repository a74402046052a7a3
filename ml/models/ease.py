"""EASE: a linear item-to-item model with a closed form. Steck, "Embarrassingly shallow autoencoders", WWW 2019."""

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import psutil
from numpy.typing import NDArray
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import dpotrf, dpotri, spotrf, spotri

from ml.data.interactions import Codes, Interactions
from ml.errors import DataError
from ml.kernels.compiled import share_rows
from ml.kernels.overlap import gram_matrix
from ml.models.base import Progress, Scores, silent
from ml.models.item_based import ItemBased
from ml.models.stored import restore, sparse_matrix, store

DOUBLE_ITEMS = 8_000  # above it the Gram matrix is held and inverted in float32: half the memory and time
TILE = 512
SHARE_OF_MEMORY = 0.6  # of what is free


class Ease(ItemBased):
    """Scores are X B, where B = I - P diag(1 / diag P) and P = (X'X + l2 I)^-1: each item told by the others.

    X is [n_users, n_items], binary or the summed weights. Memory is one dense [n_items, n_items] matrix.
    """

    name: ClassVar[str] = "ease"
    weights: NDArray[np.float32]  # B, [n_items, n_items], zero diagonal

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        self._check_size(train.n_items)
        self.users, self.items = train.users, train.items
        met = train.matrix(binary=bool(self.options["binary"]))
        self.history = self._history(train)
        progress(0.1, "counting items met together")
        gram = gram_matrix(met, np.float64 if train.n_items <= DOUBLE_ITEMS else np.float32)
        gram[np.diag_indices(len(gram))] += float(self.options["l2"])
        progress(0.3, "solving")
        invert(gram)
        progress(0.9, "solved")
        scale(gram)
        self.weights = gram.astype(np.float32, copy=False)
        return self

    def score(self, users: Codes) -> Scores:
        scores: Scores = np.asarray(self.history[users] @ self.weights, dtype=np.float32)
        return scores

    def save(self, folder: Path) -> dict[str, Any]:
        return store(self, folder, {"weights": self.weights, "history": self.history})

    @classmethod
    def load(cls, folder: Path) -> Self:
        model, bundle = restore(cls, folder)
        model.history = sparse_matrix(bundle, "history", (len(model.users), len(model.items)))
        model.weights = bundle.arrays["weights"]
        return model

    def _check_size(self, n_items: int) -> None:
        limit = int(self.options["max_items"])
        hint = "Leave out rare items, or choose another model."
        if n_items > limit:
            raise DataError(
                f"EASE was allowed {limit} items; train has {n_items}.", where="option max_items", hint=hint
            )
        needed = n_items**2 * (12 if n_items <= DOUBLE_ITEMS else 4)
        free = int(psutil.virtual_memory().available * SHARE_OF_MEMORY)
        if needed > free:
            raise DataError(
                f"EASE needs about {needed >> 20} MiB for {n_items} items; {free >> 20} MiB can be used.",
                where="model ease",
                hint=hint,
            )


def invert(gram: NDArray[np.floating[Any]]) -> None:
    """Turn the upper triangle of a symmetric positive definite matrix into that of its inverse, in its own place."""
    factor, solve = (dpotrf, dpotri) if gram.dtype == np.float64 else (spotrf, spotri)
    # LAPACK stores by columns, so that the transpose is no copy and its lower triangle is our upper one.
    lower, failed = factor(gram.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        raise DataError("EASE could not be solved: the penalty is too small.", where="option l2", hint="Try 200.")
    inverse, failed = solve(lower, lower=1, overwrite_c=1)
    if failed:
        raise LinAlgError("The Cholesky factor could not be inverted.")
    if not np.shares_memory(inverse, gram):
        gram[:] = inverse.T


def scale(inverse: NDArray[np.floating[Any]]) -> None:
    """Turn the upper triangle of P into I - P diag(1 / diag P), whole, tile by tile in its own place."""
    factors = -1.0 / np.diag(inverse)
    size = len(inverse)

    def work(first: int, last: int) -> None:
        for tile in range(first, last):
            rows = slice(tile * TILE, min((tile + 1) * TILE, size))
            block = np.triu(inverse[rows, rows])
            inverse[rows, rows] = (block + np.triu(block, 1).T) * factors[None, rows]
            for start in range((tile + 1) * TILE, size, TILE):
                columns = slice(start, min(start + TILE, size))
                np.multiply(inverse[rows, columns].T, factors[None, rows], out=inverse[columns, rows])
                inverse[rows, columns] *= factors[None, columns]

    share_rows(work, -(-size // TILE))
    np.fill_diagonal(inverse, 0.0)
