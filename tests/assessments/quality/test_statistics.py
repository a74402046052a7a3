"""Different values and statistics of a whole column, against plain Python."""

import math
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.quality.specs import Outcome, RuleSpec
from tests.assessments.quality.test_oracle import NUMBERS, WORDS, run

Measure = Callable[..., Outcome]
FINITE = st.floats(-1e6, 1e6)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.one_of(st.none(), WORDS), NUMBERS), min_size=1, max_size=30))
def test_distinct_values_agree_with_python(pairs: list[tuple[str | None, float | None]]) -> None:
    words = {word for word, _number in pairs if word is not None}
    numbers = {"nan" if math.isnan(number) else number for _word, number in pairs if number is not None}
    rules = [
        RuleSpec("words", "distinct_count", ("w",), {"min": 5}),
        RuleSpec("numbers", "distinct_count", ("x",), {"max": 2}),
    ]
    found = run([(word, number, None, None) for word, number in pairs], rules)
    filled = sum(word is not None for word, _number in pairs)
    if filled:
        assert found["words"].detail["distinct"] == len(words)
        assert (found["words"].rows_checked, found["words"].passed) == (filled, len(words) >= 5)
    if numbers:
        assert found["numbers"].detail["distinct"] == len(numbers)
        assert found["numbers"].passed is (len(numbers) <= 2)


@settings(max_examples=15)
@given(st.lists(st.one_of(st.none(), FINITE, st.sampled_from([math.nan, math.inf, -math.inf])), max_size=30))
def test_statistics_agree_with_python(values: list[float | None]) -> None:
    numbers = [value for value in values if value is not None and math.isfinite(value)]
    wanted = {"mean": statistics.fmean, "sum": math.fsum, "min": min, "max": max, "deviation": statistics.stdev}
    rules = [RuleSpec(name, "statistic", ("x",), {"statistic": name, "min": -1e9}) for name in wanted]
    found = run([(None, value, None, None) for value in values], rules)
    for name, of in wanted.items():
        assert found[name].rows_checked == len(numbers)
        if len(numbers) > 1:
            assert found[name].detail["value"] == pytest.approx(of(numbers), rel=1e-9, abs=1e-6)  # type: ignore[operator]
            assert found[name].detail["left_out_rows"] == len(values) - len(numbers)
            assert found[name].passed is True


def test_all_rows_fail_together_when_the_statistic_is_out_of_bounds(measure: Measure) -> None:
    outcome = measure({"x": [1.0, 2.0, 6.0, None]}, "statistic", ("x",), {"max": 2.5})
    assert (outcome.rows_checked, outcome.rows_failing, outcome.detail["value"]) == (3, 3, 3.0)
    assert measure({"x": ["1", "2", "many"]}, "statistic", ("x",), {"statistic": "sum", "min": 3}).passed is True
    outcome = measure({"u": ["a", "b", "a", None]}, "distinct_count", ("u",), {"min": 3})
    assert (outcome.rows_checked, outcome.rows_failing, outcome.detail["distinct"]) == (3, 3, 2)


@pytest.mark.parametrize("check", ["statistic", "distinct_count"])
def test_a_rule_without_a_bound_or_with_bounds_the_wrong_way_round_is_refused(measure: Measure, check: str) -> None:
    assert "no bound" in measure({"x": [1.0]}, check, ("x",)).error
    assert "min" in measure({"x": [1.0]}, check, ("x",), {"min": 3, "max": 2}).error
