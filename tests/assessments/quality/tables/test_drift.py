"""Distances of distributions against scipy and by hand, and the check against plain Python."""

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp

from assessments.quality.distances import (
    jensen_shannon_distance,
    kolmogorov_smirnov,
    kolmogorov_smirnov_p,
    population_stability_index,
)
from tests.assessments.quality.tables.measuring import counts, outcome_of

COUNTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=12).filter(
    lambda pairs: all(sum(side) for side in zip(*pairs, strict=True))
)
SAMPLES = st.lists(st.sampled_from([-math.inf, -1.5, 0.0, 0.5, 2.0, 7.0, 1e300, math.inf]), min_size=2, max_size=40)


@given(COUNTS)
def test_jensen_shannon_is_scipys(pairs: list[tuple[int, int]]) -> None:
    then, now = (np.asarray(side) for side in zip(*pairs, strict=True))
    with np.errstate(invalid="ignore"):
        expected = jensenshannon(then, now, base=2)
    assert jensen_shannon_distance(then, now) == pytest.approx(0 if math.isnan(expected) else expected, abs=1e-7)


@pytest.mark.parametrize(("then", "now"), [([5, 5], [1, 9]), ([3, 4, 5], [9, 1, 2]), ([1, 0], [0, 1])])
def test_jensen_shannon_by_scipy_to_nine_digits(then: list[int], now: list[int]) -> None:
    expected = jensenshannon(then, now, base=2)
    assert jensen_shannon_distance(np.asarray(then), np.asarray(now)) == pytest.approx(expected, abs=1e-9)


def test_population_stability_index_by_hand() -> None:
    """(0.5 - 0.2) ln(0.5 / 0.2) + (0.5 - 0.8) ln(0.5 / 0.8) = 0.3 ln 4."""
    assert population_stability_index(np.asarray([20, 80]), np.asarray([5, 5])) == pytest.approx(0.3 * math.log(4))
    assert population_stability_index(np.asarray([1, 3]), np.asarray([2, 6])) == 0
    empty = population_stability_index(np.asarray([10, 0]), np.asarray([5, 5]))
    assert empty == pytest.approx((0.5 - 1) * math.log(0.5) + (0.5 - 1e-4) * math.log(0.5 / 1e-4))


@settings(max_examples=40)
@given(SAMPLES, SAMPLES, st.integers(1, 5))
def test_kolmogorov_smirnov_is_scipys(then: list[float], now: list[float], size: int) -> None:
    values = sorted(set(then) | set(now))
    both = [(then.count(value), now.count(value)) for value in values]
    pieces = [
        tuple(np.asarray(side) for side in zip(*both[start : start + size], strict=True))
        for start in range(0, len(both), size)
    ]
    statistic = kolmogorov_smirnov(pieces, len(then), len(now))  # type: ignore[arg-type]  # pairs of arrays
    expected = ks_2samp(then, now, method="asymp")
    assert statistic == pytest.approx(expected.statistic, abs=1e-9)
    assert kolmogorov_smirnov_p(statistic, len(then), len(now)) == pytest.approx(expected.pvalue, abs=1e-9)


def test_drift_of_numbers_by_the_quantiles_of_before() -> None:
    before = {"x": [*map(float, range(1, 101)), None]}
    same = outcome_of(before, "drift", ("x",), earlier=before)
    assert counts(same) == (101, 0)
    assert same.detail["value"] == 0
    assert [bin_["before"] for bin_ in same.detail["bins"]] == [0.1] * 10
    assert same.detail["empty_share"] == pytest.approx(1 / 101)
    now = {"x": [5.0] * 40 + [95.0] * 60}
    moved = outcome_of(now, "drift", ("x",), {"bins": 2, "limit": 0.01}, earlier=before)
    assert counts(moved) == (100, 100)
    assert moved.detail["value"] == pytest.approx((0.4 - 0.5) * math.log(0.8) + (0.6 - 0.5) * math.log(1.2))
    assert [bin_["label"] for bin_ in moved.detail["bins"]] == ["≤ 50.5", "> 50.5"]


