"""What SASRec, BERT4Rec and the convolution share as recommenders; each says its network and what it is asked."""

import math
from abc import abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray

from ml.data.interactions import Codes, Interactions
from ml.data.sequences import Sequences, last_baskets, read_sequences
from ml.errors import DataError
from ml.models.base import Progress, Recommender, Scores, part, silent
from ml.models.bundle import read_named_bundle, write_bundle
from ml.models.inputs import Inputs
from ml.models.sequences.network import Loss, SequenceNetwork
from ml.models.sequences.pretraining import pretrain
from ml.models.sequences.scoring import Validation, item_scores, user_states
from ml.models.sequences.source import WindowSource
from ml.models.watched import train_watched
from ml.training.device import choose_device, device_name, one_thread
from ml.training.loop import LoopOptions

SMALLEST_BATCH, LARGEST_BATCH, STEPS = 16, 256, 256  # sequences a step, and about how many steps an epoch is to have
FULL_LOSS_ITEMS = 2_000  # up to so many items "auto" is the full cross-entropy


class SequenceRecommender(Recommender):
    """Validation is what each user met at his last instant (never more than half of his rows), all taken from train.

    Where the ranking leaves out what was met before, validation does too; repeats are learned from all the same, since
    they tell what someone likes. Rows of one instant have no order among them, and what is asked is the next instant;
    but where the test asks for the row that follows, each row is an instant of its own. Only ``length`` items of a
    user's history count for his scores. Users without history are ranked by popularity.
    """

    seeded = True
    asks: ClassVar[bool] = False  # whether a token for the unknown item follows the history

    history: Sequences
    network: SequenceNetwork
    labelled: NDArray[np.bool_] | None = None  # [n_users] who is learned from after pre-training; None: everyone

    @abstractmethod
    def make_network(self, n_items: int, loss: Loss) -> SequenceNetwork:
        """The untrained network."""

    @abstractmethod
    def make_source(self, sequences: Sequences, negatives: int) -> WindowSource:
        """What is asked of these sequences in training."""

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        """``features`` is an Inputs or None. Raises DataError when no user has enough rows to learn an order from."""
        inputs = features if features is not None else Inputs()
        self.users, self.items = train.users, train.items
        sequences = read_sequences(train)
        if inputs.next_row:
            sequences = sequences.one_by_one()
        self.counts = np.bincount(sequences.items, minlength=train.n_items).astype(np.float32)
        device = choose_device(self.device)
        self.device_used = device_name(device)
        inputs.log(f"Training on {self.device_used}.")
        with one_thread():
            self.learning_curve = self._learn(sequences, inputs, device, progress)
        self.history = sequences.last(self.length)
        return self

    def score(self, users: Codes) -> Scores:
        """[len(users), n_items] logits of the next item."""
        chosen = np.asarray(users, np.int64)
        with one_thread():
            states = user_states(self.network, self.history, chosen, asks=self.asks)
            scores = item_scores(self.network, states)
        unknown = self.history.lengths[chosen] == 0
        if unknown.any():
            scores[unknown] = np.log1p(self.counts)
        return scores

    def fold_in(self, rows: Interactions) -> Self:
        """A copy that scores the users of ``rows`` from their histories."""
        self.same_items(rows)
        copy = type(self)(self.options, seed=self.seed, device=self.device)
        copy.__dict__.update(self.__dict__)
        copy.users, copy.history = rows.users, read_sequences(rows).last(self.length)
        return copy

    def save(self, folder: Path) -> dict[str, Any]:
        arrays: dict[str, Any] = {f"network.{key}": value for key, value in self.network.state_dict().items()}
        arrays |= {"history.items": self.history.items, "history.starts": self.history.starts, "counts": self.counts}
        config = {"options": self.options, "seed": self.seed, "learning_curve": self.learning_curve}
        vocabulary = {"users": self.users, "items": self.items}
        return write_bundle(folder, name=self.name, config=config, arrays=arrays, vocabulary=vocabulary)

    @classmethod
    def load(cls, folder: Path) -> Self:
        bundle = read_named_bundle(folder, cls.name)
        arrays, config = bundle.arrays, bundle.config
        model = cls(config["options"], seed=config["seed"], device="cpu")
        model.users, model.items = (np.array(bundle.vocabulary[side], dtype=object) for side in ("users", "items"))
        model.learning_curve = config["learning_curve"]
        items, starts = arrays["history.items"], arrays["history.starts"]
        model.history = Sequences(items, np.zeros_like(items), starts)
        model.counts = arrays["counts"]
        if not _whole(model.history, len(model.users), len(model.items)) or len(model.counts) != len(model.items):
            raise DataError("The histories in the bundle are damaged.", where=str(folder))
        model.network = model.make_network(len(model.items), model._loss(len(model.items)))
        model.network.load_state_dict(
            {key[8:]: torch.from_numpy(each) for key, each in arrays.items() if key.startswith("network.")}
        )
        model.network.eval()
        return model

    @property
    def length(self) -> int:
        return int(self.options["length"])

    def _loss(self, n_items: int) -> Loss:
        chosen: Any = self.options["loss"]
        if chosen != "auto":
            return chosen  # type: ignore[no-any-return]
        return "full_cross_entropy" if n_items <= FULL_LOSS_ITEMS else "sampled_softmax"

    def _learn(
        self, sequences: Sequences, inputs: Inputs, device: torch.device, progress: Progress
    ) -> list[dict[str, Any]]:
        n_items, held = len(self.items), last_baskets(sequences)
        loss, known = self._loss(n_items), sequences.keep(~held)
        negatives = 0 if loss == "full_cross_entropy" else int(self.options["negatives"])
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            network = self.make_network(n_items, loss).to(device)
        network.begin_with(torch.from_numpy(np.bincount(known.items, minlength=n_items)))
        learned = known
        if self.labelled is not None:
            learned = known.keep(np.repeat(self.labelled, known.lengths))
        source = self.make_source(learned, negatives)
        validation = Validation(
            sequences,
            held,
            length=self.length,
            n_items=n_items,
            only_new=inputs.unseen_only,
            asks=self.asks,
            seed=self.seed,
        )
        if not len(validation.users):
            raise DataError(
                "No user has enough interactions to validate with.",
                where="train",
                hint="Sequence models need users with three interactions or more at different times.",
            )
        options, begun = self._loop_options(len(source)), 0.0
        if self.options["pretraining"] != "none":
            begun = 0.5
            pretrain(
                network,
                known,
                self.options,
                replace(options, epochs=int(self.options["pretraining_epochs"])),
                inputs,
                device,
                part(progress, 0.0, begun),
            )
        curve = train_watched(
            network, source, validation, options, inputs, device=device, progress=part(progress, begun, 1.0)
        )
        self.network = network.cpu().eval()
        return curve

    @staticmethod
    def batch_of(windows: int) -> int:
        """A batch size that gives a small set many steps and a large one few long ones."""
        wanted: int = 2 ** round(math.log2(max(windows / STEPS, 1)))
        return min(LARGEST_BATCH, max(SMALLEST_BATCH, wanted))

    def _loop_options(self, windows: int) -> LoopOptions:
        given = self.options
        return LoopOptions(
            epochs=int(given["epochs"]),
            patience=int(given["patience"]),
            batch_size=int(given["batch_size"]) or self.batch_of(windows),
            learning_rate=float(given["learning_rate"]),
            weight_decay=float(given["weight_decay"]),
            warmup_steps=int(given["warmup_steps"]),
            decay=given["decay"],
            clip=float(given["clip"]),
            optimiser="adamw",
            beta2=0.98,
            fused=True,
            precision="auto",
            seed=self.seed,
            metric="ndcg@10_validation",
        )


def _whole(history: Sequences, n_users: int, n_items: int) -> bool:
    """Whether the arrays of a bundle fit together."""
    starts, items = history.starts, history.items
    if starts.ndim != 1 or items.ndim != 1 or len(starts) != n_users + 1 or starts[0] != 0 or starts[-1] != len(items):
        return False
    return bool((np.diff(starts) >= 0).all()) and (not len(items) or (items.min() >= 0 and items.max() < n_items))
