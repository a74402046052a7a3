"""The multilayer perceptron: features in, one layer of ReLU units, a sigmoid out.

It learns by binary cross-entropy with Adam and decoupled weight decay (Loshchilov and Hutter, 2019) to tell events from
drawn items, from what was known of user, item and pair before the event. Its last period of train is validation.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array
from torch import nn

from ml.data.facts import no_facts
from ml.data.features import (
    HOUR_COS,
    HOUR_SIN,
    Floats,
    History,
    context_features,
    pair_features,
    pair_grid,
    read_history,
)
from ml.data.interactions import Codes, Interactions
from ml.errors import DataError
from ml.evaluation.classification import auc
from ml.models.base import Progress, Recommender, Scores, part, silent
from ml.models.bundle import read_bundle, write_bundle
from ml.models.inputs import Inputs
from ml.training.device import choose_device, device_name, one_thread
from ml.training.examples import Examples, Sampling, period_events
from ml.training.loop import LoopOptions, train
from ml.training.periods import Periods, period_length, read_periods, sample_events
from ml.training.tables import ExampleSource, Scaler, Tables, fit_scaler

Rows = NDArray[np.int64]
GRID_CELLS = 400_000  # user-item pairs scored at once
SCALERS = ("user", "item", "pair", "context")


class Perceptron(Recommender):
    name = "perceptron"
    seeded = True
    network: Any  # of torch's modules; calling one gives Any

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        """``features`` is an Inputs or None. Raises DataError when the history is too short to learn and validate."""
        inputs = features if features is not None else Inputs()
        self.users, self.items = train.users, train.items
        self.inputs, self.facts = inputs, (inputs.facts or no_facts(train)).check(train)
        self.titles = inputs.title_vectors if inputs.title_vectors is not None else np.zeros((train.n_items, 0))
        self.titles = np.ascontiguousarray(self.titles, np.float32)
        self._read_inputs()
        self.step = period_length(train, self.options["step_days"])
        device = choose_device(self.device)
        self.device_used = device_name(device)
        inputs.log(f"Training on {self.device_used}.")
        periods = read_periods(
            train,
            lambda as_of: self._history(train, as_of),
            self._sampling(),
            step=self.step,
            seed=self.seed,
            max_events=int(self.options["max_events"]),
            progress=part(progress, 0.0, 0.3),
        )
        self.examples = len(periods.fitted)
        self._fit_scalers(periods.fitted, periods.histories)
        with one_thread():
            self.epochs = self.learning_curve = self._learn(periods, device, progress)
        self.history = self._history(train, train.end)
        self._fold_tables()
        return self

    def score(self, users: Codes) -> Scores:
        """[len(users), n_items] logits: the sigmoid would keep the order and tie what rounds to 1."""
        size = max(1, GRID_CELLS // max(len(self.items), 1))
        scores = np.empty((len(users), len(self.items)), np.float32)
        for start in range(0, len(users), size):
            some = np.asarray(users[start : start + size], dtype=np.int64)
            scores[start : start + size] = self._score_block(some)
        return scores

    def event_auc(self, events: Interactions) -> float:
        """AUC of later events against uniformly drawn items, from what was known at the split; NaN without events."""
        found = period_events(events, self.history, events.end, unseen_only=self.inputs.unseen_only)
        if not len(found):
            return float("nan")
        rng = np.random.default_rng(self.seed + 1)
        examples = sample_events(found, self.history, self._sampling().uniform(), table=0, rng=rng)
        source = self._source(examples, [self.history], torch.device("cpu"))
        with one_thread():
            return auc(examples.labels > 0.5, source.all_logits(self.network))

    def save(self, folder: Path) -> dict[str, Any]:
        history = self.history
        arrays: dict[str, Any] = {f"network.{key}": value for key, value in self.network.state_dict().items()}
        for kind in SCALERS:
            arrays[f"{kind}.mean"], arrays[f"{kind}.deviation"] = self.scalers[kind].mean, self.scalers[kind].deviation
        arrays |= {f"history.{name}": getattr(history, name) for name in HISTORY_ARRAYS}
        arrays |= {"met.data": history.counts.data, "met.fresh": history.freshness.data, "titles": self.titles}
        arrays |= {"met.indices": history.counts.indices, "met.indptr": history.counts.indptr}
        arrays |= self._kept_inputs()
        config = {"options": self.options, "seed": self.seed, "as_of": history.as_of, "epochs": self.epochs}
        config["unseen_only"] = self.inputs.unseen_only
        vocabulary = {"users": self.users, "items": self.items}
        return write_bundle(folder, name=self.name, config=config, arrays=arrays, vocabulary=vocabulary)

    @classmethod
    def load(cls, folder: Path) -> Self:
        bundle = read_bundle(folder)
        if bundle.name != cls.name:
            raise DataError(f"This is the bundle of a model '{bundle.name}'.", where=str(folder))
        arrays, config = bundle.arrays, bundle.config
        model = cls(config["options"], seed=config["seed"], device="cpu")
        model.users, model.items = (np.array(bundle.vocabulary[side], dtype=object) for side in ("users", "items"))
        model.inputs = Inputs(unseen_only=config["unseen_only"])
        model.titles, model.epochs = arrays["titles"], config["epochs"]
        model.learning_curve = model.epochs
        model.scalers = {kind: Scaler(arrays[f"{kind}.mean"], arrays[f"{kind}.deviation"]) for kind in SCALERS}
        shape = (len(model.users), len(model.items))
        counts, freshness = (
            csr_array((arrays[data], arrays["met.indices"], arrays["met.indptr"]), shape=shape)
            for data in ("met.data", "met.fresh")
        )
        for matrix in (counts, freshness):
            matrix.check_format(full_check=True)  # an index beyond the matrix would read other memory
        fields = {name: arrays[f"history.{name}"] for name in HISTORY_ARRAYS}
        model.history = History(as_of=config["as_of"], counts=counts, freshness=freshness, **fields)
        model._restore_inputs(arrays)
        model.network = model._make_network(model._width())
        model.network.load_state_dict(
            {k[8:]: torch.from_numpy(v) for k, v in arrays.items() if k.startswith("network.")}
        )
        model.network.eval()
        model._fold_tables()
        return model

    def _sampling(self) -> Sampling:
        return Sampling(int(self.options["negatives"]), self.options["popular_share"], self.inputs.unseen_only)

    def _history(self, rows: Interactions, as_of: int) -> History:
        factors = int(self.options["taste_factors"])
        return read_history(rows, self.facts, as_of=as_of, step=self.step, factors=factors, seed=self.seed)

    def _fit_scalers(self, examples: Examples, histories: list[History]) -> None:
        users, items = (np.concatenate([getattr(history, kind) for history in histories]) for kind in ("user", "item"))
        self.scalers = {
            "user": fit_scaler(users, np.bincount(examples.users, minlength=len(users))),
            "item": fit_scaler(items, np.bincount(examples.items, minlength=len(items))),
            "pair": fit_scaler(examples.pairs),
            "context": fit_scaler(examples.context),
        }

    def _source(self, examples: Examples, histories: list[History], device: torch.device) -> ExampleSource:
        users, items = (
            self.scalers[kind].apply(np.concatenate([getattr(history, kind) for history in histories]))
            for kind in ("user", "item")
        )
        tables = Tables(*(torch.from_numpy(table).to(device) for table in (users, items, self.titles)))
        scaled = Examples(
            **{
                **vars(examples),
                "pairs": self.scalers["pair"].apply(examples.pairs),
                "context": self.scalers["context"].apply(examples.context),
            }
        )
        return self._make_source(scaled, tables, histories, device)

    def _make_source(
        self, scaled: Examples, tables: Tables, histories: list[History], device: torch.device
    ) -> ExampleSource:
        return ExampleSource(scaled, tables, device)

    def _make_network(self, width: int) -> nn.Module:
        """The untrained network for ``width`` features; after ``_restore_inputs`` that of a bundle."""
        return _network(width, int(self.options["hidden"]))

    def _read_inputs(self) -> None:
        """Take from the facts what the network needs besides the features."""

    def _kept_inputs(self) -> dict[str, Any]:
        """The same as arrays for the bundle."""
        return {}

    def _restore_inputs(self, arrays: Mapping[str, Any]) -> None:
        """The same from the arrays of a bundle, whose history is there already."""

    def _width(self) -> int:
        return sum(len(self.scalers[kind].mean) for kind in SCALERS) + int(self.titles.shape[1])

    def _learn(self, periods: Periods, device: torch.device, progress: Progress) -> list[dict[str, Any]]:
        samples = (periods.sample, periods.validation)
        source, *watched = (
            self._source(examples, periods.histories, device) for examples in (periods.fitted, *samples)
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            self.network = self._make_network(self._width()).to(device)

        def evaluate(model: nn.Module) -> dict[str, float]:
            train_auc, validation_auc = (
                auc(examples.labels > 0.5, source.all_logits(model))
                for examples, source in zip(samples, watched, strict=True)
            )
            return {"auc_train": train_auc, "auc_validation": validation_auc}

        options = LoopOptions(
            epochs=int(self.options["epochs"]),
            patience=int(self.options["patience"]),
            batch_size=int(self.options["batch_size"]),
            learning_rate=self.options["learning_rate"],
            weight_decay=self.options["weight_decay"],
            seed=self.seed,
        )
        epochs = train(
            self.network,
            source,
            evaluate,
            options,
            device=device,
            on_epoch=self.inputs.on_epoch,
            progress=part(progress, 0.3, 1.0),
            checkpoint=self.inputs.checkpoint,
            log=self.inputs.log,
            tensorboard=self.inputs.tensorboard,
        )
        self.network = self.network.cpu().eval()
        return epochs

    def _fold_tables(self) -> None:
        """The first layer is linear, so the parts of user and of item are computed once, not once for each pair."""
        first: Any = self.network[0]
        weight = first.weight.detach().numpy().T  # [features, hidden]
        user, item = self.scalers["user"].apply(self.history.user), self.scalers["item"].apply(self.history.item)
        cuts = np.cumsum([user.shape[1], item.shape[1], self.titles.shape[1], len(self.scalers["pair"].mean)])
        of_user, of_item, of_title, of_pair, of_context = np.split(weight, cuts)
        context = self.scalers["context"].apply(self._moment()) @ of_context
        self._user_part = user @ of_user + first.bias.detach().numpy() + context  # [n_users, hidden]
        self._item_part = item @ of_item + self.titles @ of_title  # [n_items, hidden]
        self._pair_weight = of_pair

    def _moment(self) -> Floats:
        """[1, 6] the context of a recommendation at the split: its season, and no particular day or hour."""
        moment = context_features(np.array([self.history.as_of], np.int64))
        unknown = slice(0, max(HOUR_SIN, HOUR_COS) + 1)
        moment[:, unknown] = self.scalers["context"].mean[unknown]
        return moment

    def _score_block(self, users: Rows) -> Scores:
        pairs = self.scalers["pair"].apply(pair_grid(self.history, users))  # [users, n_items, pair features]
        hidden = pairs @ self._pair_weight
        hidden += self._user_part[users][:, None, :]
        hidden += self._item_part[None, :, :]
        np.maximum(hidden, 0.0, out=hidden)
        last: Any = self.network[2]
        scores: Scores = hidden @ last.weight.detach().numpy()[0] + last.bias.detach().numpy()[0]
        return scores

    def score_pairs(self, users: Rows, items: Rows) -> Scores:
        """[n] the logits of single pairs through the whole network, as training sees it."""
        with torch.no_grad():
            result: Scores = self.network(torch.from_numpy(self.pair_inputs(users, items))).squeeze(1).numpy()
        return result

    def pair_inputs(self, users: Rows, items: Rows) -> Floats:
        """[n, features] what the network reads of single pairs, each feature in its standard deviations."""
        scale = self.scalers
        parts = [
            scale["user"].apply(self.history.user[users]),
            scale["item"].apply(self.history.item[items]),
            self.titles[items],
            scale["pair"].apply(pair_features(self.history, users, items)),
            np.repeat(scale["context"].apply(self._moment()), len(users), axis=0),
        ]
        return np.hstack(parts)


HISTORY_ARRAYS = (
    "user",
    "item",
    "shares",
    "categories",
    "user_price",
    "item_price",
    "user_taste",
    "item_taste",
)


def _network(width: int, hidden: int) -> nn.Sequential:
    """Logits; the sigmoid of the output is inside the loss."""
    return nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, 1))
