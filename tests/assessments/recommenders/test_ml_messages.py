"""Everything that ``ml`` can say to people has words: its sources are read for what they say."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from django.utils import translation

from assessments.quality import tagger_words
from assessments.recommenders.ml_words import in_words
from ml.training.tuning.plan import Tried

ROOT = Path(__file__).resolve().parents[3] / "ml"
COMMAND_LINE = {"arguments.py", "evaluate.py", "evaluate_distributed.py", "tune.py"}  # they speak to a terminal
SAMPLE = "7"
# What is only passed on, or made by a function that a test of its own asks below.
PASSED_ON = {"message", "error.message", "error.hint", "_say(last, metric, tried)"}
CALLS = {"_nearest": ["", "Did you mean 7? "]}


def texts(node: ast.expr, scope: dict[str, list[str]]) -> list[str]:
    """Every text that the expression can be, with SAMPLE for what only a run can tell; empty when it is no text."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.Name):
        return scope.get(node.id, [])
    if isinstance(node, ast.IfExp):
        return texts(node.body, scope) + texts(node.orelse, scope)
    if isinstance(node, ast.BinOp):
        left, right = texts(node.left, scope), texts(node.right, scope)
        return ["".join(each) for each in product(left or [SAMPLE], right or [SAMPLE])] if left or right else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(each) for each in product(*(part_texts(part, scope) for part in node.values))]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strip":
        return [text.strip() for text in texts(node.func.value, scope)]
    return []


def part_texts(part: ast.expr, scope: dict[str, list[str]]) -> list[str]:
    if not isinstance(part, ast.FormattedValue):
        return texts(part, scope)
    if isinstance(part.value, ast.Call) and isinstance(part.value.func, ast.Name) and part.value.func.id in CALLS:
        return CALLS[part.value.func.id]
    return texts(part.value, scope) or [SAMPLE]


def said(node: ast.Call) -> list[ast.expr]:
    """The arguments of a call that people read."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "DataError":
        return [*node.args[:1], *(each.value for each in node.keywords if each.arg == "hint")]
    if name == "unreadable":
        shown = ast.JoinedStr([ast.Constant("'7' is not a "), ast.FormattedValue(node.args[0], -1), ast.Constant(".")])
        return [shown, node.args[-1]]
    if name == "progress":
        return node.args[1:2]
    of_numbers = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in {"np", "math", "torch"}
    return node.args[:1] if name == "log" and not of_numbers else []


def scope_of(body: list[ast.AST]) -> dict[str, list[str]]:
    """Names that are texts, by what is assigned to them."""
    found: dict[str, list[str]] = {}
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = found.get(node.targets[0].id, []) + texts(node.value, found)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ml."):
            source = ROOT.parent / (str(node.module).replace(".", "/") + ".py")
            theirs = scope_of(list(ast.parse(source.read_text()).body)) if source.exists() else {}
            found |= {alias.name: theirs[alias.name] for alias in node.names if theirs.get(alias.name)}
    return found


def sayings() -> Iterator[tuple[str, str, bool]]:
    """(place, text, whether the text could be read) of every message, hint, line of progress and of the log."""
    for path in sorted(ROOT.rglob("*.py")):
        if path.name in COMMAND_LINE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = scope_of(list(tree.body))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            if function.name == "unreadable":  # its callers are asked
                continue
            scope = {**module, **scope_of(list(ast.walk(function)))}
            for node in (each for each in ast.walk(function) if isinstance(each, ast.Call)):
                for argument in said(node):
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    found = texts(argument, scope)
                    yield from ((place, text, True) for text in found)
                    if not found:
                        yield place, ast.unparse(argument), False


@cache
def all_sayings() -> tuple[tuple[str, str, bool], ...]:
    return tuple(dict.fromkeys(sayings()))


def of_tagger(place: str) -> bool:
    return place.startswith(("text/tagg", "text/personal", "recipes/train_tagger"))


def test_enough_is_read_to_mean_something() -> None:
    assert len({text for _place, text, known in all_sayings() if known}) > 200


def test_every_saying_has_words() -> None:
    missing = [
        f"{place}: {text}"
        for place, text, known in all_sayings()
        if known and not (tagger_words.in_words if of_tagger(place) else in_words).knows(text)
    ]
    assert missing == []


def test_no_saying_is_hidden_from_this_test() -> None:
    assert {text for _place, text, known in all_sayings() if not known} <= PASSED_ON


def test_every_saying_is_told_in_chinese() -> None:
    with translation.override("zh-hans"):
        same = [
            f"{place}: {text}"
            for place, text, known in all_sayings()
            if known and (tagger_words.in_words if of_tagger(place) else in_words)(text) == text
        ]
    assert same == []


@pytest.mark.parametrize(("value", "state"), [(0.25, "complete"), (None, "pruned"), (None, "failed")])
def test_a_trial_is_told(value: float | None, state: str) -> None:
    from ml.training.tuning.search import _say

    last = Tried(model="ease", number=3, options={}, value=value, state=state, seconds=1.5, message="why")
    assert in_words.knows(_say(last, "ndcg@10", {"ease": [last]}))
