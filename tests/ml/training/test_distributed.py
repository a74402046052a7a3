"""Two processes on the CPU (gloo) learn what one learns from the same batches.

Without dropout the sums differ only in their order: losses to 1e-4 of their value, scores to 0.01. With dropout each
process draws its own, so only the quality is compared.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ml.training.distributed import ALONE, Group, current_group

ROOT = Path(__file__).parents[3]
SCRIPT = str(Path(__file__).with_name("together.py"))


def together(processes: int, *arguments: str) -> dict[str, Any]:
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(processes)]
    subprocess.run(
        [sys.executable, *(launcher if processes > 1 else []), SCRIPT, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        check=True,
        timeout=300,
        capture_output=True,
    )
    found: dict[str, Any] = json.loads(Path(arguments[0]).read_text())
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return together(1, str(tmp_path_factory.mktemp("alone") / "out.json"), "0")


def test_two_processes_learn_what_one_learns(tmp_path: Path, alone: dict[str, Any]) -> None:
    """250 windows in batches of 37: the last batch has 28, and the two shares of one batch are not equal in tokens."""
    two = together(2, str(tmp_path / "two.json"), "0")
    assert (alone["size"], two["size"]) == (1, 2)
    assert two["same"], "the two processes ended with different weights"
    np.testing.assert_allclose([loss for loss, _ in two["curve"]], [loss for loss, _ in alone["curve"]], rtol=1e-4)
    np.testing.assert_allclose([ndcg for _, ndcg in two["curve"]], [ndcg for _, ndcg in alone["curve"]], atol=0.005)
    np.testing.assert_allclose(two["scores"], alone["scores"], atol=0.01)
    assert two["curve"][-1][0] < 0.8 * two["curve"][0][0]


def test_two_processes_with_dropout_go_on_from_a_checkpoint(tmp_path: Path, alone: dict[str, Any]) -> None:
    """A finished training is read again by both, and is as good as one process's."""
    first = together(2, str(tmp_path / "a.json"), "0.1", str(tmp_path / "checkpoint"))
    assert first["same"]
    assert max(ndcg for _, ndcg in first["curve"]) == pytest.approx(max(n for _, n in alone["curve"]), abs=0.08)
    again = together(2, str(tmp_path / "b.json"), "0.1", str(tmp_path / "checkpoint"))
    assert again["curve"] == first["curve"]
    assert again["scores"] == first["scores"]


def test_one_process_is_a_group_of_its_own() -> None:
    assert current_group() == ALONE == Group(0, 1)
    model = torch.nn.Linear(1, 1)
    assert ALONE.wrap(model) is model
    assert ALONE.agree(0.25, torch.device("cpu")) == 0.25
