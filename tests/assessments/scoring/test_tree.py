"""Weights by judgements and the method fuzzy in a scoring model: read, put to use, refused with their place."""

from typing import Any

import pytest
from trees import branch, content, leaf

from assessments.common.errors import GovernError
from assessments.scoring.tree import model_of
from assessments.scoring.weights import combined_weights, entropy_weights

PAIRS = [["a", "b", 2], ["a", "c", 6], ["b", "c", 3]]


def judged(*children: dict[str, Any], by: str = "Ada", **more: Any) -> Any:
    parts = children or (leaf("a"), leaf("b"), leaf("c"))
    judgements = [{"by": by, **(more or {"pairs": PAIRS})}]
    return content(list(parts), weighting="pairwise", judgements=judgements)


def test_judgements_give_the_weights() -> None:
    root = model_of(judged()).root
    assert [child.weight for child in root.children] == pytest.approx([0.6, 0.3, 0.1])
    assert (root.weighting, root.comparison is not None) == ("pairwise", True)
    assert [child.weighting for child in root.children] == ["equal"] * 3


def test_a_fuzzy_node_knows_the_centres_of_the_levels() -> None:
    root = model_of(content([leaf("a")], method="fuzzy", operator="max_min")).root
    assert (root.operator, root.centres) == ("max_min", (0, 30, 50, 70, 100))
    plain = model_of(content([leaf("a")])).root
    assert (plain.operator, plain.centres, plain.comparison, plain.weighting) == (None, (), None, "equal")


UNITS = [{"a": 10.0, "b": 5.0}, {"a": 10.0, "b": 10.0}, {"a": 20.0, "b": 30.0}]


def test_entropy_weighs_what_tells_the_units_apart() -> None:
    root = model_of(content([leaf("a"), leaf("b")], weighting="entropy"), UNITS).root
    expected = entropy_weights([[10, 5], [10, 10], [20, 30]])
    assert [child.weight for child in root.children] == expected
    assert expected[0] < expected[1]
    assert (root.weighting, root.units) == ("entropy", 3)


def test_combined_weights_are_those_given_or_judged_times_entropy() -> None:
    by_entropy = entropy_weights([[10, 5], [10, 10], [20, 30]])
    given = content([leaf("a", weight=3), leaf("b")], weighting="combined")
    judged_too = content(
        [leaf("a"), leaf("b")], weighting="combined", judgements=[{"by": "Ada", "pairs": [["a", "b", 3]]}]
    )
    for model in (given, judged_too):
        root = model_of(model, UNITS).root
        assert [child.weight for child in root.children] == pytest.approx(combined_weights([0.75, 0.25], by_entropy))
        assert root.units == 3
    assert model_of(judged_too, UNITS).root.comparison is not None


def test_the_structure_alone_is_read_without_units() -> None:
    root = model_of(content([leaf("a"), leaf("b")], weighting="entropy")).root
    assert ([child.weight for child in root.children], root.units) == ([0.5, 0.5], 0)


@pytest.mark.parametrize(
    ("units", "words", "where"),
    [
        ([], "3 or more assessed units; there are 0", "root: units"),
        (UNITS[:2], "3 or more assessed units; there are 2", "root: units"),
        ([{"a": 1.0, "b": 5.0}] * 3, "alike in every part", "root: units"),
        ([{"a": value, "b": 5.0} for value in (1.0, 2.0, 3.0)], "All 3 units are alike in “b”", "b"),
        ([UNITS[0]] * 1001, "at most 1000 units", "units"),
    ],
)
def test_units_that_give_no_weights_are_refused(units: Any, words: str, where: str) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        model_of(content([leaf("a"), leaf("b")], weighting="entropy"), units)
    assert refused.value.where == where


@pytest.mark.parametrize(
    ("model", "words", "where"),
    [
        (content([leaf("a")], weighting="pairwise"), "there are 0 people", "root: judgements"),
        (content([leaf("a")], judgements=[{"by": "Ada", "pairs": []}]), "come from elsewhere", "root"),
        (judged(leaf("a", weight=2), leaf("b"), leaf("c")), "“a” has a weight", "root"),
        (content([leaf("a"), leaf("b", weight=2)], weighting="entropy"), "“b” has a weight", "root"),
        (judged(pairs=PAIRS[:2]), "“b” is not compared with “c”", "root: Ada, b / c"),
        (judged(pairs=[*PAIRS[:2], ["b", "d", 3]]), "no part “d”", "root: Ada, b / d"),
        (judged(matrix=[[1, 2], ["1/2", 1]]), "3 rows; there are 2", "root: Ada, matrix"),
        (judged(matrix=[[1, 2, 6], [2, 1, 3], [6, 3, 1]]), "the other way round", "root: Ada, a / b"),
        (
            content([branch("p", [leaf("a"), leaf("b")], weighting="pairwise", judgements=[{"by": "Ada"}])]),
            "one of the two",
            "p: Ada",
        ),
        (content([leaf("a")], method="fuzzy"), "no operator “None”", "root"),
        (content([leaf("a")], method="fuzzy", operator="mean"), "no operator “mean”", "root"),
        (content([leaf("a")], operator="max_min"), "arithmetic has no operator “max_min”", "root"),
    ],
)
def test_a_wrong_node_is_refused_with_its_place(model: Any, words: str, where: str) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        model_of(model)
    assert refused.value.where == where


def test_very_many_judges_are_refused_before_they_are_read() -> None:
    judges = [{"by": str(number)} for number in range(50)]
    branches = [branch(f"p{number}", [leaf("a")], weighting="pairwise", judgements=judges) for number in range(41)]
    with pytest.raises(GovernError, match="2000 judges in all"):
        model_of(content(branches))
