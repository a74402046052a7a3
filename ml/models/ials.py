"""iALS: factors of users and items by alternating least squares over all pairs, met or not.

Hu, Koren and Volinsky, ICDM 2008, in the form of Rendle, Krichene, Zhang and Koren, "Revisiting the performance of iALS
on item recommendation benchmarks", RecSys 2022:
    sum over met pairs of w (1 - x y)^2 + unobserved_weight * sum over all pairs of (x y)^2
    + sum_u l2 (n_u + unobserved_weight n_items)^frequency x_u'x_u + the same of the items.
"""

from copy import copy
from typing import Any, ClassVar, Self

import numpy as np
from scipy.sparse import csr_array

from ml.data.interactions import Interactions
from ml.kernels.least_squares import improve_rows
from ml.models.base import Progress, silent
from ml.models.factors import FactorModel, Floats

START_DEVIATION = 0.1  # of the scalar product of two untrained rows, as in the paper
STEPS = 3  # of conjugate gradients in a half-step
LAST_STEPS = 30  # for the users at the end and for those folded in, who have no former factors to start from


class Ials(FactorModel):
    """Scores are the scalar products of the factors. The same seed gives the same factors, on any number of threads."""

    name: ClassVar[str] = "ials"
    seeded: ClassVar[bool] = True

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        self.users, self.items = train.users, train.items
        met = train.matrix(binary=bool(self.options["binary"]))
        met_by = csr_array(met.T)
        rng, size = np.random.default_rng(self.seed), int(self.options["factors"])
        deviation = np.float32(START_DEVIATION / np.sqrt(size))
        users = np.zeros((train.n_users, size), np.float32)
        items = rng.standard_normal((train.n_items, size), dtype=np.float32) * deviation
        rounds = int(self.options["iterations"])
        for number in range(rounds):
            self._improve(met, users, items, STEPS)
            self._improve(met_by, items, users, STEPS)
            progress((number + 1) / (rounds + 1), f"iteration {number + 1} of {rounds}")
        self.item_factors = items
        self.user_factors = self._users(met)
        return self

    def fold_in(self, rows: Interactions) -> Self:
        self.same_items(rows)
        folded = copy(self)
        folded.users = rows.users
        folded.user_factors = self._users(rows.matrix(binary=bool(self.options["binary"])))
        return folded

    def _users(self, met: csr_array) -> Floats:
        """[rows of met, factors]: the solution for the items as they are, the same for the same history."""
        factors = np.zeros((met.shape[0], self.item_factors.shape[1]), np.float32)
        self._improve(met, factors, self.item_factors, LAST_STEPS)
        return factors

    def _improve(self, met: csr_array, own: Floats, other: Floats, steps: int) -> None:
        unobserved = float(self.options["unobserved_weight"])
        counts = np.diff(met.indptr) + unobserved * met.shape[1]
        ridge = float(self.options["l2"]) * counts ** float(self.options["frequency"])
        improve_rows(met, own, other, unobserved=unobserved, ridge=ridge.astype(np.float32), steps=steps)
