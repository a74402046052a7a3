"""Attributions: complete, equal to Captum's, zero for what plays no part."""

import numpy as np
import pytest
import torch

from ml.data.splits import Parts
from ml.errors import DataError
from ml.explanation.gradients import explain_by_features, hidden_layer_attributions
from ml.models.base import create


def random_layers(seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    first, bias, last = rng.normal(size=(12, 5)), rng.normal(size=12), rng.normal(size=12)
    first[:, 4] = 0  # plays no part
    return rng.normal(size=(9, 5)), rng.normal(size=5), first, bias, last


@pytest.mark.parametrize("seed", range(8))
def test_attributions_add_up_to_the_difference_of_the_scores(seed: int) -> None:
    inputs, baseline, first, bias, last = random_layers(seed)
    inputs[0] = baseline  # no way to go
    found = hidden_layer_attributions(inputs, baseline, first, bias, last)
    scores = np.maximum(inputs @ first.T + bias, 0) @ last
    from_baseline = scores - np.maximum(first @ baseline + bias, 0) @ last
    np.testing.assert_allclose(found.sum(axis=1), from_baseline, atol=1e-10)
    assert (found[:, 4] == 0).all()
    assert (found[0] == 0).all()


def network_of(first: np.ndarray, bias: np.ndarray, last: np.ndarray) -> torch.nn.Sequential:
    network = torch.nn.Sequential(torch.nn.Linear(5, 12), torch.nn.ReLU(), torch.nn.Linear(12, 1)).double()
    with torch.no_grad():
        network[0].weight.copy_(torch.from_numpy(first))
        network[0].bias.copy_(torch.from_numpy(bias))
        network[2].weight.copy_(torch.from_numpy(last[None, :]))
    return network


@pytest.mark.parametrize("seed", range(3))
def test_the_closed_form_is_the_integral_of_torchs_gradients(seed: int) -> None:
    inputs, baseline, first, bias, last = random_layers(seed)
    way = torch.linspace(0, 1, 20_001, dtype=torch.float64)[:-1, None] + 0.5 / 20_000
    network = network_of(first, bias, last)
    ours = hidden_layer_attributions(inputs, baseline, first, bias, last)
    for row, found in zip(inputs, ours, strict=True):
        points = torch.from_numpy(baseline) + way * torch.from_numpy(row - baseline)
        points.requires_grad_(True)
        network(points).sum().backward()
        np.testing.assert_allclose(found, points.grad.mean(0).numpy() * (row - baseline), atol=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_attributions_equal_captums(seed: int) -> None:
    captum = pytest.importorskip("captum.attr", reason="captum, an independent library, is not installed")
    inputs, baseline, first, bias, last = random_layers(seed)
    ends = torch.from_numpy(inputs), torch.from_numpy(np.tile(baseline, (len(inputs), 1)))
    theirs = captum.IntegratedGradients(network_of(first, bias, last)).attribute(
        *ends, n_steps=4000, method="riemann_middle"
    )
    ours = hidden_layer_attributions(inputs, baseline, first, bias, last)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=5e-3)  # what 4000 steps leave of the exact integral


def test_a_recommendation_of_the_perceptron_is_complete(parts: Parts) -> None:
    model = create("perceptron", {"epochs": 2, "taste_factors": 4}, device="cpu").fit(parts.train)
    found = explain_by_features(model, 3, 5)
    logit = model.score_pairs(np.array([3]), np.array([5]))[0]
    assert found.score == pytest.approx(logit, abs=1e-5)
    assert found.attributions.sum() == pytest.approx(found.score - found.baseline, abs=1e-9)
    document = found.document(most=3)
    told = sum(each["contribution"] for each in document["because"]) + document["others"]
    assert told == pytest.approx(document["score"] - document["baseline"], abs=1e-9)
    with pytest.raises(DataError, match="names"):
        explain_by_features(model, 3, 5, names=["one"])
    with pytest.raises(DataError, match="features"):
        explain_by_features(create("popular").fit(parts.train), 0, 0)
