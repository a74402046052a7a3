"""A smaller encoder: weights as 8-bit integers with dynamic activations, or the smallest weights set to 0.

Both change what the encoder says a little; ``benchmarks/text_models.py`` measures how much. torch's own dynamic
quantisation (torch.ao) is deprecated and about to be removed, and its successor's integer product is far slower than
float32 on processors without instructions for it. So the integers are multiplied in float32 here, which is exact up to
2^24: the result is that of 8-bit arithmetic, the weights take a quarter of the memory, and the time is not less.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.errors import DataError

LEVELS = 127  # of a signed 8-bit integer, symmetric around 0


def quantised(values: Tensor) -> tuple[Tensor, Tensor]:
    """[rows, columns] int8 and [rows, 1] the scale of each row: value = integer x scale, to the nearest."""
    scale = (values.abs().amax(dim=-1, keepdim=True) / LEVELS).clamp(min=1e-12)
    return torch.round(values / scale).to(torch.int8), scale


class Int8Linear(nn.Module):
    """A linear layer whose weights are kept, and whose inputs are rounded as they come, to 8 bits row by row."""

    weight: Tensor
    scale: Tensor

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        weight, scale = quantised(layer.weight.detach())
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.bias = layer.bias

    def forward(self, values: Tensor) -> Tensor:
        whole, scale = quantised(values)
        product = functional.linear(whole.float(), self.weight.float())
        result = product * scale * self.scale.T.squeeze(0)
        return result if self.bias is None else result + self.bias


class Int8Embedding(nn.Module):
    """A table of vectors, each kept in 8 bits with a scale of its own."""

    weight: Tensor
    scale: Tensor

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        weight, scale = quantised(table.weight.detach())
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)

    def forward(self, rows: Tensor) -> Tensor:
        return self.weight[rows].float() * self.scale[rows]


def quantise(network: nn.Module) -> nn.Module:
    """Replace all linear layers and tables in place; gives the network. It can no longer be trained."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Linear):
                setattr(module, name, Int8Linear(child))
            elif isinstance(child, nn.Embedding):
                setattr(module, name, Int8Embedding(child))
    return network.eval()


@torch.no_grad()
def prune_smallest(network: nn.Module, share: float) -> nn.Module:
    """Set this share of all weights of linear layers to 0 in place, the smallest in size over all layers together.

    Magnitude pruning: Han, Pool, Tran and Dally, NIPS 2015. Raises DataError for a share outside 0 to 1.
    """
    if not 0 <= share < 1:
        raise DataError("The share of the weights to remove must be from 0 to below 1.", where="share")
    layers = [each for each in network.modules() if isinstance(each, nn.Linear)]
    sizes = torch.cat([each.weight.abs().flatten() for each in layers])
    count = round(share * len(sizes))
    if count:
        limit = sizes.kthvalue(count).values
        for layer in layers:
            layer.weight[layer.weight.abs() <= limit] = 0.0
    return network


def weight_bytes(network: nn.Module) -> int:
    """The bytes of all weights; of a pruned layer those of what is not 0 and one bit for each place."""
    tensors: dict[int, Any] = {id(each): each for each in (*network.parameters(), *network.buffers())}
    total = 0
    for tensor in tensors.values():
        kept = int((tensor != 0).sum())
        dense = tensor.numel() * tensor.element_size()
        total += min(dense, kept * tensor.element_size() + -(-tensor.numel() // 8))
    return total
