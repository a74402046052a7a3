"""Losses, examples, the loop and its checkpoints."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss
from torch import Tensor, nn

from ml.data.facts import no_facts
from ml.data.features import pair_features, read_history
from ml.data.interactions import DAY, Interactions
from ml.errors import DataError
from ml.training.checkpoints import FILE
from ml.training.device import choose_device, one_thread
from ml.training.examples import Sampling, build_examples, join, period_events
from ml.training.loop import LoopOptions, train
from ml.training.losses import binary_cross_entropy
from ml.training.periods import period_length, period_starts
from ml.training.tables import fit_scaler

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread_only() -> Iterator[None]:
    """As the perceptron trains: threads of small batches mostly wait for each other."""
    with one_thread():
        yield


def test_the_loss_is_that_of_sklearn() -> None:
    rng = np.random.default_rng(0)
    logits, labels, weights = rng.normal(0, 3, 500), rng.integers(0, 2, 500), rng.uniform(0.1, 4, 500)
    chances = 1 / (1 + np.exp(-logits))
    tensors = [torch.from_numpy(np.asarray(each, np.float64)) for each in (logits, labels, weights)]
    assert float(binary_cross_entropy(*tensors[:2])) == pytest.approx(log_loss(labels, chances), rel=1e-9)
    weighted = log_loss(labels, chances, sample_weight=weights)
    assert float(binary_cross_entropy(*tensors)) == pytest.approx(weighted, rel=1e-9)


def test_the_loss_of_a_sure_and_wrong_answer_is_finite() -> None:
    assert float(binary_cross_entropy(torch.tensor([500.0]), torch.tensor([0.0]))) == pytest.approx(500.0)


class Line:
    """y = 1 where x > 0: examples that a single weight separates."""

    def __init__(self, scale: float = 1.0) -> None:
        generator = torch.Generator().manual_seed(0)
        self.x = torch.randn(400, 3, generator=generator) * scale
        self.y = (self.x[:, 0] > 0).float()

    def __len__(self) -> int:
        return len(self.y)

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        return binary_cross_entropy(model(self.x[positions]).squeeze(1), self.y[positions])

    def fingerprint(self) -> str:
        return str(float(self.x.double().sum()))


def linear() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))


def rising(model: nn.Module) -> dict[str, float]:
    with torch.no_grad():
        return {"auc_validation": -float(Line().loss(model, torch.arange(400)))}


def run(
    epochs: int, checkpoint: Path | None = None, model: nn.Module | None = None, **changes: Any
) -> tuple[nn.Module, list[Any]]:
    model = model or linear()
    line = Line(changes.pop("scale", 1.0))
    options = LoopOptions(**{"epochs": epochs, "patience": 100, "batch_size": 32, "learning_rate": 0.01} | changes)
    return model, train(model, line, rising, options, device=CPU, checkpoint=checkpoint)


def test_training_lowers_the_loss_and_repeats_itself() -> None:
    model, epochs = run(8)
    again, epochs_again = run(8)
    assert epochs[-1]["loss"] < 0.5 * epochs[0]["loss"]
    assert [epoch["loss"] for epoch in epochs] == [epoch["loss"] for epoch in epochs_again]
    for one, other in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_it_stops_after_patience_and_keeps_the_best_epoch() -> None:
    figures = iter([0.6, 0.8, 0.7, 0.75, 0.79, 0.9])
    seen: list[list[Tensor]] = []

    def evaluate(model: nn.Module) -> dict[str, float]:
        seen.append([parameter.detach().clone() for parameter in model.parameters()])
        return {"auc_validation": next(figures)}

    model = linear()
    epochs = train(model, Line(), evaluate, LoopOptions(epochs=20, patience=3, batch_size=64), device=CPU)
    assert [epoch["auc_validation"] for epoch in epochs] == [0.6, 0.8, 0.7, 0.75, 0.79]
    assert [epoch["best"] for epoch in epochs] == [False, True, False, False, False]
    for kept, best in zip(model.parameters(), seen[1], strict=True):
        assert torch.equal(kept, best)


def test_a_diverging_training_says_so() -> None:
    class Broken(Line):
        def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
            return super().loss(model, positions) * torch.tensor(float("nan"))

    with pytest.raises(DataError, match="diverged") as caught:
        train(linear(), Broken(), rising, LoopOptions(), device=CPU)
    assert caught.value.where == "option learning_rate"


def test_a_resumed_training_ends_where_one_go_ends(tmp_path: Path) -> None:
    whole, whole_epochs = run(6)
    run(3, tmp_path / "checkpoint")
    torch.manual_seed(99)
    resumed, epochs = run(6, tmp_path / "checkpoint", nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1)))
    assert [epoch["loss"] for epoch in epochs] == [epoch["loss"] for epoch in whole_epochs]
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_damaged_or_foreign_checkpoint_is_refused(tmp_path: Path) -> None:
    run(1, tmp_path / "checkpoint")
    with pytest.raises(DataError, match="another model"):
        run(2, tmp_path / "checkpoint", nn.Sequential(nn.Linear(3, 9), nn.ReLU(), nn.Linear(9, 1)))
    weights = tmp_path / "checkpoint" / FILE
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match="damaged"):
        run(2, tmp_path / "checkpoint")


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"seed": 1}, "seed"), ({"learning_rate": 0.1}, "learning_rate"), ({"scale": 1.001}, "examples")],
)
def test_the_checkpoint_of_another_training_is_refused(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    run(1, tmp_path / "checkpoint")
    with pytest.raises(DataError, match=f"{named} changed"):
        run(2, tmp_path / "checkpoint", **changes)


def rows(events: int = 3000, *, seed: int = 0) -> Interactions:
    rng = np.random.default_rng(seed)
    return Interactions(
        user_codes=rng.integers(0, 40, events).astype(np.int32),
        item_codes=np.minimum(rng.geometric(0.08, events) - 1, 59).astype(np.int32),
        times=rng.integers(0, 100 * DAY, events),
        weights=rng.choice([1.0, 4.0], events).astype(np.float32),
        users=np.array([f"{n:03}" for n in range(40)], dtype=object),
        items=np.array([f"{n:03}" for n in range(60)], dtype=object),
        until=100 * DAY,
    )


@pytest.mark.parametrize("unseen_only", [False, True])
def test_examples_are_events_of_the_period_and_items_not_chosen_in_it(unseen_only: bool) -> None:
    data = rows()
    history = read_history(data, no_facts(data), as_of=20 * DAY, step=10 * DAY, factors=0, seed=0)
    events = period_events(data, history, 25 * DAY, unseen_only=unseen_only)
    assert ((events.times >= 20 * DAY) & (events.times < 25 * DAY)).all()
    keys = events.user_codes.astype(np.int64) * 60 + events.item_codes
    assert len(np.unique(keys)) == len(keys)
    sampling = Sampling(4, 0.5, unseen_only)
    rng = np.random.default_rng(1)
    examples = build_examples(events, history, sampling, chosen=np.arange(len(events)), table=2, rng=rng)
    assert examples.labels.sum() == len(events)
    assert len(examples) == 5 * len(events)
    users, items = examples.users - 2 * 40, examples.items - 2 * 60
    drawn = users[examples.labels == 0] * 60 + items[examples.labels == 0]
    assert not np.isin(drawn, keys).any()
    if unseen_only:
        assert not pair_features(history, users, items)[:, 0].any()


def test_offsets_are_the_log_of_how_much_more_often_an_item_is_drawn() -> None:
    data = rows()
    history = read_history(data, no_facts(data), as_of=50 * DAY, step=10 * DAY, factors=0, seed=0)
    events = period_events(data, history, 50 * DAY + DAY // 24, unseen_only=False)
    chosen = np.zeros(20_000, np.int64)  # one event many times, so that draws can be counted
    examples = build_examples(events, history, Sampling(1, 0.5), chosen=chosen, table=0, rng=np.random.default_rng(0))
    counted = np.bincount(examples.items[examples.labels == 0], minlength=60) / len(chosen)
    free = np.setdiff1d(np.arange(60), events.item_codes[events.user_codes == events.user_codes[0]])
    offsets = dict(zip(examples.items, examples.offsets, strict=True))
    expected = np.array([np.exp(offsets[item]) / 60 for item in free])
    np.testing.assert_allclose(counted[free], expected / expected.sum(), atol=0.006)
    uniform = build_examples(
        events, history, Sampling(3, 0.0), chosen=np.arange(1), table=0, rng=np.random.default_rng(0)
    )
    np.testing.assert_allclose(uniform.offsets, 0.0, atol=1e-6)


def test_periods_reach_to_the_end_and_leave_history_before_the_first() -> None:
    data = rows()
    step = period_length(data, 0.0)
    assert step == pytest.approx(10 * DAY, rel=0.01)
    starts = period_starts(data, step)
    assert starts[-1] + step == data.end
    assert starts[0] >= data.times.min() + step
    assert (np.diff(starts) == step).all()


def test_too_short_a_history_is_explained() -> None:
    with pytest.raises(DataError, match=r"spans 100\.0 days") as caught:
        period_length(rows(), 40.0)
    assert caught.value.where == "option step_days"
    with pytest.raises(DataError, match="too few events"):
        join([])


def test_the_scaler_gives_mean_0_and_deviation_1_and_leaves_constants() -> None:
    table = np.random.default_rng(0).normal(5, 3, (100, 3)).astype(np.float32)
    table[:, 2] = 7.0
    counts = np.random.default_rng(1).integers(0, 5, 100)
    scaled = fit_scaler(table, counts).apply(np.repeat(table, counts, axis=0))
    np.testing.assert_allclose(scaled.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=0), [1.0, 1.0, 0.0], atol=1e-4)


def test_a_device_that_is_not_there_is_refused() -> None:
    assert choose_device("cpu").type == "cpu"
    assert choose_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    with pytest.raises(DataError, match="no device"):
        choose_device("abacus")
    if not torch.cuda.is_available():
        with pytest.raises(DataError, match="no CUDA"):
            choose_device("cuda")
