"""The command line of an evaluation: its document, its repeatability, its refusals."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.recipes.evaluate import main

ROLES = ["--role", "user=who", "--role", "item=what", "--role", "time=when"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV file of 100 customers with three tastes over 100 days."""
    rng = np.random.default_rng(0)
    lines = ["who,what,when"]
    for _ in range(3000):
        user, day = int(rng.integers(0, 100)), int(rng.integers(0, 100))
        item = (user % 3) * 15 + int(rng.integers(0, 15)) if rng.random() < 0.8 else int(rng.integers(0, 45))
        lines.append(f"u{user},i{item},{np.datetime64('2024-01-01') + day}")
    path = tmp_path_factory.mktemp("table") / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(table: Path, *arguments: str) -> dict[str, Any]:
    target = table.parent / "out.json"
    assert main([str(table), *ROLES, "--split", "time:0.8", "--json", str(target), *arguments]) == 0
    document: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return document


def without_cost(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "runs": [{**each, "seconds": 0, "peak_mib": 0} for each in document["runs"]]}


@pytest.mark.parametrize("model", ["popular", "recent_popular", "ease", "perceptron"])
def test_every_model_runs_and_repeats(table: Path, model: str) -> None:
    extra = ["--option", "epochs=2", "--device", "cpu"] if model == "perceptron" else []
    first = run(table, "--model", model, "--k", "5", "--k", "10", *extra)
    assert set(first) >= {"protocol", "runs", "mean"}
    assert len(first["protocol"]["digest"]) == 64
    (only,) = first["runs"]
    assert (only["model"], only["seed"]) == (model, 0)
    assert only["seconds"] >= 0
    assert only["peak_mib"] > 10
    for k in (5, 10):
        metric = only["metrics"][f"ndcg@{k}"]
        assert 0 < metric["low"] <= metric["value"] <= metric["high"] < 1
    assert first["mean"] == only["metrics"]
    assert without_cost(run(table, "--model", model, "--k", "5", "--k", "10", *extra)) == without_cost(first)


def test_ease_learns_the_tastes_that_popularity_cannot(table: Path) -> None:
    ease, popular = (run(table, "--model", model, "--seeds", "2") for model in ("ease", "popular"))
    assert [each["seed"] for each in ease["runs"]] == [0, 1]
    assert ease["protocol"] == popular["protocol"]
    assert ease["mean"]["ndcg@10"]["low"] > popular["mean"]["ndcg@10"]["high"]


@pytest.mark.parametrize("model", ["ease", "perceptron"])
def test_the_number_of_threads_does_not_change_a_metric(table: Path, model: str) -> None:
    extra = ["--option", "epochs=1", "--device", "cpu"] if model == "perceptron" else []
    command = [sys.executable, "-m", "ml.recipes.evaluate", str(table), *ROLES, "--split", "time:0.8", "--model", model]
    started = []
    for threads in ("1", "2"):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        started.append(subprocess.Popen([*command, *extra], env=environment, stdout=subprocess.PIPE, text=True))
    found = [without_cost(json.loads(child.communicate(timeout=120)[0])) for child in started]
    assert [child.returncode for child in started] == [0, 0]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "eese"], "Did you mean ease"),
        (["--model", "ease", "--option", "l3=1"], "Did you mean l2"),
        (["--model", "ease", "--option", "l2"], "not NAME=VALUE"),
        (["--model", "ease", "--option", "l2=1", "--option", "l2=2"], "given twice"),
        (["--model", "ease", "--role", "event=kind"], "no column 'kind'"),
        (["--model", "ease", "--split", "time:2030-01-01"], "nothing can be tested"),
        (["--model", "ease", "--split", "random"], "not understood"),
    ],
)
def test_failures_are_explained_with_exit_code_1(
    table: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main([str(table), *ROLES, "--split", "time:0.8", *arguments]) == 1
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("arguments", [["--seeds", "0"], ["--k", "x"], ["--repeats", "some"], []])
def test_wrong_usage_ends_with_exit_code_2(table: Path, arguments: list[str]) -> None:
    model = ["--model", "ease"] if arguments else []
    with pytest.raises(SystemExit) as caught:
        main([str(table), *ROLES, "--split", "time:0.8", *model, *arguments])
    assert caught.value.code == 2


def test_an_evaluation_without_a_network_loads_no_torch(table: Path) -> None:
    program = (
        "import sys; from ml.recipes.evaluate import main; "
        f"code = main({[str(table), *ROLES, '--split', 'time:0.8', '--model', 'ease']!r}); "
        "sys.exit(code or ('torch' in sys.modules) * 3)"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=120, check=False)
    assert finished.returncode == 0
