"""Packed sequences: each is read as if it stood alone, and a causal network never looks ahead."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.models.sequences.layers import Attention, Block, DilatedBlock, Dropout
from ml.models.sequences.packing import Packed, pack

WIDTH = 16
LENGTHS = np.array([3, 1, 9, 9, 5, 2, 31, 6, 4, 9])
STARTS = np.cumsum(LENGTHS) - LENGTHS
LAYERS = {
    "causal": lambda: Block(WIDTH, 2, 0.0, causal=True, hidden=24),
    "both": lambda: Block(WIDTH, 2, 0.0, causal=False, hidden=24),
    "dilated": lambda: DilatedBlock(WIDTH, 4, 0.0),
}


@pytest.fixture(params=LAYERS)
def layer(request: pytest.FixtureRequest) -> nn.Module:
    torch.manual_seed(0)
    return LAYERS[request.param]().eval()


def tokens() -> Tensor:
    """[all items, width] what each item's token holds."""
    return torch.randn(int(LENGTHS.sum()), WIDTH, generator=torch.Generator().manual_seed(1))


def test_the_packing_knows_where_everything_stands() -> None:
    packed = pack(STARTS, LENGTHS)
    assert sorted(packed.rows.tolist()) == list(range(LENGTHS.sum()))
    for asked, (start, length) in enumerate(zip(STARTS, LENGTHS, strict=True)):
        mine = packed.owners == asked
        assert packed.rows[mine].tolist() == list(range(start, start + length))
        assert packed.inside[mine].tolist() == list(range(length))
        assert packed.places[mine].tolist() == list(range(length))[::-1]
        assert packed.rows[packed.last[asked]] == start + length - 1
    cells = sum(grid.users * grid.width for grid in packed.grids)
    assert cells < 1.2 * LENGTHS.sum()  # a padded batch would have 310 cells for 79 tokens


def test_packed_sequences_are_read_as_each_alone(layer: nn.Module) -> None:
    content, packed = tokens(), pack(STARTS, LENGTHS)
    together = layer(content[packed.rows], packed)
    for asked in range(len(LENGTHS)):
        alone = pack(STARTS[asked : asked + 1], LENGTHS[asked : asked + 1])
        expected = layer(content[alone.rows], alone)
        torch.testing.assert_close(together[packed.owners == asked], expected, rtol=1e-5, atol=1e-6)


def test_only_the_network_of_both_sides_looks_ahead(layer: nn.Module) -> None:
    packed, content = pack(np.array([0]), np.array([31])), tokens()[:31]
    before = layer(content, packed)
    changed = content.clone()
    changed[20] += 1.0
    moved = (layer(changed, packed) - before).abs().amax(1) > 1e-7
    ahead = isinstance(layer, Block) and not layer.attention.causal
    assert bool(moved[:20].any()) == ahead
    assert moved[20:].any()


@pytest.mark.parametrize("causal", [True, False])
def test_attention_is_torchs_multihead_attention_on_padded_rows(causal: bool) -> None:
    torch.manual_seed(2)
    ours, theirs = Attention(WIDTH, 2, causal=causal), nn.MultiheadAttention(WIDTH, 2, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.into.weight)
        theirs.in_proj_bias.copy_(ours.into.bias)
        theirs.out_proj.weight.copy_(ours.out.weight)
        theirs.out_proj.bias.copy_(ours.out.bias)
    content, packed, longest = tokens(), pack(STARTS, LENGTHS), int(LENGTHS.max())
    padded, empty = torch.zeros(len(LENGTHS), longest, WIDTH), torch.ones(len(LENGTHS), longest, dtype=torch.bool)
    for row, (start, length) in enumerate(zip(STARTS, LENGTHS, strict=True)):
        padded[row, :length], empty[row, :length] = content[start : start + length], False
    later = torch.ones(longest, longest, dtype=torch.bool).triu(1) if causal else None
    expected, _ = theirs(padded, padded, padded, key_padding_mask=empty, attn_mask=later, need_weights=False)
    found = ours(content[packed.rows], packed)
    for row, length in enumerate(LENGTHS):
        torch.testing.assert_close(found[packed.owners == row], expected[row, :length], rtol=1e-4, atol=1e-5)


def test_the_dilated_block_is_two_convolutions_of_torch() -> None:
    torch.manual_seed(3)
    block, length = DilatedBlock(WIDTH, 4, 0.0).eval(), 31
    content, packed = tokens()[:length], pack(np.array([0]), np.array([length]))

    def convolved(x: Tensor, linear: nn.Linear, dilation: int) -> Tensor:
        kernel = linear.weight.view(WIDTH, 3, WIDTH).permute(0, 2, 1).flip(2)  # the newest token is the last tap
        padded = functional.pad(x.T[None], (2 * dilation, 0))
        return functional.conv1d(padded, kernel, linear.bias, dilation=dilation)[0].T

    inner = convolved(functional.relu(block.first(content)), block.near, 4)
    expected = content + convolved(functional.relu(block.second(inner)), block.far, 8)
    torch.testing.assert_close(block(content, packed), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_dropout_drops_its_share_and_keeps_the_mean(share: float) -> None:
    torch.manual_seed(0)
    layer, x = Dropout(share), torch.ones(1001, 999, requires_grad=True)
    out = layer(x)
    dropped = round(share * 256) / 256
    assert float((out == 0).float().mean()) == pytest.approx(dropped, abs=0.002)
    assert float(out.detach().mean()) == pytest.approx(1.0, abs=0.005)
    assert out.unique().tolist() == pytest.approx([0.0, 1 / (1 - dropped)])
    out.sum().backward()
    assert torch.equal(x.grad, out.detach())
    assert layer.eval()(x) is x


def test_the_packing_moves_as_a_whole() -> None:
    packed = pack(STARTS, LENGTHS)
    moved = packed.to(torch.device("meta"))
    assert isinstance(moved, Packed)
    assert {each.device.type for each in (moved.rows, moved.places, moved.last, moved.owners)} == {"meta"}
    assert all(grid.cells is None or grid.cells.device.type == "meta" for grid in moved.grids)
