"""User nearest neighbours: an item is scored by how much users like this one met it.

Resnick, Iacovou, Suchak, Bergstrom and Riedl, CSCW 1994, for events without ratings.
"""

from copy import copy
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.data.interactions import Codes, Interactions
from ml.kernels.overlap import Likeness, nearest_rows
from ml.models.base import Progress, Recommender, Scores, silent
from ml.models.history import counted, history_matrix, weighted
from ml.models.stored import restore, sparse_matrix, store


class UserNeighbours(Recommender):
    """Scores are N X: N [n_users, train users] sparse, the likeness of the k nearest, X what the train users met.

    With a half-life, a neighbour's older events count less. Users folded in find their neighbours among train's users.
    """

    name: ClassVar[str] = "user_neighbours"
    nearest: csr_array  # N
    history: csr_array  # [train users, n_items], what is compared: weighted
    met: csr_array  # X, [train users, n_items]
    counts: NDArray[np.float64]  # [n_items + 1], see ml.models.history.counted

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        self.users, self.items = train.users, train.items
        days, binary = float(self.options["half_life_days"]), bool(self.options["binary"])
        self.counts = counted(train.matrix())
        self.history = self._compared(train)
        self.met = history_matrix(train, binary=binary, half_life_days=days)
        progress(0.1, "looking for neighbours")
        self.nearest = self._neighbours(self.history, same=True)
        progress(1.0, "found the neighbours")
        return self

    def score(self, users: Codes) -> Scores:
        scores: Scores = np.asarray((self.nearest[users] @ self.met).toarray(), dtype=np.float32)
        return scores

    def fold_in(self, rows: Interactions) -> Self:
        self.same_items(rows)
        folded = copy(self)
        folded.users, folded.nearest = rows.users, self._neighbours(self._compared(rows), same=False)
        return folded

    def save(self, folder: Path) -> dict[str, Any]:
        arrays = {"nearest": self.nearest, "history": self.history, "met": self.met, "counts": self.counts}
        return store(self, folder, arrays, train_users=self.history.shape[0])

    @classmethod
    def load(cls, folder: Path) -> Self:
        model, bundle = restore(cls, folder)
        size = int(bundle.config["train_users"])
        model.nearest = sparse_matrix(bundle, "nearest", (len(model.users), size))
        model.history, model.met = (
            sparse_matrix(bundle, name, (size, len(model.items))) for name in ("history", "met")
        )
        model.counts = bundle.arrays["counts"]
        if len(model.counts) != len(model.items) + 1:
            raise ValueError("The counts do not belong to these items.")
        return model

    def _compared(self, rows: Interactions) -> csr_array:
        similarity = str(self.options["similarity"])
        matrix = rows.matrix(binary=similarity == "jaccard" or bool(self.options["binary"]))
        return weighted(matrix, similarity if similarity in {"tfidf", "bm25"} else "none", self.counts)

    def _neighbours(self, queries: csr_array, *, same: bool) -> csr_array:
        likeness = Likeness(self.options["similarity"] == "jaccard", float(self.options["shrinkage"]))
        return nearest_rows(queries, self.history, int(self.options["neighbours"]), likeness, same=same)
