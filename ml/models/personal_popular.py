"""What a user met most often, then what most people met: no taste is learned, and buying again is all that it knows.

GP-TopFreq of Li, Jullien, Ariannezhad and de Rijke, "A next basket recommendation reality check" (TOIS 2023): where
people buy the same things again, models must beat this and not only what is popular with all.
"""

from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from ml.data.interactions import Codes, Interactions
from ml.models.base import Progress, Scores, silent
from ml.models.history import history_matrix
from ml.models.item_based import ItemBased
from ml.models.stored import restore, sparse_matrix, store


class PersonalPopular(ItemBased):
    """Scores are log(1 + n_ui + p_i): the user's own events with the item, and the share of all users who met it.

    The share is below 1, so that unless events fade an item met before stands above all that were not.
    """

    name: ClassVar[str] = "personal_popular"
    shares: Scores  # [n_items]

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        self.users, self.items = train.users, train.items
        self.history = self._history(train)
        met = np.bincount(train.matrix().indices, minlength=train.n_items)
        self.shares = (met / (train.n_users + 1)).astype(np.float32)
        progress(1.0, "counted")
        return self

    def score(self, users: Codes) -> Scores:
        own: Scores = self.history[users].toarray().astype(np.float32, copy=False)
        scores: Scores = np.log1p(own + self.shares)
        return scores

    def save(self, folder: Path) -> dict[str, Any]:
        return store(self, folder, {"history": self.history, "shares": self.shares})

    @classmethod
    def load(cls, folder: Path) -> Self:
        model, bundle = restore(cls, folder)
        model.history = sparse_matrix(bundle, "history", (len(model.users), len(model.items)))
        model.shares = bundle.arrays["shares"]
        return model

    def _history(self, rows: Interactions) -> Any:
        return history_matrix(rows, binary=False, half_life_days=float(self.options["half_life_days"]))
