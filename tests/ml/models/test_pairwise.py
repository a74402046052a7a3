"""BPR and LightGCN: loss, graph and early stopping by their definitions, and that they find planted taste."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

from ml.data.interactions import Interactions
from ml.models.base import create
from ml.models.bpr import Factors
from ml.models.inputs import Inputs
from ml.models.lightgcn import Graph
from ml.training.pairs import PairSource

OPTIONS = {"factors": 8, "epochs": 12, "patience": 12, "batch_size": 64, "learning_rate": 0.02}
MET = csr_array(np.array([[1, 1, 0, 0, 1], [0, 1, 1, 0, 0], [0, 0, 0, 0, 0]], np.float32))


def test_the_loss_is_that_of_bpr() -> None:
    source = PairSource(MET, negatives=200, l2=0.1, device=torch.device("cpu"))
    torch.manual_seed(0)
    network = Factors(3, 5, 4)
    with torch.no_grad():
        network.bias[:] = torch.randn(5)
    pairs = torch.tensor([0, 4])  # user 0 with item 0, user 1 with item 2
    torch.manual_seed(7)
    drawn = source._drawn(source.users[pairs]).numpy()
    torch.manual_seed(7)
    found = float(source.loss(network, pairs).detach())
    users, items = (table.weight.detach().numpy() for table in (network.users, network.items))
    scores = users @ items.T + network.bias.detach().numpy()
    each, squares = [], 0.0
    for row, (user, item) in enumerate([(0, 0), (1, 2)]):
        each += [np.log1p(np.exp(-(scores[user, item] - scores[user, other]))) for other in drawn[row]]
        squares += (users[user] ** 2).sum() + (items[item] ** 2).sum()
        squares += np.mean([(items[other] ** 2).sum() for other in drawn[row]])
    assert found == pytest.approx(np.mean(each) + 0.1 * squares / 2, rel=1e-5)


def test_drawn_items_are_those_that_the_user_never_met() -> None:
    source = PairSource(MET, negatives=500, l2=0.0, device=torch.device("cpu"))
    drawn = source._drawn(torch.tensor([0, 1]))
    for user, met in ((0, {0, 1, 4}), (1, {1, 2})):
        values, counts = np.unique(drawn[user].numpy(), return_counts=True)
        wrong = sum(count for value, count in zip(values, counts, strict=True) if value in met)
        assert wrong / 500 < (len(met) / 5) ** 4 + 0.06  # four draws at most
        assert set(range(5)) - met <= set(values.tolist())


def test_the_graph_is_normalised_by_both_degrees() -> None:
    torch.manual_seed(0)
    network = Graph(MET, 4, layers=2)
    links = np.zeros((8, 8))
    links[:3, 3:], links[3:, :3] = MET.toarray(), MET.toarray().T
    degrees = np.maximum(links.sum(axis=1), 1)
    links /= np.sqrt(degrees[:, None] * degrees[None, :])
    first = network.first.detach().numpy()
    expected = (first + links @ first + links @ links @ first) / 3
    users, items = network.factors()
    np.testing.assert_allclose(users.detach().numpy(), expected[:3], atol=1e-6)
    np.testing.assert_allclose(items.detach().numpy(), expected[3:], atol=1e-6)


def test_the_gradient_goes_through_the_graph() -> None:
    torch.manual_seed(0)
    network = Graph(MET, 3, layers=2)
    weights = torch.randn(8, 3)
    (torch.cat(network.factors()) * weights).sum().backward()
    dense = network.graph.to_dense()
    whole = (torch.eye(8) + dense + dense @ dense) / 3
    assert network.first.grad is not None
    torch.testing.assert_close(network.first.grad, whole.T @ weights, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("name", ["bpr", "lightgcn"])
def test_items_of_the_own_circle_stand_above_the_others(name: str, toy: Interactions) -> None:
    model = create(name, OPTIONS, device="cpu").fit(toy)
    ranked = model.recommend(np.arange(toy.n_users, dtype=np.int32), 10)
    own = (ranked // 10) == (np.arange(toy.n_users) % 2)[:, None]
    assert own.mean() > 0.95


@pytest.mark.parametrize("name", ["bpr", "lightgcn"])
def test_a_finished_training_is_resumed_with_the_same_result(name: str, toy: Interactions, tmp_path: Path) -> None:
    curve: list[dict] = []
    options = OPTIONS | {"epochs": 3}
    inputs = Inputs(checkpoint=tmp_path / "kept", on_epoch=curve.append)
    first = create(name, options, device="cpu").fit(toy, features=inputs)
    assert [row["epoch"] for row in curve] == [1, 2, 3]
    again = create(name, options, device="cpu").fit(toy, features=inputs)
    everyone = np.arange(toy.n_users, dtype=np.int32)
    assert np.array_equal(first.score(everyone), again.score(everyone))
    assert len(curve) == 3
