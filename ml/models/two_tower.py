"""Two towers: users and items as vectors. Items nobody met yet, and another shop's, get theirs from their text.

Yi et al., "Sampling-bias-corrected neural modeling for large corpus item recommendations", RecSys 2019; the networks
are in ``ml.models.towers``, the loss in ``ml.training.histories``.
"""

import math
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch

from ml.data.facts import no_facts
from ml.data.interactions import NO_CLOCK, Ids, Interactions
from ml.data.sequences import Sequences, read_sequences
from ml.errors import DataError
from ml.models.base import Progress, silent
from ml.models.factors import Floats
from ml.models.inputs import Inputs
from ml.models.pairwise import METRIC, JudgedFactors
from ml.models.stored import restore, store
from ml.models.towers import Reading, Towers, item_factors, user_factors
from ml.models.watched import train_watched
from ml.training.device import one_thread
from ml.training.histories import HistorySource
from ml.training.loop import LoopOptions

NETWORK = "network."
SMALLEST_BATCH, LARGEST_BATCH, STEPS = 64, 2048, 200  # events of a step, and about how many steps an epoch is to have


class TwoTower(JudgedFactors):
    """Learns from histories, item texts (``Inputs.title_vectors``) and properties of users (``Inputs.facts``)."""

    name = "two_tower"
    towers: Towers  # without the ids of train, which are in the items' factors

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        """``features`` is an Inputs or None. Raises DataError where there is neither text nor id to tell items by."""
        inputs = features if features is not None else Inputs()
        vectors = inputs.title_vectors if self.options["titles"] else None
        self._titles = np.zeros((train.n_items, 0), np.float32)
        if vectors is not None:
            self._titles = np.ascontiguousarray(vectors, np.float32)
        if not self.options["ids"] and not self._titles.shape[1]:
            raise DataError(
                "The items have neither titles nor ids to learn from.",
                where="option ids",
                hint="Give items with titles, or let the model learn the ids.",
            )
        self._groups = (inputs.facts or no_facts(train)).check(train).groups
        super().fit(train, features=inputs, progress=progress)
        del self._titles, self._groups
        return self

    def with_items(self, items: Ids, title_vectors: Floats) -> Self:
        """A copy that scores these items for the same users: those of train as before, all others by their text.

        ``title_vectors`` [len(items), dimensions] come from the encoder that the model was fitted with. With
        ``fold_in`` after it the model serves another shop. Raises DataError for a model that was fitted without texts.
        """
        size = self.towers.text.in_features if self.towers.text is not None else 0
        if title_vectors.shape != (len(items), size) or not size:
            raise DataError(
                f"The model reads texts of {size} numbers; these are {title_vectors.shape[-1]}.",
                where=f"model {self.name}",
                hint="Encode the titles with the encoder that the model was fitted with.",
            )
        adapted = copy(self)
        with one_thread():
            told = torch.from_numpy(np.ascontiguousarray(title_vectors, np.float32))
            adapted.item_factors = item_factors(self.towers, told, known=False)
        place = {name: code for code, name in enumerate(self.items)}
        codes = np.array([place.get(name, -1) for name in items], np.int64)
        adapted.item_factors[codes >= 0] = self.item_factors[codes[codes >= 0]]
        adapted.items = items
        return adapted

    def fold_in(self, rows: Interactions) -> Self:
        """A copy that scores the users of ``rows`` from their histories; nothing else is known of them."""
        self.same_items(rows)
        folded = copy(self)
        groups = np.zeros((rows.n_users, self._group_count()), np.float32)
        with one_thread():
            folded.user_factors = user_factors(self.towers, self.item_factors, self._ordered(rows), groups)
        folded.users = rows.users
        return folded

    def save(self, folder: Path) -> dict[str, Any]:
        weights = {NETWORK + name: value for name, value in self.towers.state_dict().items()}
        text = self.towers.text.in_features if self.towers.text is not None else 0
        factors = {"user_factors": self.user_factors, "item_factors": self.item_factors}
        return store(self, folder, {**factors, **weights}, text_size=text, groups=self._group_count())

    @classmethod
    def load(cls, folder: Path) -> Self:
        model, bundle = restore(cls, folder)
        arrays, config = bundle.arrays, bundle.config
        model.user_factors, model.item_factors = arrays["user_factors"], arrays["item_factors"]
        model.towers = model._towers(config["text_size"], config["groups"], ids=0)
        model.towers.load_state_dict(
            {name.removeprefix(NETWORK): torch.from_numpy(a) for name, a in arrays.items() if name.startswith(NETWORK)}
        )
        model.towers.eval()
        widths = {model.user_factors.shape[1], model.item_factors.shape[1], model.towers.width + 1}
        if len(model.user_factors) != len(model.users) or len(widths) != 1:
            raise ValueError("The factors do not belong to these users.")
        return model

    def _learn(
        self,
        rows: Interactions,
        judge: Any,
        options: LoopOptions,
        inputs: Inputs,
        device: torch.device,
        progress: Progress,
    ) -> tuple[Reading, list[dict[str, Any]]]:
        given, sequences = self.options, self._ordered(rows)
        titles, groups = (torch.from_numpy(each).to(device) for each in (self._titles, self._groups))
        ids = rows.n_items if given["ids"] else 0
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            towers = self._towers(titles.shape[1], groups.shape[1], ids=ids).to(device)
        source = HistorySource(
            sequences,
            titles,
            groups,
            length=int(given["length"]),
            negatives=int(given["negatives"]),
            id_dropout=float(given["id_dropout"]) if titles.shape[1] else 0.0,
            only_new=inputs.unseen_only,
            max_events=int(given["max_events"]),
            seed=self.seed,
            device=device,
        )
        options = replace(options, batch_size=int(given["batch_size"]) or batch_of(len(source)))
        reading = Reading(towers, sequences, titles, self._groups)
        curve = train_watched(
            towers, source, lambda model: judge(reading), options, inputs, device=device, progress=progress
        )
        return reading, curve

    def _keep(self, learned: Any) -> None:
        super()._keep(learned)
        self.towers = learned.towers.cpu()
        self.towers.ids = self.towers.id_bias = None

    def _loop_options(self) -> LoopOptions:
        given = self.options
        return LoopOptions(
            epochs=int(given["epochs"]),
            patience=int(given["patience"]),
            learning_rate=float(given["learning_rate"]),
            weight_decay=float(given["weight_decay"]),
            seed=self.seed,
            metric=METRIC,
        )

    def _towers(self, text_size: int, groups: int, *, ids: int) -> Towers:
        given = self.options
        sizes = {name: int(given[name]) for name in ("width", "length")}
        return Towers(text_size, groups, ids=ids, temperature=float(given["temperature"]), **sizes)

    def _group_count(self) -> int:
        return self.towers.groups.in_features if self.towers.groups is not None else 0

    def _ordered(self, rows: Interactions) -> Sequences:
        """Each user's items in their order; rows that have none are put in one by the seed."""
        if rows.clock == NO_CLOCK:
            order = np.random.default_rng(self.seed).permutation(len(rows)).astype(np.int64)
            rows = replace(rows, times=order)
        return read_sequences(rows)


def batch_of(events: int) -> int:
    """A batch size that gives a small set many steps and a large one few long ones, where items are embedded once."""
    wanted: int = 2 ** round(math.log2(max(events / STEPS, 1)))
    return min(LARGEST_BATCH, max(SMALLEST_BATCH, wanted))
