"""Weights from the data of the assessed units, against values worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.common.errors import GovernError
from assessments.scoring.weights import combined_weights, entropy_weights


def test_entropy_weights_worked_by_hand() -> None:
    # Shares 1/4, 1/4, 1/2 of the first column; thirds of the second; all on one unit in the third.
    rows = [[10, 5, 0], [10, 5, 0], [20, 5, 7]]
    entropy = (2 * 0.25 * math.log(4) + 0.5 * math.log(2)) / math.log(3)
    apart = [1 - entropy, 0, 1]
    assert entropy_weights(rows) == pytest.approx([value / sum(apart) for value in apart])


def test_a_part_in_which_all_are_alike_weighs_nothing() -> None:
    assert entropy_weights([[1, 50, 0], [2, 50, 0], [3, 50, 0]]) == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("rows", "words", "where"),
    [
        ([], "3 or more assessed units; there are 0", "units"),
        ([[1, 2], [2, 1]], "3 or more assessed units; there are 2", "units"),
        ([[1, 2], [2, 1], [3]], "a value for every part", "units"),
        ([[], [], []], "a value for every part", "units"),
        ([[1, 2], [2, -1], [3, 3]], "from 0 on", "unit 2, part 2"),
        ([[1, 2], [2, 1], [math.nan, 3]], "from 0 on", "unit 3, part 1"),
        ([[1, 2], [1, 2], [1, 2]], "alike in every part", "units"),
    ],
)
def test_units_that_give_no_weights_are_refused(rows: list[list[float]], words: str, where: str) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        entropy_weights(rows)
    assert refused.value.where == where


def test_combined_weights_are_the_product() -> None:
    assert combined_weights([0.5, 0.3, 0.2], [0.2, 0.5, 0.3]) == pytest.approx([10 / 31, 15 / 31, 6 / 31])
    with pytest.raises(GovernError, match="both given and by entropy"):
        combined_weights([1.0, 0.0], [0.0, 1.0])


@given(st.lists(st.lists(st.floats(0.001, 100), min_size=3, max_size=3), min_size=3, max_size=8))
def test_entropy_weights_sum_to_one_whatever_the_units(rows: list[list[float]]) -> None:
    try:
        weights = entropy_weights(rows)
    except GovernError:
        return
    assert sum(weights) == pytest.approx(1)
    assert min(weights) >= 0
