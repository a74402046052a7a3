"""Smaller networks: equal to integer arithmetic, and to torch's own pruning."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from ml.errors import DataError
from ml.text.compression import Int8Embedding, Int8Linear, prune_smallest, quantise, quantised, weight_bytes
from ml.text.encoder import SentenceEncoder


def test_a_layer_computes_what_whole_numbers_do() -> None:
    torch.manual_seed(0)
    layer, values = nn.Linear(384, 7), torch.randn(5, 384)
    weight, weight_scale = quantised(layer.weight.detach())
    whole, scale = quantised(values)
    exact = whole.numpy().astype(np.int64) @ weight.numpy().astype(np.int64).T
    expected = exact * scale.numpy() * weight_scale.numpy().T + layer.bias.detach().numpy()
    np.testing.assert_allclose(Int8Linear(layer)(values).detach().numpy(), expected, rtol=1e-5, atol=1e-6)
    assert float((Int8Linear(layer)(values) - layer(values)).abs().max()) < 0.03


def test_rounding_is_to_the_nearest_of_255_levels() -> None:
    whole, scale = quantised(torch.tensor([[127.0, -126.6, 0.4, -127.0], [0.0, 0.0, 0.0, 0.0]]))
    assert whole.tolist() == [[127, -127, 0, -127], [0, 0, 0, 0]]
    assert scale[0].item() == pytest.approx(1.0)
    table = nn.Embedding.from_pretrained(torch.tensor([[1.0, -0.5], [100.0, 3.0]]))
    assert Int8Embedding(table)(torch.tensor([1, 0])).flatten().tolist() == pytest.approx(
        [100.0, 4 * 100 / 127, 1.0, -64 / 127]
    )


def test_the_same_weights_fall_as_by_torch() -> None:
    torch.manual_seed(0)
    ours = nn.Sequential(nn.Linear(30, 20), nn.ReLU(), nn.Linear(20, 10))
    theirs = copy.deepcopy(ours)
    prune.global_unstructured([(theirs[0], "weight"), (theirs[2], "weight")], prune.L1Unstructured, amount=0.4)
    prune_smallest(ours, 0.4)
    for place in (0, 2):
        assert torch.equal(ours[place].weight, theirs[place].weight)
    assert sum(int((ours[place].weight == 0).sum()) for place in (0, 2)) == 320


def test_the_bytes_are_those_that_must_be_kept() -> None:
    network = nn.Sequential(nn.Linear(64, 32, bias=False))
    assert weight_bytes(network) == 64 * 32 * 4
    assert weight_bytes(prune_smallest(copy.deepcopy(network), 0.5)) == 64 * 32 * 4 // 2 + 64 * 32 // 8
    assert weight_bytes(quantise(network)) == 64 * 32 + 32 * 4


def test_the_sentence_encoder_says_nearly_the_same_in_a_quarter_of_the_bytes() -> None:
    texts = ["red wine glass", "a bag for lunch", "toner cartridge", "bluetooth speaker"]
    plain, small = SentenceEncoder(), SentenceEncoder()
    before = weight_bytes(plain.loaded())
    quantise(small.loaded())
    assert weight_bytes(small.loaded()) / before == pytest.approx(0.256, abs=0.005)
    likeness = (plain.encode(texts) * small.encode(texts)).sum(axis=1)
    assert likeness.min() > 0.98


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(DataError, match="from 0 to below 1"):
        prune_smallest(nn.Linear(2, 2), share)
