"""The two models that know no taste: what most people met, ever or lately. Others must beat them to earn anything."""

from copy import copy
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from ml.data.interactions import DAY, Codes, Interactions
from ml.models.base import Progress, Recommender, Scores, silent
from ml.models.bundle import read_named_bundle, write_bundle


class Popular(Recommender):
    """An item's score is the number of different users who met it in train."""

    name: ClassVar[str] = "popular"
    counts: Scores  # [n_items]

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        self.users, self.items = train.users, train.items
        self.counts = np.bincount(self._counted(train).matrix().indices, minlength=train.n_items).astype(np.float32)
        progress(1.0, "counted")
        return self

    def score(self, users: Codes) -> Scores:
        return np.repeat(self.counts[None, :], len(users), axis=0)

    def fold_in(self, rows: Interactions) -> Self:
        self.same_items(rows)
        folded = copy(self)
        folded.users = rows.users
        return folded

    def save(self, folder: Path) -> dict[str, Any]:
        vocabulary = {"users": self.users.tolist(), "items": self.items.tolist()}
        config = {"options": self.options, "seed": self.seed}
        return write_bundle(
            folder, name=self.name, config=config, arrays={"counts": self.counts}, vocabulary=vocabulary
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        bundle = read_named_bundle(folder, cls.name)
        model = cls(bundle.config["options"], seed=bundle.config["seed"])
        model.users = np.array(bundle.vocabulary["users"], dtype=object)
        model.items = np.array(bundle.vocabulary["items"], dtype=object)
        model.counts = bundle.arrays["counts"]
        return model

    def _counted(self, train: Interactions) -> Interactions:
        return train


class RecentPopular(Popular):
    """The same count over the last ``window_days`` before the end of train: what is in fashion."""

    name: ClassVar[str] = "recent_popular"

    def _counted(self, train: Interactions) -> Interactions:
        start = train.end - round(float(self.options["window_days"]) * DAY)
        return train.select(train.times >= start, until=train.until)
