"""Tuning: what it tries, how it ends, how it goes on, and what it is never shown."""

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from ml.data.interactions import DAY, Interactions
from ml.data.splits import apply_split, parse_split
from ml.errors import DataError
from ml.models.base import Recommender, create
from ml.models.inputs import EnoughTraining, Inputs
from ml.recipes.tune import main
from ml.training.tuning import Plan, Tried, tune
from ml.training.tuning.budget import Budget

SPLIT = parse_split("time:0.8")


def shop(seed: int = 0, users: int = 120, items: int = 60) -> Interactions:
    """Customers of three tastes over 100 days."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, users, 4000).astype(np.int32)
    liked = (who % 3) * 20 + rng.integers(0, 20, 4000)
    what = np.where(rng.random(4000) < 0.8, liked, rng.integers(0, items, 4000)).astype(np.int32)
    names = (np.array([f"{side}{n:03}" for n in range(size)], object) for side, size in (("u", users), ("i", items)))
    return Interactions(who, what, np.sort(rng.integers(0, 100 * DAY, 4000)), np.ones(4000, np.float32), *names)


def found(tried: list[Tried]) -> list[tuple[Any, ...]]:
    return [(each.model, each.number, each.options, each.value, each.state) for each in tried]


def test_the_defaults_come_first_and_the_best_is_no_worse() -> None:
    tuned = tune(shop(), Plan(("ease", "recent_popular"), SPLIT, trials=8))
    first = next(each for each in tuned.tried if each.model == "ease" and each.number == 0)
    assert first.options["l2"] == 200.0
    assert tuned.best.model == "ease"
    assert tuned.best.value == max(each.value for each in tuned.tried if each.value is not None)
    assert (tuned.best.value or 0) >= (first.value or 1)
    assert [sum(each.model == model for each in tuned.tried) for model in ("ease", "recent_popular")] == [8, 8]
    assert tuned.protocol.split == "time:0.8"


def test_the_same_seed_gives_the_same_trials_and_another_others() -> None:
    plan = Plan(("ease",), SPLIT, trials=10, seed=3)
    first = tune(shop(), plan)
    assert found(tune(shop(), plan).tried) == found(first.tried)
    other = tune(shop(), Plan(("ease",), SPLIT, trials=10, seed=4))
    assert found(other.tried)[0][2] == found(first.tried)[0][2]
    assert found(other.tried) != found(first.tried)


def test_fixed_options_are_not_varied_and_a_model_without_choices_is_tried_once() -> None:
    plan = Plan(("ease", "popular"), SPLIT, trials=4, fixed={"ease": {"binary": "no"}})
    tried = tune(shop(), plan).tried
    assert {each.options["binary"] for each in tried if each.model == "ease"} == {False}
    assert len({each.options["l2"] for each in tried if each.model == "ease"}) == 4
    assert sum(each.model == "popular" for each in tried) == 1


def test_a_study_goes_on_and_another_question_begins_anew(tmp_path: Path) -> None:
    study = str(tmp_path / "study.sqlite3")
    begun = tune(shop(), Plan(("ease",), SPLIT, trials=3, study=study))
    going_on = tune(shop(), Plan(("ease",), SPLIT, trials=5, study=f"sqlite:///{study}"))
    assert found(going_on.tried)[:3] == found(begun.tried)
    assert len(going_on.tried) == 5
    assert len(tune(shop(), Plan(("ease",), SPLIT, trials=5, study=study)).tried) == 5  # nothing is left to do
    other = tune(shop(seed=1), Plan(("ease",), SPLIT, trials=2, study=study))
    assert len(other.tried) == 2
    assert other.tried[0].value != begun.tried[0].value
    assert len(tune(shop(), Plan(("ease",), SPLIT, trials=1, study=study, repeats="masked")).tried) == 1


def test_a_study_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be opened") as caught:
        tune(shop(), Plan(("ease",), SPLIT, trials=1, study=str(tmp_path / "no" / "folder.db")))
    assert caught.value.where == "study"


class Curved(Recommender):
    """Learns as fast as its learning rate says, and takes its time."""

    name: ClassVar[str] = "perceptron"
    pause: ClassVar[float] = 0.0

    def fit(self, train: Interactions, *, features: Any = None, progress: Any = None) -> "Curved":
        self.users, self.items = train.users, train.items
        for epoch in range(1, 6):
            time.sleep(self.pause)
            progress(epoch / 6, "learning")
            try:
                features.on_epoch({"epoch": epoch, "auc_validation": float(self.options["learning_rate"]) * epoch})
            except EnoughTraining:
                break
        return self

    def score(self, users: Any) -> Any:
        scale = np.float32(self.options["learning_rate"])
        return np.tile(np.arange(len(self.items), dtype=np.float32) * scale, (len(users), 1))

    def save(self, folder: Path) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def load(cls, folder: Path) -> "Curved":
        raise NotImplementedError


@pytest.fixture
def curved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.training.tuning.trials.create", lambda name, options, **more: Curved(options, **more))


@pytest.mark.usefixtures("curved")
def test_a_trial_whose_curve_is_below_most_is_ended_early() -> None:
    tried = tune(shop(), Plan(("perceptron",), SPLIT, trials=25)).tried
    pruned = [each for each in tried if each.state == "pruned"]
    rates = {
        state: [float(each.options["learning_rate"]) for each in tried if each.state == state]
        for state in ("complete", "pruned")
    }
    assert pruned
    assert all("learning curve" in each.message and each.value is None for each in pruned)
    assert np.median(rates["pruned"]) < np.median(rates["complete"])


@pytest.mark.usefixtures("curved")
def test_a_training_ends_where_its_time_does_and_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Curved, "pause", 0.7)
    (only,) = tune(shop(), Plan(("perceptron",), SPLIT, minutes=0.04)).tried  # half of 2.4 s for the trial
    assert (only.state, only.options["epochs"]) == ("complete", 2)
    assert "enough for 2 epochs" in only.message


@pytest.mark.usefixtures("curved")
def test_a_fit_that_the_time_leaves_nothing_of_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Curved, "pause", 0.5)
    started = time.monotonic()
    with pytest.raises(DataError, match="cut off by the time budget"):
        tune(shop(), Plan(("perceptron",), SPLIT, minutes=0.001))
    assert time.monotonic() - started < 5


def test_the_training_loop_ends_on_demand_with_its_best_epoch() -> None:
    epochs: list[int] = []

    def third(figures: dict[str, Any]) -> None:
        epochs.append(figures["epoch"])
        if len(epochs) == 3:
            raise EnoughTraining

    model = create("perceptron", {"epochs": 9, "taste_factors": 4, "patience": 9}, device="cpu")
    model.fit(shop(), features=Inputs(on_epoch=third))
    assert epochs == [1, 2, 3]
    assert sum(each["best"] for each in model.learning_curve) == 1
    assert np.isfinite(model.score(np.arange(3, dtype=np.int32))).all()


def test_a_large_shop_gets_a_first_look_on_a_quarter_of_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.training.tuning.trials.LARGE", 1000)
    tried = tune(shop(), Plan(("ease",), SPLIT, trials=20)).tried
    states = {each.state for each in tried}
    assert states == {"complete", "pruned"}
    assert all("quarter" in each.message for each in tried if each.state == "pruned")
    assert tried[0].state == "complete"


def test_a_model_that_fails_is_given_up_and_the_others_go_on() -> None:
    plan = Plan(("ease", "popular"), SPLIT, trials=6, fixed={"ease": {"max_items": 5}})
    tuned = tune(shop(), plan)
    assert [each.state for each in tuned.tried if each.model == "ease"] == ["failed", "failed"]
    assert "allowed 5 items" in tuned.tried[0].message
    assert tuned.best.model == "popular"
    with pytest.raises(DataError, match="allowed 5 items"):
        tune(shop(), Plan(("ease",), SPLIT, trials=3, fixed={"ease": {"max_items": 5}}))


def test_the_time_is_shared_and_the_hopeless_are_left_alone() -> None:
    def tried(model: str, value: float | None, seconds: float = 1.0, number: int = 0) -> Tried:
        return Tried(model, number, {}, value, "complete" if value is not None else "pruned", seconds)

    budget = Budget(Plan(("a", "b"), SPLIT, minutes=1), frozenset())
    none: dict[str, list[Tried]] = {"a": [], "b": []}
    assert budget.next_model(none) == "a"
    budget.take("a", 3.0)
    assert budget.next_model({"a": [tried("a", 0.5, 3.0)], "b": []}) == "b"
    budget.take("b", 1.0)
    assert budget.next_model({"a": [tried("a", 0.5, 3.0)], "b": [tried("b", 0.1)]}) == "b"
    assert budget.next_model({"a": [tried("a", 0.5, 3.0)], "b": [tried("b", 0.1)] * 5}) == "a"  # b cannot win
    assert budget.next_model({"a": [tried("a", 0.5, 40.0)], "b": [tried("b", 0.4, 50.0)]}) is None  # no time to refit
    assert 25 < budget.trial_deadline("a") - time.monotonic() <= 30  # the other half is for the refit


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metric": "auc"}, "cannot be tuned for"),
        ({"trials": None}, "needs an end"),
        ({"minutes": 0.0}, "some minutes"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Plan(**{"models": ("ease",), "split": SPLIT, "trials": 1, **change})


def write(rows: Interactions, path: Path) -> Path:
    lines = ["who,what,when"]
    for user, item, moment in zip(rows.users[rows.user_codes], rows.items[rows.item_codes], rows.times, strict=True):
        lines.append(f"{user},{item},{np.datetime64(int(moment), 'us')}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def tuned(path: Path, *arguments: str) -> dict[str, Any]:
    target = path.with_suffix(".json")
    roles = ["--role", "user=who", "--role", "item=what", "--role", "time=when"]
    assert main([str(path), *roles, "--json", str(target), *arguments]) == 0
    document: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("split", ["time:0.8", "loo", "users:0.2", "folds:3"])
def test_test_data_change_the_test_result_and_nothing_before_it(tmp_path: Path, split: str) -> None:
    """Every test row is moved to another item: had tuning seen one of them, a trial would differ."""
    rows = shop()
    parts = apply_split(rows, parse_split("folds:3,fold=3" if split == "folds:3" else split))
    poisoned = Interactions(rows.user_codes, _moved(rows, parts), rows.times, rows.weights, rows.users, rows.items)
    arguments = ("--split", split, "--models", "ease,popular", "--trials", "3")
    clean, other = (tuned(write(each, tmp_path / f"{n}.csv"), *arguments) for n, each in enumerate((rows, poisoned)))
    for document in (clean, other):
        for trial in document["validation"]["trials"]:
            trial["seconds"] = 0
    assert clean["validation"]["trials"] == other["validation"]["trials"]
    assert clean["best"] == other["best"]
    assert clean["test"]["metrics"] != other["test"]["metrics"]


def _moved(rows: Interactions, parts: Any) -> Any:
    """Other items of train for the test rows, which are found by their user and time."""
    tests = {(user, time) for user, time in zip(parts.test.users[parts.test.user_codes], parts.test.times, strict=True)}
    is_test = np.array(
        [(user, time) in tests for user, time in zip(rows.users[rows.user_codes], rows.times, strict=True)]
    )
    assert is_test.sum() == len(parts.test)
    return np.where(is_test, (rows.item_codes + 7) % rows.n_items, rows.item_codes).astype(np.int32)


def test_the_recipe_tells_the_best_its_table_and_one_test_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(shop(), tmp_path / "shop.csv")
    document = tuned(
        path, "--split", "time:0.8", "--models", "ease,popular", "--minutes", "0.05", "--repeats", "masked"
    )
    assert document["best"]["model"] == "ease"
    assert document["seconds"] < 20
    assert document["validation"]["models"]["ease"]["trials"] >= 1
    assert document["validation"]["models"]["popular"]["trials"] == 1
    assert document["test"]["metrics"]["ndcg@10"]["users"] == document["counts"]["test_users_evaluated"]
    said = capsys.readouterr().err
    assert said.count("test: ndcg@10") == 1
    assert "model" in said
    assert "l2=" in said


def test_workers_share_a_study(tmp_path: Path) -> None:
    path, study = write(shop(), tmp_path / "shop.csv"), tmp_path / "study.sqlite3"
    tuned(path, "--split", "time:0.8", "--models", "ease", "--trials", "1", "--study", str(study))
    command = [sys.executable, "-m", "ml.recipes.tune", str(path), "--split", "time:0.8", "--models", "ease"]
    command += [
        "--role",
        "user=who",
        "--role",
        "item=what",
        "--role",
        "time=when",
        "--trials",
        "12",
        "--study",
        str(study),
    ]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(2)
    ]
    outputs = [json.loads(worker.communicate(timeout=120)[0]) for worker in workers]
    numbers = [{trial["number"] for trial in each["validation"]["trials"]} for each in outputs]
    assert all(12 <= len(each) <= 14 for each in numbers)
    assert outputs[0]["best"] == outputs[1]["best"] or numbers[0] != numbers[1]


def test_a_killed_study_goes_on_with_what_it_was_at(tmp_path: Path) -> None:
    path, study = write(shop(), tmp_path / "shop.csv"), tmp_path / "study.sqlite3"
    command = [sys.executable, "-m", "ml.recipes.tune", str(path), "--split", "time:0.8", "--models", "bpr"]
    command += [word for role in ("user=who", "item=what", "time=when") for word in ("--role", role)]
    command += ["--option", "epochs=40", "--option", "patience=40", "--trials", "2", "--study", str(study)]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not signed(study) and worker.poll() is None:
        time.sleep(0.05)
    worker.kill()
    assert worker.wait() < 0
    assert states(study) == ["RUNNING"]
    again = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout)
    assert states(study) == ["FAIL", "COMPLETE", "COMPLETE"]  # what the killed one was at is done by another trial
    tried = again["validation"]["trials"]
    assert [each["state"] for each in tried] == ["complete", "complete"]
    assert tried[0]["options"]["factors"] == create("bpr").options["factors"]  # the defaults, which come first


def states(study: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(study)) as database:
        return [row[0] for row in database.execute("SELECT state FROM trials ORDER BY number")]


def signed(study: Path) -> bool:
    """Whether a trial says which process makes it."""
    with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(sqlite3.connect(study)) as database:
        return bool(database.execute("SELECT * FROM trial_user_attributes WHERE key = 'worker'").fetchall())
    return False


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--models", "eese"], "Did you mean ease"),
        (["--models", "ease", "--split", "time:0.8", "--option", "l3=4"], "no option"),
        (["--models", "ease", "--study", "nosuch://db"], "cannot be opened"),
    ],
)
def test_failures_are_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    path = write(shop(), tmp_path / "shop.csv")
    roles = ["--role", "user=who", "--role", "item=what", "--role", "time=when"]
    assert main([str(path), *roles, "--split", "time:0.8", "--trials", "1", *arguments]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
