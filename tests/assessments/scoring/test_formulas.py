"""Scales, means and levels against values worked by hand."""

import numpy as np
import pytest

from assessments.scoring.formulas import combine, level_of, level_shares, next_cut, scale_apply
from assessments.scoring.weights import weights_of

LEVELS = [(1.0, 0.0), (1.5, 20.0), (2.5, 40.0), (3.5, 60.0), (4.5, 80.0), (5.0, 100.0)]


@pytest.mark.parametrize(
    ("raw", "score"),
    [(1, 0), (1.25, 10), (1.5, 20), (2, 30), (3, 50), (3.5, 60), (4, 70), (4.75, 90), (5, 100), (0, 0), (9, 100)],
)
def test_scale_is_linear_between_its_points_and_flat_beyond(raw: float, score: float) -> None:
    assert scale_apply(LEVELS, float(raw)) == pytest.approx(score, abs=1e-12)


def test_scale_may_descend() -> None:
    assert scale_apply([(0.0, 100.0), (10.0, 0.0)], 2.5) == 75.0


def test_geometric_mean_of_the_published_example() -> None:
    # Dimension indices .6971, .3447 and .5506 of a human development index: .510 (UNDP, technical notes).
    assert combine("geometric", [0.6971, 0.3447, 0.5506], [1, 1, 1], floor=0.01) == pytest.approx(0.510, abs=5e-4)


def test_means_worked_by_hand() -> None:
    assert combine("arithmetic", [10, 20, 60], [1, 1, 2]) == pytest.approx(37.5)
    assert combine("geometric", [4, 9], [1, 1], floor=1) == pytest.approx(6.0)
    assert combine("geometric", [0, 100, 100], [1, 1, 1], floor=5) == pytest.approx(50_000 ** (1 / 3))
    assert combine("minimum", [30, 20, 60], [1, 100, 1]) == 20


def test_nothing_is_no_score() -> None:
    with pytest.raises(ValueError, match="nothing"):
        combine("arithmetic", [], [])


@pytest.mark.parametrize(
    ("score", "level"), [(0, 1), (19.999, 1), (20, 2), (39.9, 2), (40, 3), (60, 4), (80, 5), (100, 5)]
)
def test_a_score_on_a_cut_belongs_to_the_level_above(score: float, level: int) -> None:
    assert level_of(score, [20, 40, 60, 80]) == level


def test_the_next_cut() -> None:
    assert [next_cut(score, [20, 40, 60, 80]) for score in (0, 20, 59, 85)] == [20, 40, 60, 100]


def test_level_shares_agree_with_the_level_of_each_draw() -> None:
    draws = np.array([0.0, 20.0, 39.0, 60.0, 61.0, 100.0])
    assert level_shares(draws, [20, 40, 60, 80]) == [1 / 6, 2 / 6, 0, 2 / 6, 1 / 6]


def test_weights_are_equal_or_in_proportion() -> None:
    assert weights_of("equal", [5, 1]) == [0.5, 0.5]
    assert weights_of("given", [3, 1]) == [0.75, 0.25]
    with pytest.raises(ValueError, match="above 0"):
        weights_of("given", [1, 0])
