"""What models share that score an item by other items in the user's history."""

from copy import copy
from typing import Self

from scipy.sparse import csr_array

from ml.data.interactions import Interactions
from ml.models.base import Recommender
from ml.models.history import history_matrix


class ItemBased(Recommender):
    """Only ``history`` knows users, so that others can be scored by theirs."""

    history: csr_array  # [n_users, n_items]

    def fold_in(self, rows: Interactions) -> Self:
        self.same_items(rows)
        folded = copy(self)
        folded.users, folded.history = rows.users, self._history(rows)
        return folded

    def _history(self, rows: Interactions) -> csr_array:
        """What scores: binary or summed, and fading where that is wanted."""
        days = float(self.options["half_life_days"])
        return history_matrix(rows, binary=bool(self.options["binary"]), half_life_days=days)
