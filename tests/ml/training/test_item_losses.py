"""Losses over a catalogue, against torch's own and against formulas written out."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from ml.training import item_losses
from ml.training.item_losses import binary, full_cross_entropy, hits, sampled_softmax

N, K, ROWS, D = 40, 12, 70, 8


def tensors(seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn(ROWS, D, dtype=torch.float64, generator=generator).requires_grad_()
    items = torch.randn(N, D, dtype=torch.float64, generator=generator).requires_grad_()
    return states, items, torch.randint(N, (ROWS,), generator=generator)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the rows need several blocks, the last one not full."""
    monkeypatch.setattr(item_losses, "block_rows", lambda columns, device: 16)


def gradients(loss: Tensor, *of: Tensor) -> list[Tensor]:
    return list(torch.autograd.grad(3.0 * loss, of))


def test_the_full_cross_entropy_is_torchs() -> None:
    states, items, targets = tensors()
    ours = full_cross_entropy(states, items, targets)
    theirs = functional.cross_entropy(states @ items.T, targets, reduction="sum")
    assert float(ours.detach()) == pytest.approx(float(theirs.detach()), rel=1e-6)
    for one, other in zip(gradients(ours, states, items), gradients(theirs, states, items), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


def test_the_sampled_softmax_is_its_formula() -> None:
    states, items, targets = tensors()
    drawn = torch.randperm(N, generator=torch.Generator().manual_seed(5))[:K]
    ours = sampled_softmax(states, items[targets], items[drawn], hits(targets, drawn, N), N)
    expected = states.new_zeros(())
    for row, target in enumerate(targets.tolist()):
        own = (states[row] * items[target]).sum()
        others = torch.stack([(states[row] * items[j]).sum().exp() for j in drawn.tolist() if j != target]).sum()
        expected = expected + torch.log(own.exp() + N / K * others) - own
    assert float(ours.detach()) == pytest.approx(float(expected.detach()), rel=1e-6)
    for one, other in zip(gradients(ours, states, items), gradients(expected, states, items), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


def test_the_sampled_softmax_of_all_items_is_the_full_one() -> None:
    states, items, targets = tensors()
    everything = torch.randperm(N)
    sampled = sampled_softmax(states, items[targets], items[everything], hits(targets, everything, N), N)
    assert float(sampled.detach()) == pytest.approx(
        float(full_cross_entropy(states, items, targets).detach()), rel=1e-6
    )


def test_the_estimated_sum_is_right_on_average() -> None:
    """Over many draws the mean of exp(loss) is the softmax's own, which importance sampling promises."""
    states, items, targets = tensors()
    states, items, target = states.detach()[:1] * 0.5, items.detach(), targets[:1]
    full = math.exp(float(full_cross_entropy(states, items, target)))
    generator, total, draws = torch.Generator().manual_seed(1), 0.0, 4000
    for _ in range(draws):
        drawn = torch.randperm(N, generator=generator)[:K]
        total += math.exp(float(sampled_softmax(states, items[target], items[drawn], hits(target, drawn, N), N)))
    assert total / draws == pytest.approx(full, rel=0.02)


def test_binary_is_torchs_and_the_calibration_is_the_papers() -> None:
    """With t = 1 the exponent of the target's likelihood is the sampling rate; a hit counts nothing."""
    positive = torch.tensor([0.3, -2.0], dtype=torch.float64)
    negative = torch.tensor([[0.1, -0.4, 2.0], [1.0, 0.0, -1.0]], dtype=torch.float64)
    logits = torch.cat([positive[:, None], negative], 1)
    labels = torch.zeros_like(logits)
    labels[:, 0] = 1.0
    plain = functional.binary_cross_entropy_with_logits(logits, labels, reduction="none").mean(1)
    torch.testing.assert_close(binary(positive, negative, 31, 0.0), plain)
    alpha = 3 / 30
    calibrated = (-alpha * functional.logsigmoid(positive) - functional.logsigmoid(-negative).sum(1)) / 4
    torch.testing.assert_close(binary(positive, negative, 31, 1.0), calibrated)
    beta = alpha * (0.75 * (1 - 1 / alpha) + 1 / alpha)
    between = (-beta * functional.logsigmoid(positive) - functional.logsigmoid(-negative).sum(1)) / 4
    torch.testing.assert_close(binary(positive, negative, 31, 0.75), between)
    hit = negative.clone()
    hit[0, 1] = -torch.inf
    assert torch.isfinite(binary(positive, hit, 31, 0.5)).all()


def test_hits_are_where_a_negative_is_the_target() -> None:
    rows, columns = hits(torch.tensor([4, 7, 4, 1]), torch.tensor([9, 4, 1]), 10)
    assert rows.tolist() == [0, 2, 3]
    assert columns.tolist() == [1, 1, 2]
