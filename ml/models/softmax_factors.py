"""Factors under a softmax: each event of a user is one draw among all items, the likelier the better an item suits.

The multinomial likelihood of Liang, Krishnan, Hoffman and Jebara, "Variational autoencoders for collaborative
filtering" (WWW 2018), with factors of users and items in the place of an encoder; it weighs the top of a list more than
squares do. The penalty makes the factors the mode under a normal prior.
"""

import math

import numpy as np
import torch
from scipy.sparse import csr_array
from torch import Tensor, nn

from ml.data.interactions import Interactions
from ml.models.pairwise import FactorNetwork, PairwiseModel
from ml.training.multinomial import HistorySource

START_DEVIATION = 0.1
STEPS, SMALLEST_BATCH, LARGEST_BATCH = 16, 16, 256


class SoftmaxFactors(PairwiseModel):
    name = "softmax_factors"

    def read(self, rows: Interactions) -> csr_array:
        return rows.matrix(binary=bool(self.options["binary"]))

    def make_network(self, met: csr_array) -> FactorNetwork:
        return SoftmaxNetwork(met, int(self.options["factors"]), float(self.options["l2"]))

    def make_source(self, met: csr_array, device: torch.device) -> HistorySource:
        return HistorySource(met, device)

    def batch_size(self, examples: int) -> int:
        """As it is given; or so that an epoch has about 16 steps or more."""
        wanted: int = 2 ** round(math.log2(max(examples / STEPS, 1)))
        return int(self.options["batch_size"]) or min(LARGEST_BATCH, max(SMALLEST_BATCH, wanted))


class SoftmaxNetwork(FactorNetwork):
    """x_ui = p_u q_i + b_i; an item's bias begins with the logarithm of how often it was met."""

    def __init__(self, met: csr_array, size: int, l2: float) -> None:
        super().__init__()
        self.users, self.items, self.l2 = nn.Embedding(met.shape[0], size), nn.Embedding(met.shape[1], size), l2
        for table in (self.users, self.items):
            nn.init.normal_(table.weight, std=START_DEVIATION)
        logs = np.log1p(np.asarray(met.sum(axis=0), np.float32).ravel())
        self.bias = nn.Parameter(torch.from_numpy(logs - logs.mean()))

    def forward(self, users: Tensor, share: float) -> tuple[Tensor, Tensor, Tensor]:
        own = self.users(users)
        penalty = self.l2 / 2 * (own.square().sum() + share * self.items.weight.square().sum())
        return torch.cat([own, torch.ones_like(own[:, :1])], 1), self._table(), penalty

    def factors(self) -> tuple[Tensor, Tensor]:
        """The bias is one factor more, of which each user has 1."""
        return torch.cat([self.users.weight, torch.ones_like(self.users.weight[:, :1])], 1), self._table()

    def _table(self) -> Tensor:
        return torch.cat([self.items.weight, self.bias[:, None]], 1)
