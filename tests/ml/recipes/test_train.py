"""The recipe as its parent sees it: a real child process, a spec in, JSON lines out."""

import json
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml.models.base import load
from ml.models.bundle import read_bundle
from ml.recipes.common import Events, read_spec
from ml.recipes.train import work

ROLES = {"user": "customer", "item": "code", "time": "at", "price": "price", "title": "name"}
NAMES = ("red lamp", "blue cup", "green bag")
START = 1_700_000_000_000_000
DAY = 86_400_000_000


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 customers and 24 items over 120 days; customer c likes the items of kind c % 3."""
    rng = np.random.default_rng(0)
    customers = np.repeat(np.arange(60), 40)
    kinds = np.where(rng.random(2400) < 0.8, customers % 3, rng.integers(0, 3, 2400))
    codes = rng.integers(0, 8, 2400) * 3 + kinds
    times = START + rng.integers(0, 120 * DAY, 2400)
    path = tmp_path_factory.mktemp("data") / "events.parquet"
    columns = {
        "customer": [f"c{n}" for n in customers],
        "code": [f"i{n}" for n in codes],
        "at": pa.array(times, pa.timestamp("us")),
        "price": (codes + 1.0).tolist(),
        "name": [NAMES[kind] for kind in kinds],
    }
    pq.write_table(pa.table(columns), path)
    return path


def spec_of(table: Path, folder: Path, **changes: Any) -> Path:
    spec = {
        "interactions": str(table),
        "roles": ROLES,
        "model": "ease",
        "options": {},
        "split": "time:0.8",
        "output": str(folder / "bundle"),
        "device": "cpu",
    }
    path = folder / "spec.json"
    path.write_text(json.dumps(spec | changes))
    return path


def start(spec: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "ml.recipes.train", "--spec", str(spec)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # two children at once would wait for each other
    )


def finish(child: "subprocess.Popen[str]") -> tuple[int, list[dict[str, Any]], str]:
    assert child.stdout is not None
    assert child.stderr is not None
    lines = [json.loads(line) for line in child.stdout]
    errors = child.stderr.read()
    return child.wait(), lines, errors


def run(spec: Path) -> tuple[int, list[dict[str, Any]], str]:
    return finish(start(spec))


@pytest.mark.parametrize("repeats", ["allowed", "masked"])
def test_a_perceptron_is_trained_evaluated_and_saved(table: Path, tmp_path: Path, repeats: str) -> None:
    spec = spec_of(table, tmp_path, model="perceptron", options={"epochs": "2"}, repeats=repeats)
    code, events, errors = run(spec)
    assert code == 0, errors
    result = events[-1]
    assert result["event"] == "result"
    assert list(result["metrics"]) == ["perceptron", "popular", "recent_popular"]
    assert result["protocol"]["repeats"] == repeats
    assert len(result["protocol"]["digest"]) == 64
    assert [event["epoch"] for event in events if event["event"] == "epoch"] == [1, 2]
    assert [epoch["epoch"] for epoch in result["epochs"]] == [1, 2]
    assert sum("auc_test" in epoch for epoch in result["epochs"]) == 1
    assert result["device"].startswith("CPU")
    assert any("Training on CPU" in event["message"] for event in events if event["event"] == "log")
    fractions = [event["fraction"] for event in events if event["event"] == "progress"]
    assert fractions == sorted(fractions)
    assert result["peak_mib"] > 50
    bundle = read_bundle(tmp_path / "bundle")
    assert bundle.manifest["digest"] == result["bundle"]["digest"]
    assert load("perceptron", tmp_path / "bundle").score(np.array([0], np.int32)).shape == (1, 24)


def test_metrics_have_intervals_and_differences_are_paired(table: Path, tmp_path: Path) -> None:
    code, events, errors = run(spec_of(table, tmp_path))
    assert code == 0, errors
    result = events[-1]
    card = (tmp_path / "bundle" / "README.md").read_text(encoding="utf-8")
    ours = result["metrics"]["ease"]["ndcg@10"]
    assert f"| ndcg@10 | {ours['value']:.4f} | {ours['low']:.4f} | {ours['high']:.4f} | {ours['users']} |" in card
    assert len(result["examples"]) == 4
    assert {item["title"] for each in result["examples"] for item in each["items"]} <= set(NAMES)
    for metrics in result["metrics"].values():
        ndcg = metrics["ndcg@10"]
        assert ndcg["low"] <= ndcg["value"] <= ndcg["high"]
        assert ndcg["users"] == result["metrics"]["ease"]["ndcg@10"]["users"]
    rows = {(row["baseline"], row["metric"]): row for row in result["comparisons"]}
    assert {baseline for baseline, _ in rows} == {"popular", "recent_popular"}
    for baseline in ("popular", "recent_popular"):
        own, theirs = (result["metrics"][name]["ndcg@10"]["value"] for name in ("ease", baseline))
        assert rows[baseline, "ndcg@10"]["difference"] == pytest.approx(own - theirs)


def test_the_same_spec_gives_the_same_numbers(table: Path, tmp_path: Path) -> None:
    """Two children at once, so that they also prove not to disturb each other."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    specs = [spec_of(table, folder, model="perceptron", options={"epochs": 2}, seed=5) for folder in folders]
    first, second = (finish(child)[1][-1] for child in [start(spec) for spec in specs])
    assert first["metrics"] == second["metrics"]
    weights = [result["bundle"]["manifest"]["files"]["weights.safetensors"]["sha256"] for result in (first, second)]
    assert weights[0] == weights[1]


