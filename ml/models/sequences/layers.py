"""Layers over packed sequences: attention, the transformer's block, dropout that is cheap on the CPU."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.errors import DataError
from ml.models.sequences.packing import Grid, Packed


class Dropout(nn.Module):
    """Sets a share of the numbers to 0 and scales the others.

    On the CPU drawing is what dropout costs, so eight numbers are decided by one draw of 64 bits; the share is then a
    multiple of 1/256.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return x
        if x.device.type != "cpu":
            return functional.dropout(x, self.share)
        dropped = max(1, round(self.share * 256))
        draws = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), None)
        kept = draws.view(torch.uint8)[: x.numel()].view(x.shape) >= dropped
        return x * kept.to(x.dtype).mul_(256 / (256 - dropped))


class Attention(nn.Module):
    """Scaled dot-product attention (Vaswani et al., 2017) of each token to those of its sequence, itself included.

    ``causal``: only to earlier ones. Grids are padded at their end, so a causal token never sees the padding.
    """

    def __init__(self, width: int, heads: int, *, causal: bool) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.into = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, packed: Packed) -> Tensor:
        projected = self.into(x)  # [n, 3 width]
        met = torch.cat([self._meet(projected, grid) for grid in packed.grids])
        mixed: Tensor = self.out(met)
        return mixed

    def _meet(self, projected: Tensor, grid: Grid) -> Tensor:
        parts = grid.spread(projected).view(grid.users, grid.width, 3, self.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)  # each [users, heads, width, width of a head]
        filled = None if self.causal else grid.filled()
        mask = filled[:, None, None, :] if filled is not None else None
        met = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=self.causal)
        return grid.gather(met.transpose(1, 2))


class Block(nn.Module):
    """Attention and a feed-forward layer, each after a norm and beside a shortcut."""

    def __init__(self, width: int, heads: int, dropout: float, *, causal: bool, hidden: int) -> None:
        super().__init__()
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, causal=causal)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, packed: Packed) -> Tensor:
        x = x + self.dropout(self.attention(self.before(x), packed))
        inner = functional.gelu(self.up(self.between(x)))
        changed: Tensor = x + self.dropout(self.down(inner))
        return changed


class DilatedBlock(nn.Module):
    """Two causal convolutions of three tokens, the second twice as far apart, beside a shortcut.

    The residual block of NextItNet (Yuan et al., WSDM 2019). The tokens before are gathered from the packed row, and
    where a sequence has none there are zeros, so that nothing is padded.
    """

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.near, self.far = nn.Linear(3 * width, width), nn.Linear(3 * width, width)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, packed: Packed) -> Tensor:
        inner = self.near(_with_earlier(functional.relu(self.first(x)), packed, self.dilation))
        inner = self.far(_with_earlier(functional.relu(self.second(inner)), packed, 2 * self.dilation))
        changed: Tensor = x + self.dropout(inner)
        return changed


def _with_earlier(x: Tensor, packed: Packed, distance: int) -> Tensor:
    """[n, 3 width] each token beside those ``distance`` and twice the distance before it."""
    rows = torch.arange(len(x), device=x.device)
    padded = torch.cat([x, x.new_zeros(1, x.shape[1])])
    earlier = [padded[torch.where(packed.inside >= back, rows - back, len(x))] for back in (distance, 2 * distance)]
    return torch.cat([x, *earlier], 1)


def check_heads(width: int, heads: int) -> None:
    """Raises DataError when the width cannot be shared out among the heads."""
    if width % heads:
        raise DataError(
            f"The width {width} is not a multiple of {heads} heads.",
            where="option heads",
            hint="Change one of the two.",
        )
