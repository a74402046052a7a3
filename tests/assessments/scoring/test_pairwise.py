"""Weights by pairwise comparison against Saaty's published example, and what is no such comparison."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from assessments.common.errors import GovernError
from assessments.scoring.judgements import matrix_of_pairs
from assessments.scoring.pairwise import RANDOM_INDEX, group_matrix, matrix_checked, priorities_of, random_index

# Saaty, On the measurement of intangibles, Notices of the AMS 60 (2), 2013: which drink is consumed more in the USA.
DRINKS = ["coffee", "wine", "tea", "beer", "soda", "milk", "water"]
CONSUMED = [
    ["coffee", "wine", 9], ["coffee", "tea", 5], ["coffee", "beer", 2], ["coffee", "soda", 1], ["coffee", "milk", 1],
    ["water", "coffee", 2], ["water", "wine", 9], ["water", "tea", 9], ["water", "beer", 3], ["water", "soda", 2],
    ["water", "milk", 3], ["tea", "wine", 3], ["beer", "wine", 9], ["beer", "tea", 3], ["beer", "milk", 1],
    ["soda", "wine", 9], ["soda", "tea", 4], ["soda", "beer", 2], ["soda", "milk", 2], ["milk", "wine", 9],
    ["milk", "tea", 3],
]  # fmt: skip


def test_the_drinks_of_saaty() -> None:
    found = priorities_of(matrix_of_pairs(DRINKS, CONSUMED), DRINKS)
    assert {name: round(weight, 3) for name, weight in zip(DRINKS, found.weights, strict=True)} == {
        "water": 0.327, "soda": 0.190, "coffee": 0.177, "milk": 0.129, "beer": 0.116, "tea": 0.042, "wine": 0.019,
    }  # fmt: skip
    assert round(found.eigenvalue, 4) == 7.1766
    assert found.index == pytest.approx(0.1766 / 6, abs=1e-5)
    assert (found.random_index, round(found.ratio, 3)) == (1.35, 0.022)
    worst = found.most_inconsistent
    assert worst is not None
    # Water is 17 times as heavy as wine, and the scale of the judges ends at 9.
    assert (DRINKS[worst.first], DRINKS[worst.second], worst.stated) == ("water", "wine", 9)
    assert worst.consistent == pytest.approx(22.5, abs=0.01)


def test_consistent_judgements_give_their_ratios() -> None:
    found = priorities_of([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]])
    assert found.weights == pytest.approx([0.6, 0.3, 0.1])
    assert (found.ratio, found.most_inconsistent) == (pytest.approx(0, abs=1e-12), None)


def test_two_parts_cannot_contradict_each_other() -> None:
    found = priorities_of([[1, 3], [1 / 3, 1]])
    assert found.weights == pytest.approx([0.75, 0.25])
    assert (found.index, found.ratio, found.most_inconsistent) == (0, 0, None)


def test_one_part_has_the_whole_weight() -> None:
    found = priorities_of([[1]])
    assert (found.weights, found.ratio) == ((1.0,), 0)


def test_a_circle_of_three_is_pointed_at_with_what_would_be_consistent() -> None:
    """a is 2 b, b is 2 c, so a would be 4 c; said the other way round, every judgement is as far off as the others."""
    found = priorities_of([[1, 2, 1 / 4], [1 / 2, 1, 2], [4, 1 / 2, 1]])
    # λ = 1 + ∛t + 1/∛t with t = 2 · 2 · 4 = 16 (the characteristic equation of three parts).
    assert found.eigenvalue == pytest.approx(1 + 16 ** (1 / 3) + 16 ** (-1 / 3))
    assert found.ratio == pytest.approx((found.eigenvalue - 3) / 2 / 0.52)
    worst = found.most_inconsistent
    assert worst is not None
    assert (worst.first, worst.second, worst.stated) == (0, 1, 2)
    assert worst.consistent == pytest.approx(1 / 8)


def test_the_one_wrong_judgement_of_four_parts_is_found() -> None:
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    matrix = weights[:, None] / weights[None, :]
    matrix[1, 3], matrix[3, 1] = 1 / 3, 3.0
    worst = priorities_of(matrix).most_inconsistent
    assert worst is not None
    assert (worst.first, worst.second, worst.stated) == (3, 1, 3)
    assert worst.consistent == pytest.approx(1 / 3)


def test_the_random_index_is_that_of_random_judgements() -> None:
    """Five per size of the table and beyond it: the mean of a thousand matrices is within three standard errors."""
    random = np.random.default_rng(5)
    scale = np.array([1 / 9, 1 / 8, 1 / 7, 1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for size in (3, 5, 7, 15, 20):
        drawn = random.choice(scale, (1000, size, size))
        upper = np.triu(drawn, 1)
        matrices = upper + np.tril(1 / drawn.transpose(0, 2, 1), -1) + np.eye(size)
        indices = (np.linalg.eigvals(matrices).real.max(axis=1) - size) / (size - 1)
        assert random_index(size) == pytest.approx(indices.mean(), abs=3 * indices.std() / 1000**0.5 + 0.006)


def test_the_random_index_goes_on_where_the_table_ends() -> None:
    assert [random_index(size) for size in range(1, 16)] == list(RANDOM_INDEX)
    # Alonso and Lamata, 2006: (2.7699 · 16 - 4.3513 - 16) / 15.
    assert random_index(16) == pytest.approx(1.597807, abs=1e-6)
    rising = [random_index(size) for size in range(2, 51)]
    assert rising == sorted(rising)


def test_a_group_is_the_geometric_mean_of_its_judgements() -> None:
    one, other = matrix_checked([[1, 2], [1 / 2, 1]]), matrix_checked([[1, 8], [1 / 8, 1]])
    assert group_matrix([one, other])[0, 1] == pytest.approx(4)
    assert priorities_of(group_matrix([one, other])).weights == pytest.approx([0.8, 0.2])


@pytest.mark.parametrize(
    ("rows", "words", "where"),
    [
        ([], "one part or more", "matrix"),
        ([[1, 2]], "needs 1 values", "1"),
        ([[1, 2], [1 / 2, 1], [1, 1]], "needs 3 values", "1"),
        ([[1, 2], [1 / 2]], "“2” needs 2 values; it has 1", "2"),
        ([[1, 0], [1, 1]], "“1” against “2” is 0", "1 / 2"),
        ([[1, -2], [-1 / 2, 1]], "is -2", "1 / 2"),
        ([[1, math.nan], [1, 1]], "is nan", "1 / 2"),
        ([[1, math.inf], [0, 1]], "is inf", "1 / 2"),
        ([[2, 2], [1 / 2, 1]], "“1” against itself is 2", "1 / 1"),
        ([[1, 3], [3, 1]], "is 3, but the other way round 3", "1 / 2"),
        ([[1, 3], [0.333, 1]], "is 3, but the other way round 0.333", "1 / 2"),
    ],
)
def test_what_is_no_comparison_is_refused_with_its_place(rows: list[list[float]], words: str, where: str) -> None:
    with pytest.raises(GovernError, match=words) as refused:
        priorities_of(rows)
    assert refused.value.where == where


def test_a_matrix_of_another_size_than_the_parts_is_refused() -> None:
    with pytest.raises(GovernError, match="3 parts needs a matrix of 3 rows; there are 2"):
        priorities_of([[1, 1], [1, 1]], ["a", "b", "c"])


@st.composite
def reciprocal(draw: st.DrawFn) -> np.ndarray:
    size = draw(st.integers(3, 8))
    logarithms = draw(arrays.arrays(np.float64, (size, size), elements=st.floats(-math.log(9), math.log(9))))
    upper = np.triu(logarithms, 1)
    return np.exp(upper - upper.T)


@given(reciprocal())
@settings(max_examples=100)
def test_what_holds_for_every_comparison(matrix: np.ndarray) -> None:
    found = priorities_of(matrix)
    weights = np.array(found.weights)
    assert weights.min() > 0
    assert weights.sum() == pytest.approx(1)
    assert matrix @ weights == pytest.approx(found.eigenvalue * weights)
    assert found.eigenvalue >= len(matrix) - 1e-9
    assert found.ratio >= 0


@given(reciprocal())
@settings(max_examples=50)
def test_correcting_the_judgement_that_is_pointed_at_never_makes_it_worse(matrix: np.ndarray) -> None:
    found = priorities_of(matrix)
    worst = found.most_inconsistent
    if worst is None:
        return
    mended = matrix.copy()
    mended[worst.first, worst.second], mended[worst.second, worst.first] = worst.consistent, 1 / worst.consistent
    assert priorities_of(mended).ratio <= found.ratio + 1e-9
