"""EASE: a linear item-to-item model with a closed form. Steck, "Embarrassingly shallow autoencoders", WWW 2019."""

from copy import copy
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import psutil
from numpy.typing import NDArray
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import dpotrf, dpotri, spotrf, spotri
from scipy.sparse import csr_array

from ml.data.interactions import Codes, Interactions
from ml.errors import DataError
from ml.models.base import Progress, Recommender, Scores, silent
from ml.models.bundle import read_named_bundle, write_bundle

DOUBLE_ITEMS = 8_000  # above it the Gram matrix is held and inverted in float32: half the memory and time
SHARE_OF_MEMORY = 0.6  # of what is free


class Ease(Recommender):
    """Scores are X B, where B = I - P diag(1 / diag P) and P = (X'X + l2 I)^-1: each item told by the others.

    X is [n_users, n_items], binary or the summed weights. Memory is about two dense [n_items, n_items] matrices.
    """

    name: ClassVar[str] = "ease"
    weights: NDArray[np.float32]  # B, [n_items, n_items], zero diagonal
    history: csr_array  # X

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        self._check_size(train.n_items)
        self.users, self.items = train.users, train.items
        self.history = train.matrix(binary=bool(self.options["binary"]))
        progress(0.1, "counting items met together")
        gram = _gram(self.history, float(self.options["l2"]))
        progress(0.3, "solving")
        inverse = _inverse(gram)
        progress(0.9, "solved")
        inverse /= -np.diag(inverse)[None, :]  # in place: a third matrix would not fit
        np.fill_diagonal(inverse, 0.0)
        self.weights = inverse.astype(np.float32, copy=False)
        return self

    def score(self, users: Codes) -> Scores:
        scores: Scores = np.asarray(self.history[users] @ self.weights, dtype=np.float32)
        return scores

    def fold_in(self, rows: Interactions) -> Self:
        self.same_items(rows)
        folded = copy(self)
        folded.users, folded.history = rows.users, rows.matrix(binary=bool(self.options["binary"]))
        return folded

    def save(self, folder: Path) -> dict[str, Any]:
        arrays = {
            "weights": self.weights,
            "history.data": self.history.data,
            "history.indices": self.history.indices,
            "history.indptr": self.history.indptr,
        }
        vocabulary = {"users": self.users.tolist(), "items": self.items.tolist()}
        config = {"options": self.options, "seed": self.seed}
        return write_bundle(folder, name=self.name, config=config, arrays=arrays, vocabulary=vocabulary)

    @classmethod
    def load(cls, folder: Path) -> Self:
        bundle = read_named_bundle(folder, cls.name)
        model = cls(bundle.config["options"], seed=bundle.config["seed"])
        model.users = np.array(bundle.vocabulary["users"], dtype=object)
        model.items = np.array(bundle.vocabulary["items"], dtype=object)
        parts = tuple(bundle.arrays[f"history.{part}"] for part in ("data", "indices", "indptr"))
        model.history = csr_array(parts, shape=(len(model.users), len(model.items)))
        model.history.check_format(full_check=True)  # an index beyond the matrix would read other memory
        model.weights = bundle.arrays["weights"]
        return model

    def _check_size(self, n_items: int) -> None:
        limit = int(self.options["max_items"])
        hint = "Leave out rare items, or choose another model."
        if n_items > limit:
            raise DataError(
                f"EASE was allowed {limit} items; train has {n_items}.", where="option max_items", hint=hint
            )
        needed = 2 * n_items**2 * (8 if n_items <= DOUBLE_ITEMS else 4)
        free = int(psutil.virtual_memory().available * SHARE_OF_MEMORY)
        if needed > free:
            raise DataError(
                f"EASE needs about {needed >> 20} MiB for {n_items} items; {free >> 20} MiB can be used.",
                where="model ease",
                hint=hint,
            )


def _gram(history: csr_array, l2: float) -> NDArray[np.floating[Any]]:
    """X'X + l2 I, dense [n_items, n_items], filled a slice of rows at a time so that no sparse copy of it is held."""
    n_items = history.shape[1]
    kind = np.float64 if n_items <= DOUBLE_ITEMS else np.float32
    gram = np.empty((n_items, n_items), kind)
    columns = csr_array(history.T.astype(kind))
    rows = csr_array(history.astype(kind))
    for start in range(0, n_items, 1024):
        gram[start : start + 1024] = (columns[start : start + 1024] @ rows).toarray()
    gram[np.diag_indices(n_items)] += l2
    return gram


def _inverse(gram: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The inverse of a symmetric positive definite matrix by Cholesky, in its own place."""
    factor, invert = (dpotrf, dpotri) if gram.dtype == np.float64 else (spotrf, spotri)
    # LAPACK stores by columns; the transpose of a symmetric matrix is itself and saves the copy.
    lower, failed = factor(gram.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        raise DataError("EASE could not be solved: the penalty is too small.", where="option l2", hint="Try 200.")
    inverse, failed = invert(lower, lower=1, overwrite_c=1)
    if failed:
        raise LinAlgError("The Cholesky factor could not be inverted.")
    for start in range(0, len(inverse), 1024):  # only the lower half is filled
        stop = start + 1024
        block = np.tril(inverse[start:stop, start:stop])
        inverse[start:stop, start:stop] = block + np.tril(block, -1).T
        inverse[start:stop, stop:] = inverse[stop:, start:stop].T
    return np.ascontiguousarray(inverse.T)