def test_drift_of_texts_keeps_the_most_frequent_apart() -> None:
    before, now = {"c": ["UK"] * 6 + ["DE"] * 3 + ["FR"]}, {"c": ["UK"] * 2 + ["DE"] * 3 + ["JP"] * 5}
    outcome = outcome_of(now, "drift", ("c",), {"measure": "js", "categories": 2}, earlier=before)
    assert outcome.detail["value"] == pytest.approx(jensenshannon([6, 3, 1], [2, 3, 5], base=2), abs=1e-9)
    assert outcome.detail["bins"] == [
        {"label": "UK", "before": 0.6, "now": 0.2},
        {"label": "DE", "before": 0.3, "now": 0.3},
        {"label": "all others", "before": 0.1, "now": 0.5},
    ]
    assert outcome.passed is False


def test_labels_of_masked_columns_are_not_quoted() -> None:
    texts, numbers = {"c": ["Ada", "Alan"]}, {"c": [1.0, 2.0, 3.0]}
    outcome = outcome_of(texts, "drift", ("c",), earlier=texts, masked=["c"])
    assert [bin_["label"] for bin_ in outcome.detail["bins"]] == ["A••", "A•••", "all others"]
    outcome = outcome_of(numbers, "drift", ("c",), {"bins": 2}, earlier=numbers, masked=["c"])
    assert [bin_["label"] for bin_ in outcome.detail["bins"]] == ["bin 1", "bin 2"]


@settings(max_examples=12)
@given(SAMPLES, SAMPLES, st.lists(st.sampled_from([None, math.nan]), max_size=3))
def test_the_statistic_of_the_check_is_that_of_the_values(
    then: list[float], now: list[float], holes: list[Any]
) -> None:
    def table(values: list[Any]) -> dict[str, Any]:
        return {"x": pa.array(values, pa.float64(), from_pandas=False)}

    outcome = outcome_of(table(now + holes), "drift", ("x",), {"measure": "ks", "limit": 0.3}, earlier=table(then))
    expected = ks_2samp(then, now, method="asymp")
    assert outcome.detail["value"] == pytest.approx(expected.statistic, abs=1e-9)
    assert outcome.detail["p_value"] == pytest.approx(expected.pvalue, abs=1e-9)
    assert outcome.passed is bool(outcome.detail["value"] <= 0.3)


@pytest.mark.parametrize(
    ("now", "before", "measure", "words"),
    [
        ({"x": ["a"]}, {"x": ["a"]}, "ks", "compares numbers"),
        ({"x": ["a"]}, {"x": [1]}, "psi", "Numbers are compared with numbers"),
        ({"x": [1]}, {"y": [1]}, "psi", "not in the snapshot before"),
        ({"x": pa.array([None], pa.int64())}, {"x": [1]}, "psi", "no value in the column"),
        ({"x": [1]}, {"x": pa.array([math.nan])}, "ks", "no value in the column"),
    ],
)
def test_what_cannot_be_compared_is_not_measured(now: Any, before: Any, measure: str, words: str) -> None:
    outcome = outcome_of(now, "drift", ("x",), {"measure": measure}, earlier=before)
    assert words in outcome.error
    assert outcome.passed is None


@pytest.mark.parametrize("kind", [pa.int64(), pa.int8(), pa.decimal128(10, 2), pa.float32()])
@pytest.mark.parametrize("measure", ["psi", "ks", "js"])
def test_any_kind_of_number(kind: pa.DataType, measure: str) -> None:
    columns = {"x": pa.array([1, 2, 3, 4], kind)}
    outcome = outcome_of(columns, "drift", ("x",), {"measure": measure}, earlier=columns)
    assert (outcome.detail["value"], outcome.passed) == (0, True)


def test_one_value_against_one_has_no_p_value() -> None:
    assert outcome_of({"x": [1]}, "drift", ("x",), {"measure": "ks"}, earlier={"x": [1]}).detail["p_value"] is None


def test_one_value_alone_and_flags_have_distributions_too() -> None:
    one = {"x": [7.0, 7.0]}
    assert outcome_of(one, "drift", ("x",), earlier=one).detail["value"] == 0
    flags = outcome_of({"x": [True, False]}, "drift", ("x",), {"measure": "js"}, earlier={"x": [True, True]})
    assert flags.detail["value"] == pytest.approx(jensenshannon([2, 0], [1, 1], base=2), abs=1e-9)
