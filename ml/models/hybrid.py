"""A hybrid: several models side by side, blended by weights that the end of train chose."""

import hashlib
import tempfile
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from ml.data.interactions import Codes, Interactions
from ml.data.splits import validation_tail
from ml.errors import DataError
from ml.evaluation.ranking import Truth, truth_of
from ml.models.base import Progress, Recommender, Scores, create, model_type, part, silent
from ml.models.blending import Blend, choose_weights, collect, standing
from ml.models.bundle import read_bundle, write_bundle
from ml.models.inputs import Inputs
from ml.models.stored import restore, store

LINEAR = ("ease", "item_neighbours", "personal_popular")  # a twin with a fading history needs no second fit
FADING = "_fading"


class Hybrid(Recommender):
    """Scores are the weighted sum of the parts' standings (``ml.models.blending``).

    The parts are fitted on train without its last ``validation_share`` of rows, the weights chosen on these rows, and
    the parts that have a weight fitted again on all of train. Where no blend gains, the best part stands alone.
    """

    name: ClassVar[str] = "hybrid"
    seeded: ClassVar[bool] = True
    parts: dict[str, Recommender]
    blend: Blend

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        """``features`` is an Inputs or None. Raises DataError when the end of train has nobody to validate with."""
        inputs = replace(features or Inputs(), on_epoch=lambda epoch: None, checkpoint=None, tensorboard=None)
        self.users, self.items = train.users, train.items
        early, late = validation_tail(train, float(self.options["validation_share"]), of_each=inputs.next_row)
        truth = self._truth(early, late, masked=inputs.unseen_only)
        names = str(self.options["models"]).split(",")
        tried = self._fitted(names, early, inputs, part(progress, 0.0, 0.4))
        self.blend = choose_weights(collect(tried, truth))
        del tried
        inputs.log("Weights: " + ", ".join(f"{name} {weight:.3f}" for name, weight in self.blend.weights.items()))
        needed = [name for name in names if {name, name + FADING} & set(self.blend.weights)]
        fitted = self._fitted(needed, train, inputs, part(progress, 0.5, 1.0))
        self.parts = {name: fitted[name] for name in self.blend.weights}
        return self

    def score(self, users: Codes) -> Scores:
        scores = np.zeros((len(users), len(self.items)), np.float32)
        for name, weight in self.blend.weights.items():
            scores += np.float32(weight) * standing(self.parts[name].score(users))
        return scores

    def fold_in(self, rows: Interactions) -> Self:
        """Raises DataError when one of the parts cannot."""
        self.same_items(rows)
        folded = copy(self)
        folded.parts = {name: model.fold_in(rows) for name, model in self.parts.items()}
        folded.users = rows.users
        return folded

    def save(self, folder: Path) -> dict[str, Any]:
        arrays: dict[str, Any] = {}
        same: dict[str, str] = {}  # digest -> name of the array that is kept
        parts: dict[str, Any] = {}
        with tempfile.TemporaryDirectory() as place:
            for name, model in self.parts.items():
                model.save(Path(place) / name)
                bundle = read_bundle(Path(place) / name)
                kept = {key: _kept(array, f"{name}/{key}", arrays, same) for key, array in bundle.arrays.items()}
                parts[name] = {"model": model.name, "config": bundle.config, "arrays": kept}
        blend = {"weights": self.blend.weights, "value": self.blend.value, "singles": self.blend.singles}
        return store(self, folder, arrays, parts=parts, blend=blend)

    @classmethod
    def load(cls, folder: Path) -> Self:
        model, bundle = restore(cls, folder)
        model.blend = Blend(**bundle.config["blend"])
        model.parts = {}
        with tempfile.TemporaryDirectory() as place:
            for name, stored in bundle.config["parts"].items():
                arrays = {key: bundle.arrays[kept] for key, kept in stored["arrays"].items()}
                target = Path(place) / "part"
                write_bundle(
                    target, name=stored["model"], config=stored["config"], arrays=arrays, vocabulary=bundle.vocabulary
                )
                model.parts[name] = model_type(stored["model"]).load(target)
        return model

    def _truth(self, early: Interactions, late: Interactions, *, masked: bool) -> Truth:
        """What some of the users met in the late rows; those whom the early rows know, at most ``max_users``."""
        truth = truth_of(early.matrix(), late.matrix(), np.zeros(early.n_users, np.int64), masked=masked)
        if not len(truth.users):
            raise DataError(
                "No user of the end of train was there before, so a blend cannot be validated.",
                where="option validation_share",
                hint="Choose a larger share, or a single model.",
            )
        return truth.some(int(self.options["max_users"]), self.seed)

    def _fitted(
        self, names: list[str], train: Interactions, inputs: Inputs, progress: Progress
    ) -> dict[str, Recommender]:
        """The models by name, and of the linear ones a twin whose history fades."""
        days, models = float(self.options["half_life_days"]), {}
        for number, name in enumerate(names):
            progress(number / len(names), f"fitting {name}")
            options = {"window_days": self.options["window_days"]} if name == "recent_popular" else {}
            if name == "user_neighbours":
                options = {"half_life_days": days}
            model = create(name, options, seed=self.seed, device=self.device)
            models[name] = model.fit(train, features=inputs, progress=silent)
            if name in LINEAR and days:
                twin = copy(models[name])
                twin.options = {**twin.options, "half_life_days": days}
                models[name + FADING] = twin.fold_in(train)
        return models


def _kept(array: Any, name: str, arrays: dict[str, Any], same: dict[str, str]) -> str:
    """The name under which the array is kept: an equal one, as twins have it, is kept once."""
    digest = hashlib.sha256(repr((array.dtype.str, array.shape)).encode() + array.tobytes()).hexdigest()
    if digest not in same:
        same[digest] = name
        arrays[name] = array
    return same[digest]
