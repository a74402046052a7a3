"""TOPSIS against the published example, and what cannot be ranked."""

import math

import pytest

from assessments.common.errors import GovernError
from assessments.scoring.ranking import topsis

ROWS = [[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]]
WEIGHTS = [0.3, 0.4, 0.3]


def test_the_published_example() -> None:
    assert [round(closeness, 4) for closeness in topsis(ROWS, WEIGHTS)] == [0.5037, 0.6581, 0.7482, 0.3340]


def test_weights_need_not_sum_to_one() -> None:
    assert topsis(ROWS, [3, 4, 3]) == pytest.approx(topsis(ROWS, WEIGHTS))


def test_best_everywhere_is_one_and_worst_everywhere_nothing() -> None:
    assert topsis([[1, 1], [2, 2], [3, 3]], [1, 1]) == pytest.approx([0, 0.5, 1])
    assert topsis([[1, 1], [2, 2], [3, 3]], [1, 1], [False, False]) == pytest.approx([1, 0.5, 0])
    assert topsis([[0, 1], [0, 2]], [1, 1]) == [0, 1]


@pytest.mark.parametrize(
    ("rows", "weights", "benefits", "words", "where"),
    [
        ([], [1], None, "two or more rows", "rows"),
        ([[1]], [1], None, "two or more rows", "rows"),
        ([[1], [1, 2]], [1], None, "two or more rows", "rows"),
        ([[], []], [], None, "two or more rows", "rows"),
        ([[1, 2], [3, math.nan]], [1, 1], None, "not a number", "row 2, column 2"),
        ([[1, 2], [3, 4]], [1], None, "2 weights above 0", "weights"),
        ([[1, 2], [3, 4]], [1, 0], None, "2 weights above 0", "weights"),
        ([[1, 2], [3, 4]], [1, math.inf], None, "2 weights above 0", "weights"),
        ([[1, 2], [3, 4]], [1, 1], [True], "as many directions", "benefits"),
        ([[1, 2], [1, 2]], [1, 1], None, "all rows are the same", "rows"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    rows: list[list[float]], weights: list[float], benefits: list[bool] | None, words: str, where: str
) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        topsis(rows, weights, benefits)
    assert refused.value.where == where
