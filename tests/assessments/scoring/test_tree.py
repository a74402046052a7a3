"""Weights by judgements and the method fuzzy in a scoring model: read, put to use, refused with their place."""

from typing import Any

import pytest
from trees import branch, content, leaf

from assessments.common.errors import GovernError
from assessments.scoring.tree import model_of

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


@pytest.mark.parametrize(
    ("model", "words", "where"),
    [
        (content([leaf("a")], weighting="pairwise"), "there are 0 people", "root: judgements"),
        (content([leaf("a")], judgements=[{"by": "Ada", "pairs": []}]), "come from elsewhere", "root"),
        (judged(leaf("a", weight=2), leaf("b"), leaf("c")), "“a” has a weight", "root"),
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
