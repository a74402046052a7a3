"""Optimisers, the course of the rate, clipping, the guard, the metric and the logs of the loop."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ml.errors import DataError
from ml.training.loop import LoopOptions, train
from ml.training.optimisers import make_optimiser, rate_factor
from ml.training.precision import Precision

CPU = torch.device("cpu")


class Bowl:
    """Half the squared distance of a weight of two numbers from (3, 4): its gradient is weight - (3, 4)."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale

    def __len__(self) -> int:
        return 8

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        assert isinstance(model, nn.Linear)
        return self.scale * 0.5 * ((model.weight[0] - torch.tensor([3.0, 4.0])) ** 2).sum()

    def fingerprint(self) -> str:
        return f"bowl {self.scale}"


def origin() -> nn.Linear:
    model = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(model.weight)
    return model


def run(model: nn.Module | None = None, **changes: Any) -> tuple[nn.Module, list[dict[str, Any]]]:
    given = {"epochs": 1, "batch_size": 8, "weight_decay": 0.0, "metric": "closeness"} | changes
    model = model or origin()
    source = Bowl(given.pop("scale", 1.0))
    board = given.pop("tensorboard", None)

    def evaluate(model: nn.Module) -> dict[str, float]:
        with torch.no_grad():
            return {"closeness": -float(source.loss(model, torch.arange(8)))}

    return model, train(model, source, evaluate, LoopOptions(**given), device=CPU, tensorboard=board)


def test_sgd_takes_the_step_of_its_formula() -> None:
    model, _ = run(optimiser="sgd", momentum=0.0, learning_rate=0.1)
    assert model.weight.detach().flatten().tolist() == pytest.approx([0.3, 0.4])


def test_the_norm_of_the_gradient_is_clipped() -> None:
    """The gradient (-3, -4) has norm 5; clipped to 1 it is (-0.6, -0.8)."""
    model, _ = run(optimiser="sgd", momentum=0.0, learning_rate=1.0, clip=1.0)
    assert model.weight.detach().flatten().tolist() == pytest.approx([0.6, 0.8], rel=1e-4)


def test_adam_adds_the_decay_to_the_gradient_and_adamw_does_not() -> None:
    """Without a gradient AdamW shrinks a weight by rate x decay; Adam steps by its rate whatever the decay."""
    for name, expected in (("adamw", 0.9), ("adam", 0.95)):
        weight = nn.Parameter(torch.ones(1))
        optimiser = make_optimiser(
            [weight],
            LoopOptions(optimiser=name, learning_rate=0.05, weight_decay=2.0),  # type: ignore[arg-type]
        )
        weight.grad = torch.zeros(1)
        optimiser.step()
        assert float(weight.detach()) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd"])
def test_each_optimiser_reaches_the_bottom(name: str) -> None:
    _, epochs = run(optimiser=name, learning_rate=0.3, epochs=80, patience=80)
    assert max(each["closeness"] for each in epochs) > -1e-2
    assert any(each["best"] for each in epochs)


def test_the_rate_warms_up_in_a_line_and_decays_to_0() -> None:
    warm = LoopOptions(warmup_steps=4)
    assert [rate_factor(warm, step=step, done=0.0) for step in range(6)] == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    linear, cosine = LoopOptions(decay="linear"), LoopOptions(decay="cosine")
    assert [rate_factor(linear, step=0, done=done) for done in (0.0, 0.25, 1.0)] == [1.0, 0.75, 0.0]
    assert [rate_factor(cosine, step=0, done=done) for done in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.5, 0.0])
    assert rate_factor(cosine, step=0, done=0.25) == pytest.approx(0.5 * (1 + math.sqrt(0.5)))


def test_the_decay_is_applied_over_the_epochs() -> None:
    """SGD with a linear decay over two epochs of two batches: rates 0.1, 0.075, 0.05, 0.025."""
    model, _ = run(optimiser="sgd", momentum=0.0, learning_rate=0.1, decay="linear", epochs=2, batch_size=4)
    left = 0.9 * 0.925 * 0.95 * 0.975
    assert model.weight.detach().flatten().tolist() == pytest.approx([3 * (1 - left), 4 * (1 - left)], rel=1e-5)


def test_an_exploding_training_says_so_before_it_is_infinite() -> None:
    with pytest.raises(DataError, match=r"diverged: its loss rose from 12\.5 to") as caught:
        run(optimiser="sgd", momentum=0.0, learning_rate=3.0, epochs=10, patience=10)
    assert caught.value.where == "option learning_rate"


def test_a_metric_that_is_not_measured_is_refused() -> None:
    with pytest.raises(DataError, match="no figure 'ndcg'") as caught:
        run(metric="ndcg")
    assert "closeness" in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"optimiser": "lion"}, "optimiser"),
        ({"decay": "steps"}, "decay"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"batch_size": 0}, "batch_size"),
        ({"clip": -1.0}, "clip"),
        ({"precision": "int4"}, "precision"),
    ],
)
def test_impossible_options_are_refused(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(DataError) as caught:
        LoopOptions(**changes)
    assert caught.value.where == f"option {named}"


def test_the_cpu_computes_in_float32_whatever_is_wanted() -> None:
    for wanted in ("auto", "bf16", "fp16"):
        precision = Precision(wanted, CPU)
        with precision.autocast():
            assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
        assert not precision.scaler.is_enabled()


def test_the_curve_is_written_for_tensorboard(tmp_path: Path) -> None:
    events = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    _, epochs = run(epochs=3, patience=5, tensorboard=tmp_path / "board")
    written = events.EventAccumulator(str(tmp_path / "board")).Reload()
    points = written.Scalars("closeness")
    assert [point.step for point in points] == [1, 2, 3]
    assert [point.value for point in points] == pytest.approx([each["closeness"] for each in epochs])


def test_training_leaves_the_global_random_states_alone() -> None:
    model = origin()
    before = torch.get_rng_state()
    run(model, epochs=2)
    assert torch.equal(before, torch.get_rng_state())
