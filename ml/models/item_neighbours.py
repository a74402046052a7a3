"""Item nearest neighbours: an item is scored by how much its like stands in the user's history.

Sarwar, Karypis, Konstan and Riedl, WWW 2001; shrinkage and weighting as in Dacrema, Cremonesi and Jannach, RecSys 2019.
"""

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from scipy.sparse import csr_array

from ml.data.interactions import Codes, Interactions
from ml.kernels.overlap import Likeness, nearest_rows
from ml.models.base import Progress, Scores, silent
from ml.models.history import weighted
from ml.models.item_based import ItemBased
from ml.models.stored import restore, sparse_matrix, store


class ItemNeighbours(ItemBased):
    """Scores are X S: X the histories, S [n_items, n_items] sparse, of each item (column) its k nearest others."""

    name: ClassVar[str] = "item_neighbours"
    likeness: csr_array  # S

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        self.users, self.items = train.users, train.items
        self.history = self._history(train)
        similarity = str(self.options["similarity"])
        jaccard = similarity == "jaccard"
        counted = train.matrix(binary=jaccard or bool(self.options["binary"]))
        columns = csr_array(weighted(counted, similarity if similarity in {"tfidf", "bm25"} else "none").T)
        progress(0.1, "looking for neighbours")
        likeness = Likeness(jaccard, float(self.options["shrinkage"]))
        nearest = nearest_rows(columns, columns, int(self.options["neighbours"]), likeness, same=True)
        self.likeness = csr_array(nearest.T)
        self.likeness.sort_indices()
        progress(1.0, "found the neighbours")
        return self

    def score(self, users: Codes) -> Scores:
        scores: Scores = np.asarray((self.history[users] @ self.likeness).toarray(), dtype=np.float32)
        return scores

    def save(self, folder: Path) -> dict[str, Any]:
        return store(self, folder, {"likeness": self.likeness, "history": self.history})

    @classmethod
    def load(cls, folder: Path) -> Self:
        model, bundle = restore(cls, folder)
        model.likeness = sparse_matrix(bundle, "likeness", (len(model.items), len(model.items)))
        model.history = sparse_matrix(bundle, "history", (len(model.users), len(model.items)))
        return model
