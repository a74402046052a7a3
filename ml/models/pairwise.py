"""Factors learned by gradients and judged on the end of train: what BPR, LightGCN, softmax factors and towers share."""

from abc import abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from scipy.sparse import csr_array
from torch import Tensor, nn

from ml.data.interactions import Interactions
from ml.data.splits import validation_tail
from ml.errors import DataError
from ml.evaluation.ranking import hits_of, ranking_metrics, top_k, truth_of
from ml.models.base import Progress, blocks, part, silent
from ml.models.factors import FactorModel, Floats
from ml.models.inputs import Inputs
from ml.models.watched import train_watched
from ml.training.device import choose_device, device_name, one_thread
from ml.training.loop import LoopOptions
from ml.training.pairs import PairSource
from ml.training.sources import Source

METRIC = "ndcg@10_validation"
VALIDATION_SHARE, VALIDATION_USERS = 0.1, 2000


class FactorNetwork(nn.Module):
    """Called as the model's source calls it (``make_source``). That of pairs gives users [n], items [n] and drawn items
    [n, d], and wants their scores [n] and [n, d], and the squares [] of all first factors that took part."""

    def factors(self) -> tuple[Tensor, Tensor]:
        """[n_users, width] and [n_items, width], whose scalar products are the scores."""
        raise NotImplementedError


class JudgedFactors(FactorModel):
    """How many epochs are best is seen on the last tenth of train's rows; then all of train is learned as long.

    Where the test asks for the row that follows, it is the last tenth of each user's rows: users whose times do not
    overlap have few rows in common with the end of train.
    """

    seeded: ClassVar[bool] = True

    def fit(self, train: Interactions, *, features: Any = None, progress: Progress = silent) -> Self:
        """``features`` is an Inputs or None. Raises DataError when the end of train has nobody to validate with."""
        inputs = features if features is not None else Inputs()
        self.users, self.items = train.users, train.items
        device = choose_device(self.device)
        self.device_used = device_name(device)
        inputs.log(f"Training on {self.device_used}.")
        early, late = validation_tail(train, VALIDATION_SHARE, of_each=inputs.next_row)
        judge = Judge(early, late, masked=inputs.unseen_only, seed=self.seed)
        options = self._loop_options()
        with one_thread():
            _, self.learning_curve = self._learn(early, judge, options, inputs, device, part(progress, 0.0, 0.5))
            best = next(int(row["epoch"]) for row in self.learning_curve if row["best"])
            inputs.log(f"Learning all of the training part for {best} epochs.")
            whole = replace(options, epochs=best, metric="")
            again = replace(
                inputs, on_epoch=lambda epoch: None, checkpoint=_beside(inputs.checkpoint), tensorboard=None
            )
            learned, _ = self._learn(train, lambda model: {}, whole, again, device, part(progress, 0.5, 1.0))
            self._keep(learned)
        return self

    @abstractmethod
    def _learn(
        self,
        rows: Interactions,
        judge: Any,
        options: LoopOptions,
        inputs: Inputs,
        device: torch.device,
        progress: Progress,
    ) -> tuple[Any, list[dict[str, Any]]]:
        """What has the ``factors`` of all users and items after training on these rows, and the learning curve."""

    def _keep(self, learned: Any) -> None:
        """Take from what was learned all that scoring needs."""
        self.user_factors, self.item_factors = factors_of(learned)

    def _loop_options(self) -> LoopOptions:
        given = self.options
        return LoopOptions(
            epochs=int(given["epochs"]),
            patience=int(given["patience"]),
            learning_rate=float(given["learning_rate"]),
            weight_decay=0.0,
            optimiser="adam",
            seed=self.seed,
            metric=METRIC,
        )


class PairwiseModel(JudgedFactors):
    """Factors learned from who met what; a subclass says its network, and its examples where they are no pairs."""

    @abstractmethod
    def make_network(self, met: csr_array) -> FactorNetwork:
        """The untrained network for these users and items."""

    def read(self, rows: Interactions) -> csr_array:
        """[n_users, n_items] what is learned from."""
        return rows.matrix()

    def make_source(self, met: csr_array, device: torch.device) -> Source:
        """The examples: pairs that met, each beside drawn items."""
        return PairSource(met, negatives=int(self.options["negatives"]), l2=float(self.options["l2"]), device=device)

    def batch_size(self, examples: int) -> int:
        """Of one step, where there are so many examples."""
        return int(self.options["batch_size"])

    def _learn(
        self,
        rows: Interactions,
        judge: Any,
        options: LoopOptions,
        inputs: Inputs,
        device: torch.device,
        progress: Progress,
    ) -> tuple[FactorNetwork, list[dict[str, Any]]]:
        met = self.read(rows)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            network = self.make_network(met).to(device)
        source = self.make_source(met, device)
        options = replace(options, batch_size=self.batch_size(len(source)))
        curve = train_watched(network, source, judge, options, inputs, device=device, progress=progress)
        return network, curve


class Judge:
    """NDCG@10 over all items for some users of the late rows whom the early rows know."""

    def __init__(self, early: Interactions, late: Interactions, *, masked: bool, seed: int) -> None:
        truth = truth_of(early.matrix(), late.matrix(), np.zeros(early.n_users, np.int64), masked=masked)
        if not len(truth.users):
            raise DataError(
                "No user of the end of train was there before, so the training cannot be validated.",
                where="train",
                hint="Choose a later split, or a model that needs no validation.",
            )
        self.truth = truth.some(VALIDATION_USERS, seed)

    def __call__(self, network: Any) -> dict[str, float]:
        users, items = factors_of(network)
        truth, values, done = self.truth, [], 0
        for block in blocks(truth.users, len(items)):
            rows = slice(done, done + len(block))
            seen = truth.seen[rows] if truth.seen is not None else None
            ranked = top_k(users[block] @ items.T, 10, seen)
            values.append(ranking_metrics(hits_of(ranked, truth.items[rows]), truth.sizes[rows], 10)["ndcg@10"])
            done += len(block)
        return {METRIC: float(np.concatenate(values).mean())}


@torch.no_grad()
def factors_of(network: Any) -> tuple[Floats, Floats]:
    network.eval()
    users, items = network.factors()
    return users.cpu().numpy().copy(), items.cpu().numpy().copy()


def _beside(checkpoint: Path | None) -> Path | None:
    """Where the second training, of all rows, keeps its checkpoint."""
    return checkpoint.with_name(checkpoint.name + "-whole") if checkpoint is not None else None