def test_titles_are_encoded_when_asked_for(table: Path, tmp_path: Path) -> None:
    """In this process: a child would only load the encoder once more."""
    spec = spec_of(table, tmp_path, model="perceptron", options={"epochs": 1, "titles": "yes"})
    said = StringIO()
    work(read_spec(spec), Events(said))
    assert read_bundle(tmp_path / "bundle").arrays["titles"].shape == (24, 384)
    events = [json.loads(line) for line in said.getvalue().splitlines()]
    assert any("titles" in event["message"] for event in events if event["event"] == "progress")


@pytest.mark.parametrize(("model", "options"), [("perceptron", {"epochs": 1}), ("ease", {}), ("recent_popular", {})])
def test_nothing_after_the_split_reaches_the_model(
    table: Path, tmp_path: Path, model: str, options: dict[str, Any]
) -> None:
    """Everything after the split replaced by noise, customers and articles of it included: the same weights to the bit,
    while the metrics differ."""
    rows = pq.read_table(table)
    times = rows["at"].cast(pa.int64()).to_numpy()
    split = START + 96 * DAY
    late, rng = times >= split, np.random.default_rng(1)
    noise = {
        "customer": np.array([f"c{n}" for n in rng.integers(0, 90, len(times))], dtype=object),
        "code": np.array([f"i{n}" for n in rng.integers(0, 40, len(times))], dtype=object),
        "price": rng.uniform(1, 10_000, len(times)),
        "name": np.full(len(times), "something else", dtype=object),
    }
    columns = {name: np.where(late, noise[name], rows[name].to_numpy()) for name in noise}
    changed = tmp_path / "changed.parquet"
    pq.write_table(pa.table({**columns, "at": rows["at"]}), changed)
    at = f"time:{np.datetime64(split, 'us')}"
    results = []
    for source in (table, changed):
        spec = spec_of(source, tmp_path, model=model, options=options, split=at)
        results.append(work(read_spec(spec), Events(StringIO())))
    files = [result["bundle"]["manifest"]["files"] for result in results]
    assert files[0] == files[1]
    assert results[0]["metrics"] != results[1]["metrics"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"options": {"l3": 1}}, "option l3"),
        ({"model": "oracle"}, "model"),
        ({"split": "time:tomorrow"}, "split"),
        ({"split": "time:2050-01-01"}, "split"),
        ({"split": "time:1990-01-01"}, "split"),
        ({"roles": {"user": "customer", "item": "code", "time": "gone"}}, "role time"),
        ({"interactions": "/nowhere.parquet"}, "/nowhere.parquet"),
        (
            {
                "model": "perceptron",
                "options": {"titles": True},
                "roles": {k: ROLES[k] for k in ("user", "item", "time")},
            },
            "option titles",
        ),
    ],
)
def test_what_is_wrong_is_named_in_an_error_event(
    table: Path, tmp_path: Path, changes: dict[str, Any], where: str
) -> None:
    code, events, _ = run(spec_of(table, tmp_path, **changes))
    assert code == 1
    assert events[-1]["event"] == "error"
    assert events[-1]["message"]
    assert where in events[-1]["where"]
    assert not (tmp_path / "bundle").exists()


def test_one_user_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    times = pa.array([START + n * DAY for n in range(100)], pa.timestamp("us"))
    pq.write_table(pa.table({"customer": ["c"] * 100, "code": [f"i{n % 7}" for n in range(100)], "at": times}), path)
    roles = {key: ROLES[key] for key in ("user", "item", "time")}
    code, events, _ = run(spec_of(path, tmp_path, roles=roles, model="perceptron"))
    assert code == 1
    assert "Only 1 user" in events[-1]["message"]
    assert events[-1]["hint"]


def test_it_ends_when_its_parent_is_gone(table: Path, tmp_path: Path) -> None:
    spec = spec_of(table, tmp_path, model="perceptron", options={"epochs": 1000, "patience": 1000})
    child = subprocess.Popen(
        [sys.executable, "-m", "ml.recipes.train", "--spec", str(spec)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line)["event"] == "epoch":
            break
    child.stdin.close()
    started = time.monotonic()
    child.wait(timeout=10)
    assert time.monotonic() - started < 5
    child.stdout.close()
    assert not (tmp_path / "bundle").exists()
