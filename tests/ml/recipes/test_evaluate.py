"""The command line of an evaluation: its document, its repeatability, its refusals."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.data.interactions import Interactions
from ml.evaluation.harness import Evaluation
from ml.evaluation.protocol import Protocol
from ml.evaluation.uncertainty import bootstrap_mean
from ml.memory import peak_mib, reset_peak
from ml.models.inputs import Inputs
from ml.models.popular import Popular
from ml.recipes.evaluate import main, mean_of_runs

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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], (False, False)),
        (["--repeats", "masked"], (True, False)),
        (["--split", "loo"], (False, True)),
    ],
)
def test_a_model_is_told_what_the_protocol_asks(
    table: Path, arguments: list[str], told: tuple[bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Inputs] = []
    fit = Popular.fit

    def watched(self: Popular, train: Interactions, *, features: Inputs, **others: Any) -> Popular:
        given.append(features)
        return fit(self, train, features=features, **others)

    monkeypatch.setattr(Popular, "fit", watched)
    run(table, "--model", "popular", *arguments)
    assert [(each.unseen_only, each.next_row) for each in given] == [told]


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
        (["--model", "ease,popular", "--option", "l2=1"], "Write ease.l2=1"),
        (["--model", "ease", "--option", "ials.l2=1"], "a model that does not run"),
        (["--model", "ease", "--option", "ease.l2=1", "--option", "l2=2"], "given twice"),
        (["--model", ","], "No model is named"),
        (["--model", "popular", "--half-life", "-3"], "half-life cannot be -3"),
        (["--model", "popular", "--core", "400"], "No row is left"),
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


def test_several_models_run_on_one_protocol(table: Path) -> None:
    document = run(
        table, "--model", "popular,ease", "--model", "recent_popular", "--option", "ease.l2=50", "--seeds", "2"
    )
    assert [(each["model"], each["seed"]) for each in document["runs"]] == [
        (model, seed) for model in ("popular", "ease", "recent_popular") for seed in (0, 1)
    ]
    assert set(document["mean"]) == {"popular", "ease", "recent_popular"}
    assert document["options"]["ease"]["l2"] == 50
    alone = run(table, "--model", "ease", "--option", "l2=50")
    assert document["mean"]["ease"] == alone["mean"]
    assert document["protocol"] == alone["protocol"]


@pytest.mark.parametrize("split", ["loo", "random:0.25", "users:0.2", "folds:3"])
def test_every_split_is_measured(table: Path, split: str) -> None:
    document = run(table, "--model", "popular", "--split", split, "--k", "5,20")
    assert document["protocol"]["split"].startswith(split)
    assert 0 < document["mean"]["recall@5"]["value"] < document["mean"]["recall@20"]["value"]
    if split == "folds:3":
        assert [each["fold"] for each in document["runs"]] == [1, 2, 3]
        assert document["protocol"]["train_until"] == ""
    if split == "users:0.2":
        assert document["counts"]["test_users"] == 20
        assert "unknown in train" in document["protocol"]["users"]
    if split == "loo":
        assert document["protocol"]["tied_share"] > 0  # whole days
        assert "SHA-256" in document["protocol"]["split_ties"]


def test_the_mean_of_folds_counts_each_user_once() -> None:
    protocol = Protocol(split="folds:2", train_until="", test_until="")
    folds = []
    for users, values in ((["a", "b"], [0.0, 1.0]), (["b", "c"], [0.0, np.nan])):
        measured = {"ndcg@10": np.array(values)}
        folds.append(
            Evaluation(np.array(users, object), measured, {"ndcg@10": bootstrap_mean(measured["ndcg@10"])}, protocol)
        )
    mean = mean_of_runs(folds)["ndcg@10"]
    assert (mean["value"], mean["users"]) == (0.25, 2)  # a: 0, b: 0.5, c has none


def test_atomic_files_and_sequences_need_no_roles(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    baskets = {f"u{u}": rng.permutation(20)[:8] + 20 * (u % 2) for u in range(60)}
    lines = [
        f"{user}\ti{item}\t{5 - n % 2}\t{1_700_000_000 + 60 * n}"
        for user, items in baskets.items()
        for n, item in enumerate(items)
    ]
    header = "user_id:token\titem_id:token\trating:float\ttimestamp:float"
    (tmp_path / "shop.inter").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    (tmp_path / "seq.txt").write_text(
        "".join(f"{user} {' '.join(f'i{item}' for item in items)}\n" for user, items in baskets.items()),
        encoding="utf-8",
    )
    target = tmp_path / "out.json"
    common = ["--split", "loo", "--model", "ease", "--repeats", "masked", "--json", str(target)]
    assert main([str(tmp_path / "shop.inter"), *common]) == 0
    atomic = json.loads(target.read_text(encoding="utf-8"))
    assert main([str(tmp_path / "seq.txt"), "--format", "sequences", *common]) == 0
    sequences = json.loads(target.read_text(encoding="utf-8"))
    assert atomic["mean"] == sequences["mean"]  # the same rows in the same order
    assert atomic["mean"]["auc"]["value"] > 0.6
    assert main([str(tmp_path / "shop.inter"), *common, "--minimum-rating", "5"]) == 0
    rated = json.loads(target.read_text(encoding="utf-8"))
    assert rated["counts"]["rating_too_low"] == 240
    assert rated["protocol"]["digest"] != atomic["protocol"]["digest"]


def test_a_file_without_times_says_which_splits_it_allows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("who,what\n" + "".join(f"u{n % 11},i{n % 7}\n" for n in range(77)), encoding="utf-8")
    common = [str(path), "--role", "user=who", "--role", "item=what", "--model", "popular"]
    assert main([*common, "--split", "time:0.8"]) == 1
    said = capsys.readouterr().err
    assert "needs times" in said
    assert "random:0.25 or users:0.1" in said
    assert main([*common, "--split", "random:0.3", "--json", str(tmp_path / "out.json")]) == 0


def test_filters_are_stated_and_change_the_digest(table: Path) -> None:
    plain = run(table, "--model", "popular")
    cored = run(table, "--model", "popular", "--core", "5")
    faded = run(table, "--model", "popular", "--half-life", "30")
    assert "core" in cored["protocol"]["preparation"]
    assert faded["protocol"]["preparation"]["half_life_days"] == 30
    assert len({each["protocol"]["digest"] for each in (plain, cored, faded)}) == 3
    assert faded["mean"] == plain["mean"]  # popularity counts users, whatever their weights


def test_the_peak_is_that_of_each_run() -> None:
    reset_peak()
    before = peak_mib()
    held = np.ones(20_000_000)
    assert peak_mib() > before + 140
    del held
    reset_peak()
    assert peak_mib() < before + 60
