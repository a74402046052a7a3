"""The loss against torch's own cross-entropy, the batch, and that planted tastes are found."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array
from torch.nn import functional

from ml.models.base import create
from ml.models.softmax_factors import SoftmaxFactors, SoftmaxNetwork
from ml.training import item_losses
from ml.training.multinomial import HistorySource, multinomial

MET = csr_array(np.array([[2, 0, 1, 0, 0], [0, 0, 0, 0, 0], [0, 1, 0, 0, 3], [0, 0, 0, 1, 0]], np.float32))


def network() -> SoftmaxNetwork:
    torch.manual_seed(1)
    return SoftmaxNetwork(MET, 3, l2=2.0)


def test_the_loss_is_the_mean_cross_entropy_of_all_events_and_the_penalty() -> None:
    source, model = HistorySource(MET, torch.device("cpu")), network()
    assert len(source) == 3  # a user of no event is no example
    found = source.loss(model, torch.arange(3))
    users, items = model.users.weight[[0, 2, 3]], model.items.weight
    logits = users @ items.T + model.bias
    events = torch.tensor([0, 0, 0, 1, 1, 1, 1, 2]), torch.tensor([0, 0, 2, 1, 4, 4, 4, 3])
    expected = functional.cross_entropy(logits[events[0]], events[1], reduction="sum")
    expected = (expected + users.square().sum() + items.square().sum()) / 8
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


def test_the_parts_of_an_epoch_charge_the_penalty_once() -> None:
    source, model = HistorySource(MET, torch.device("cpu")), network()
    whole = float(source.loss(model, torch.arange(3))) * 8
    parts = float(source.loss(model, torch.tensor([0, 2]))) * 4 + float(source.loss(model, torch.tensor([1]))) * 4
    assert parts == pytest.approx(whole, rel=1e-5)


@pytest.mark.parametrize("cached", [16, 10**6])
def test_gradients_are_those_of_torch_in_blocks_and_whole(cached: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_losses, "CACHED", cached)
    rng = torch.Generator().manual_seed(0)
    rows, items = (torch.randn(size, 4, generator=rng, requires_grad=True) for size in (50, 7))
    users = torch.sort(torch.randint(50, (200,), generator=rng)).values
    own = torch.randint(7, (200,), generator=rng)
    weights = torch.rand(200, generator=rng)
    expected = (functional.cross_entropy((rows @ items.T)[users], own, reduction="none") * weights).sum()
    theirs = torch.autograd.grad(expected, (rows, items))
    found = multinomial(rows, items, users, own, weights)
    ours = torch.autograd.grad(3 * found, (rows, items))
    assert float(found) == pytest.approx(float(expected), rel=1e-5)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, 3 * other, rtol=1e-4, atol=1e-4)


def test_the_bias_begins_with_what_is_popular() -> None:
    logs = np.log1p([2.0, 1, 1, 1, 3])
    assert network().bias.tolist() == pytest.approx((logs - logs.mean()).tolist(), rel=1e-5)


def test_a_batch_leaves_an_epoch_about_16_steps() -> None:
    model = create("softmax_factors")
    assert isinstance(model, SoftmaxFactors)
    assert [model.batch_size(users) for users in (1, 600, 4000, 50_000)] == [16, 32, 256, 256]
    given = create("softmax_factors", {"batch_size": 7})
    assert isinstance(given, SoftmaxFactors)
    assert given.batch_size(50_000) == 7
