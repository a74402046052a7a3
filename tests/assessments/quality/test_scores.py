"""The score of a dimension."""

from dataclasses import dataclass

import pytest

from assessments.quality.scores import score_of


@dataclass
class Result:
    rows_checked: int
    rows_failing: int
    severity: str = "warning"
    dimension: str = "validity"
    passed: bool | None = False
    rule_name: str = "r"


def test_shares_are_weighted_by_severity() -> None:
    score = score_of("validity", [Result(100, 50, "info"), Result(10, 1, "critical"), Result(1, 1, dimension="other")])
    assert score.value == pytest.approx((1 * 0.5 + 8 * 0.9) / 9)
    assert (score.rules, score.measured, score.coverage) == (2, 2, 1.0)
    assert [(share.checked, share.failing) for share in score.shares] == [(100, 50), (10, 1)]


def test_what_could_not_be_measured_lowers_coverage_and_widens_the_bounds_only() -> None:
    score = score_of("validity", [Result(4, 1, "warning"), Result(0, 0, "error", passed=None)])
    assert score.value == 0.75
    assert score.coverage == pytest.approx(2 / 6)
    assert (score.low, score.high) == (pytest.approx(1.5 / 6), pytest.approx(5.5 / 6))


@pytest.mark.parametrize("results", [[], [Result(0, 0, passed=None)]])
def test_nothing_checked_has_no_score(results: list[Result]) -> None:
    score = score_of("validity", results)
    assert score.value is None
    assert score.coverage == 0.0
    assert (score.low, score.high) == (0.0, 1.0)
