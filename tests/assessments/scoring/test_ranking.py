"""TOPSIS against the published example, and what cannot be ranked."""

import math
from typing import Any

import pytest
from trees import UNKNOWN, content, leaf, metric

from assessments.common.errors import GovernError
from assessments.scoring.ranking import documents_ranked, topsis
from assessments.scoring.seal import document_of

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


def assessed(period: str, *scores: float | None, weights: tuple[float, ...] = tuple(WEIGHTS), **model: Any) -> Any:
    """The document of a period with these scores of three parts; None where nothing is known."""
    children = [leaf(name, weight=weight) for name, weight in zip("abc", weights, strict=True)]
    leaves = {name: UNKNOWN if score is None else metric(score) for name, score in zip("abc", scores, strict=True)}
    return document_of(
        organisation={"name": "Shop", "slug": "shop"},
        period=period,
        as_of="2026-12-31T00:00:00+00:00",
        model=content(children, weighting="given", **model),
        evidence={"leaves": leaves, "gates": {}},
    )


def test_periods_are_ranked_by_the_parts_of_their_totals() -> None:
    documents = [assessed(f"2026-Q{number}", *row) for number, row in enumerate(ROWS, start=1)]
    assert [round(closeness, 4) for closeness in documents_ranked(documents)] == [0.5037, 0.6581, 0.7482, 0.3340]


@pytest.mark.parametrize(
    ("documents", "words", "where"),
    [
        ([assessed("2026-Q1", 1, 2, 3)], "two or more assessments", "assessments"),
        ([assessed("2026-Q1", 1, 2, 3), assessed("2026-Q2", 1, None, 3)], "“b” is not known", "2026-Q2"),
        (
            [assessed("2026-Q1", 1, 2, 3), assessed("2026-Q2", 1, 2, 3, method="minimum")],
            "score differently",
            "2026-Q2",
        ),
        (
            [assessed("2026-Q1", 1, 2, 3), assessed("2026-Q2", 1, 2, 3, weights=(1, 1, 1))],
            "score differently",
            "2026-Q2",
        ),
    ],
)
def test_periods_that_cannot_be_compared_are_not_ranked(documents: list[Any], words: str, where: str) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        documents_ranked(documents)
    assert refused.value.where == where
