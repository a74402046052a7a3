"""What iALS, BPR and LightGCN leave: factors of each user and item; their scalar product is the score."""

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import Codes
from ml.models.base import Recommender, Scores
from ml.models.stored import restore, store

Floats = NDArray[np.float32]


class FactorModel(Recommender):
    """Scores are ``user_factors`` [n_users, factors] times ``item_factors`` [n_items, factors] transposed."""

    user_factors: Floats
    item_factors: Floats

    def score(self, users: Codes) -> Scores:
        scores: Scores = self.user_factors[users] @ self.item_factors.T
        return scores

    def save(self, folder: Path) -> dict[str, Any]:
        return store(self, folder, {"user_factors": self.user_factors, "item_factors": self.item_factors})

    @classmethod
    def load(cls, folder: Path) -> Self:
        model, bundle = restore(cls, folder)
        model.user_factors, model.item_factors = bundle.arrays["user_factors"], bundle.arrays["item_factors"]
        if len(model.user_factors) != len(model.users):
            raise ValueError("The factors do not belong to these users.")
        return model
