"""Judgements as people write them: fractions, pairs or a matrix, one judge or several; wrong ones named."""

from typing import Any

import pytest

from assessments.common.errors import GovernError
from assessments.scoring.judgements import comparison_of, judgement_value, matrix_of_pairs
from assessments.scoring.pairwise import priorities_of

NAMES = ["a", "b", "c"]
PAIRS = [["a", "b", 2], ["c", "a", "1/6"], ["b", "c", 3]]


def judge(by: str = "Ada", **more: Any) -> dict[str, Any]:
    return {"by": by, **(more or {"pairs": PAIRS})}


def test_pairs_and_the_matrix_say_the_same() -> None:
    matrix = [[1, 2, 6], ["1/2", 1, 3], ["1/6", "1/3", 1]]
    for judgements in ([judge()], [judge(matrix=matrix)]):
        found = comparison_of(NAMES, judgements)
        assert found.priorities.weights == pytest.approx([0.6, 0.3, 0.1])
        assert found.judges == (("Ada", pytest.approx(0, abs=1e-12)),)


def test_several_judges_come_together_by_the_geometric_mean() -> None:
    other = judge("Bo", pairs=[["a", "b", 8], ["b", "c", 3], ["a", "c", 6]])
    found = comparison_of(NAMES, [judge(), other])
    together = priorities_of([[1, 4, 6], [1 / 4, 1, 3], [1 / 6, 1 / 3, 1]])
    assert found.priorities.weights == pytest.approx(together.weights)
    # Bo's a is 8 b and b is 3 c, but a is 6 c: λ = 1 + ∛4 + 1/∛4.
    assert [name for name, _ in found.judges] == ["Ada", "Bo"]
    assert found.judges[1][1] == pytest.approx((4 ** (1 / 3) + 4 ** (-1 / 3) - 2) / 2 / 0.52)


@pytest.mark.parametrize(("raw", "value"), [(3, 3.0), (0.5, 0.5), ("1/9", 1 / 9), ("3/2", 1.5), (9, 9.0)])
def test_a_judgement_is_a_number_or_a_fraction(raw: Any, value: float) -> None:
    assert judgement_value(raw, "a / b") == value


@pytest.mark.parametrize(
    "raw", [0, -1, 9.5, 0.1, "1/10", "1/0", "a", "1/", "/2", "", None, True, [], float("nan"), "9" * 5000 + "/1"]
)
def test_what_is_no_judgement_is_refused(raw: Any) -> None:
    with pytest.raises(GovernError, match="not a judgement") as refused:
        judgement_value(raw, "a / b")
    assert refused.value.where == "a / b"
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("pairs", "words", "where"),
    [
        (PAIRS[:2], "“b” is not compared with “c”", "b / c"),
        ([*PAIRS, ["b", "a", 2]], "judged once", "b / a"),
        ([["a", "a", 1]], "two different parts", "a / a"),
        ([["a", "d", 1]], "no part “d”", "a / d"),
        ([["a", "b"]], "two parts and a value", "['a', 'b']"),
        (["abc"], "two parts and a value", "abc"),
        ([["a", "b", 10]], "not a judgement", "a / b"),
    ],
)
def test_wrong_pairs_are_named(pairs: Any, words: str, where: str) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        matrix_of_pairs(NAMES, pairs)
    assert refused.value.where == where


@pytest.mark.parametrize(
    ("judgements", "words", "where"),
    [
        ([], "there are 0 people", "judgements"),
        ([judge(str(number)) for number in range(51)], "there are 51 people", "judgements"),
        ([judge(), judge()], "no two the same", "judgements"),
        ([{"pairs": PAIRS}], "needs a name", "judgements"),
        ([{"by": "Ada"}], "one of the two", "Ada"),
        ([judge(pairs=PAIRS, matrix=[[1]])], "one of the two", "Ada"),
        ([judge(pairs=PAIRS[:1])], "not compared", "Ada, a / c"),
        ([judge(matrix=[[1, 2], [0.5, 1]])], "3 rows", "Ada, matrix"),
        ([judge(matrix=[[1, 2, 3], ["1/2", 1, "x"], [1, 1, 1]])], "“x” is not a judgement", "Ada, row 2, column 3"),
        ([judge(matrix=[[1, 2, 3], ["1/2", 1, 1], ["1/2", 1, 1]])], "the other way round", "Ada, a / c"),
    ],
)
def test_wrong_judgements_name_the_judge(judgements: list[Any], words: str, where: str) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        comparison_of(NAMES, judgements)
    assert refused.value.where == where
