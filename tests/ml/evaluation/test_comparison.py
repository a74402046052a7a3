"""A table of runs: its numbers are those of the tests behind it, and noise earns no verdict."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ml.errors import DataError
from ml.evaluation.comparison import compare_many
from ml.evaluation.harness import Evaluation, compare
from ml.evaluation.protocol import Protocol
from ml.evaluation.significance import false_discovery_control, permutation_test
from ml.evaluation.uncertainty import bootstrap_mean

PROTOCOL = Protocol(split="time:0.9", train_until="", test_until="")
METRICS = ("ndcg@10", "recall@10")


def run(values: np.ndarray, other: np.ndarray) -> Evaluation:
    both = {"ndcg@10": values, "recall@10": other}
    users = np.array([f"u{user}" for user in range(len(values))], dtype=object)
    return Evaluation(users, both, {name: bootstrap_mean(each) for name, each in both.items()}, PROTOCOL)


@pytest.fixture
def runs() -> dict[str, Evaluation]:
    rng = np.random.default_rng(0)
    base = rng.random((2, 150))
    shifted = base + rng.normal(0.08, 0.1, base.shape)
    noisy = base + rng.normal(0.0, 0.1, base.shape)
    return {"popular": run(*base), "ease": run(*shifted), "noise": run(*noisy)}


def test_every_pair_has_its_difference_test_and_adjusted_value(runs: dict[str, Evaluation]) -> None:
    table = compare_many(runs, METRICS, draws=2000)
    assert json.loads(json.dumps(table, allow_nan=False)) == table
    assert len(table["comparisons"]) == 2 * 3
    for row in table["comparisons"]:
        ours, theirs = runs[row["run"]], runs[row["other"]]
        assert row["value"] == compare(ours, theirs, row["metric"]).value
        tested = permutation_test(ours.values[row["metric"]], theirs.values[row["metric"]], draws=2000)
        assert (row["p_value"], row["p_error"]) == (tested.p_value, tested.error)
    p_values = [row["p_value"] for row in table["comparisons"]]
    assert [row["adjusted_p"] for row in table["comparisons"]] == false_discovery_control(p_values, method="by")
    assert table["runs"]["ease"]["ndcg@10"]["value"] == runs["ease"].estimates["ndcg@10"].value


def test_verdicts_against_a_baseline(runs: dict[str, Evaluation]) -> None:
    table = compare_many(runs, METRICS, baseline="popular", method="bh")
    verdicts = {(row["run"], row["metric"]): row["verdict"] for row in table["comparisons"]}
    assert verdicts == {
        ("ease", "ndcg@10"): "better",
        ("ease", "recall@10"): "better",
        ("noise", "ndcg@10"): "no difference shown",
        ("noise", "recall@10"): "no difference shown",
    }
    turned = compare_many(runs, ["ndcg@10"], baseline="ease")
    assert {row["run"]: row["verdict"] for row in turned["comparisons"]} == {"popular": "worse", "noise": "worse"}


def test_chance_alone_is_called_a_difference_in_few_tables() -> None:
    rng, wrong = np.random.default_rng(1), 0
    for _ in range(60):
        table = compare_many({f"r{each}": run(*rng.random((2, 40))) for each in range(5)}, METRICS, draws=1000)
        wrong += any(row["verdict"] != "no difference shown" for row in table["comparisons"])
    assert wrong / 60 <= 0.1


def test_what_cannot_be_compared_is_refused(runs: dict[str, Evaluation]) -> None:
    with pytest.raises(DataError, match="no run"):
        compare_many(runs, METRICS, baseline="eese")
    with pytest.raises(DataError, match="two runs"):
        compare_many({"ease": runs["ease"]}, METRICS)
    with pytest.raises(DataError, match="each user"):
        compare_many(runs, ["coverage@10"])
    other = replace(runs["ease"], protocol=replace(PROTOCOL, repeats="masked"))
    with pytest.raises(DataError, match="differently"):
        compare_many(runs | {"other": other}, METRICS)
