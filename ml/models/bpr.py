"""BPR: matrix factorisation that learns to put what was met above what was not. Rendle et al., UAI 2009."""

import torch
from scipy.sparse import csr_array
from torch import Tensor, nn

from ml.models.pairwise import FactorNetwork, PairwiseModel

START_DEVIATION = 0.1


class Bpr(PairwiseModel):
    name = "bpr"

    def make_network(self, met: csr_array) -> FactorNetwork:
        return Factors(met.shape[0], met.shape[1], int(self.options["factors"]))


class Factors(FactorNetwork):
    """x_ui = p_u q_i + b_i."""

    def __init__(self, n_users: int, n_items: int, size: int) -> None:
        super().__init__()
        self.users, self.items = nn.Embedding(n_users, size), nn.Embedding(n_items, size)
        self.bias = nn.Parameter(torch.zeros(n_items))
        for table in (self.users, self.items):
            nn.init.normal_(table.weight, std=START_DEVIATION / size**0.5)

    def forward(self, users: Tensor, items: Tensor, drawn: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        user, item, other = self.users(users), self.items(items), self.items(drawn)
        positive = (user * item).sum(dim=1) + self.bias[items]
        negative = torch.einsum("nf,ndf->nd", user, other) + self.bias[drawn]
        return positive, negative, user.square().sum() + item.square().sum() + other.square().sum() / drawn.shape[1]

    def factors(self) -> tuple[Tensor, Tensor]:
        """The bias is one factor more, of which each user has 1."""
        ones = torch.ones_like(self.users.weight[:, :1])
        return torch.cat([self.users.weight, ones], 1), torch.cat([self.items.weight, self.bias[:, None]], 1)
