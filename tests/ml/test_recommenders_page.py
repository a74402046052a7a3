"""The blocks of docs/recommenders.md run as they stand and find the tastes of the generated shop."""

import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.recipes import evaluate, tune

PAGE = Path(__file__).resolve().parents[2] / "docs" / "recommenders.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every name that the blocks leave, run in an empty folder."""
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("notebook"))
        for block in blocks("python"):
            exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    return names


def test_the_notebook_finds_more_than_popularity(notebook: dict[str, Any]) -> None:
    assert notebook["tuned"].best.model == "ease"
    assert notebook["lift"].low > 0
    assert notebook["prepared"].counts.kept == len(notebook["rows"])


def test_what_is_recommended_is_new_and_liked(notebook: dict[str, Any]) -> None:
    """The shop knows what each shopper likes: the five stand above most of the catalogue."""
    parts, bought, best = notebook["parts"], notebook["bought"], notebook["best"]
    customer = notebook["customer"]
    assert not bought[[customer]].toarray()[0, best].any()
    shopper = int(parts.train.users[customer][1:])
    liking = notebook["shop"].liking[shopper]
    items = [int(parts.train.items[item][1:]) for item in best]
    assert liking[items].mean() > np.quantile(liking, 0.75)


def test_the_shares_of_an_explanation_add_up_to_the_score(notebook: dict[str, Any]) -> None:
    ease, customer = notebook["ease"], notebook["customer"]
    score = ease.score(np.array([customer], np.int32))[0, notebook["wanted"]]
    assert notebook["shares"].sum() == pytest.approx(score, rel=1e-5)


def test_the_commands_are_understood() -> None:
    (shell,) = blocks("sh")
    commands = [shlex.split(line) for line in shell.replace("\\\n", " ").splitlines() if line]
    assert [command[:3] for command in commands] == [
        ["python", "-m", "ml.recipes.evaluate"],
        ["python", "-m", "ml.recipes.tune"],
    ]
    for command, recipe in zip(commands, (evaluate, tune), strict=True):
        assert str(recipe._parser().parse_args(command[3:]).file) == "orders.parquet"
