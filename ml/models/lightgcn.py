"""LightGCN: factors smoothed over the graph of who met what. He, Deng, Wang, Li, Zhang and Wang, SIGIR 2020."""

from typing import Any

import numpy as np
import torch
from scipy.sparse import block_array, csr_array
from torch import Tensor, nn

from ml.models.pairwise import FactorNetwork, PairwiseModel

START_DEVIATION = 0.1


class LightGcn(PairwiseModel):
    """The graph of each training is that of its own rows, so validation sees nothing of what it asks."""

    name = "lightgcn"

    def make_network(self, met: csr_array) -> FactorNetwork:
        return Graph(met, int(self.options["factors"]), int(self.options["layers"]))


class Graph(FactorNetwork):
    """The factors are the mean over 0 to ``layers`` steps E_k = D^-1/2 A D^-1/2 E_k-1, A linking users and items."""

    graph: Tensor

    def __init__(self, met: csr_array, size: int, layers: int) -> None:
        super().__init__()
        self.sizes, self.layers = [int(met.shape[0]), int(met.shape[1])], layers
        self.first = nn.Parameter(torch.randn(sum(self.sizes), size) * START_DEVIATION)
        self.register_buffer("graph", _links(met), persistent=False)

    def forward(self, users: Tensor, items: Tensor, drawn: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        all_users, all_items = self.factors()
        user, item, other = all_users[users], all_items[items], all_items[drawn]
        first_users, first_items = torch.split(self.first, self.sizes)
        squares = first_users[users].square().sum() + first_items[items].square().sum()
        squares = squares + first_items[drawn].square().sum() / drawn.shape[1]
        return (user * item).sum(dim=1), torch.einsum("nf,ndf->nd", user, other), squares

    def factors(self) -> tuple[Tensor, Tensor]:
        layer, total = self.first, self.first
        for _ in range(self.layers):
            layer = _Smooth.apply(self.graph, layer)  # type: ignore[no-untyped-call]
            total = total + layer
        users, items = torch.split(total / (self.layers + 1), self.sizes)
        return users, items


class _Smooth(torch.autograd.Function):
    """The product with a symmetric sparse matrix, whose gradient is the same product: no transpose is ever made."""

    @staticmethod
    def forward(ctx: Any, graph: Tensor, values: Tensor) -> Tensor:
        ctx.graph = graph
        return graph @ values

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, Tensor]:
        return None, ctx.graph @ gradients[0]


def _links(met: csr_array) -> Tensor:
    """[users + items, users + items] sparse: D^-1/2 A D^-1/2, 0 for who met nothing."""
    links = csr_array(block_array([[None, met], [met.T, None]], format="csr"))
    links.sort_indices()
    degrees = np.diff(links.indptr)
    scale = 1.0 / np.sqrt(np.maximum(degrees, 1))
    values = (scale[np.repeat(np.arange(len(degrees)), degrees)] * scale[links.indices]).astype(np.float32)
    return torch.sparse_csr_tensor(
        torch.from_numpy(links.indptr.astype(np.int64)),
        torch.from_numpy(links.indices.astype(np.int64)),
        torch.from_numpy(values),
        size=links.shape,
        check_invariants=True,
    )
