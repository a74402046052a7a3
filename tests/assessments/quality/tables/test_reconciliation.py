"""Row counts and sums against another dataset, the number of rows and its change, and the schema."""

import math
from typing import Any

import pyarrow as pa
import pytest

from tests.assessments.quality.tables.measuring import counts, outcome_of

NOTHING = pa.array([], pa.int64())


@pytest.mark.parametrize(
    ("here", "there", "bounds", "expected"),
    [
        (3, 3, {}, (3, 0)),
        (3, 4, {}, (3, 3)),
        (3, 4, {"min_ratio": 0.75}, (3, 0)),
        (3, 2, {"max_ratio": 1.4}, (3, 3)),
        (0, 4, {}, (1, 1)),
        (4, 0, {}, (4, 4)),
        (0, 0, {}, (1, 0)),
    ],
)
def test_row_counts_of_two_datasets(here: int, there: int, bounds: dict[str, float], expected: tuple[int, int]) -> None:
    other = {"b": pa.array(range(there), pa.int64())}
    columns = {"a": pa.array(range(here), pa.int64())}
    outcome = outcome_of(columns, "row_count_matches", (), {"dataset": "b", **bounds}, others={"b": other})
    assert counts(outcome) == expected
    assert (outcome.detail["rows"], outcome.detail["rows_there"]) == (here, there)
    assert outcome.detail["ratio"] == (here / there if there else None)


def test_another_dataset_that_is_not_there_is_named() -> None:
    assert "no dataset “b”" in outcome_of({"a": [1]}, "row_count_matches", (), {"dataset": "b"}).error


def _sums(here: dict[str, Any], there: dict[str, Any], **parameters: Any) -> Any:
    return outcome_of(here, "sum_matches", ("amount",), {"dataset": "paid", **parameters}, others={"paid": there})


def test_sums_as_a_whole() -> None:
    outcome = _sums({"amount": [1, 2, None]}, {"total": [1.5, 1.5]}, column="total")
    assert counts(outcome) == (3, 0)
    assert outcome.detail == {"sum": 3.0, "sum_there": 3.0, "difference": 0.0, "rows_with_nan": 0}
    assert counts(_sums({"amount": [1.0, 2.0]}, {"amount": [3.1]})) == (2, 2)
    assert counts(_sums({"amount": [1.0, 2.0]}, {"amount": [3.1]}, tolerance=0.04)) == (2, 0)
    assert counts(_sums({"amount": [1.0, math.nan]}, {"amount": [1.0]})) == (2, 2)
    assert counts(_sums({"amount": pa.array([], pa.float64())}, {"amount": [0.0]})) == (1, 0)


def test_sums_by_key_count_keys() -> None:
    here = {"order": [1, 1, 2, 3, None], "amount": [5.0, 5.0, 7.0, 0.0, 9.0]}
    there = {"id": [1, 2, 4, 5], "amount": [10.0, 8.0, 1.0, 0.0]}
    outcome = _sums(here, there, by=["order"], their_by=["id"])
    assert counts(outcome) == (5, 2)
    assert outcome.detail == {"keys_missing_there": 1, "keys_missing_here": 2}
    assert sorted(row["values"]["order"] for row in outcome.sample) == [2, 4]
    assert "Keys" in outcome.meaning


def test_nan_fails_its_key_alone() -> None:
    here = {"order": [1, 1, 2, 3], "amount": [5.0, math.nan, 7.0, math.nan]}
    outcome = _sums(here, {"order": [1, 2], "amount": [5.0, 7.0]}, by="order")
    assert counts(outcome) == (3, 2)
    assert outcome.detail == {"keys_missing_there": 1, "keys_missing_here": 0}


def test_sums_that_cannot_be_compared_are_refused() -> None:
    assert "not numbers" in _sums({"amount": ["a"]}, {"amount": [1]}).error
    assert "never equal" in _sums({"k": ["1"], "amount": [1]}, {"k": [1], "amount": [1]}, by="k").error
    assert "different numbers" in _sums({"k": ["1"], "amount": [1]}, {"k": [1], "amount": [1]}, their_by="k").error
    assert "share from 0 to 1" in _sums({"amount": [1]}, {"amount": [1]}, tolerance=-1).error


@pytest.mark.parametrize(
    ("rows", "bounds", "expected"),
    [
        (3, {"min": 3}, (3, 0)),
        (3, {"min": 4}, (3, 3)),
        (3, {"max": 2}, (3, 3)),
        (0, {"min": 1}, (1, 1)),
        (0, {"max": 5}, (1, 0)),
        (3, {"min": 1, "max": 3}, (3, 0)),
    ],
)
def test_volume(rows: int, bounds: dict[str, int], expected: tuple[int, int]) -> None:
    outcome = outcome_of({"a": pa.array(range(rows), pa.int64())}, "volume", (), bounds)
    assert counts(outcome) == expected
    assert outcome.detail["rows"] == rows


def test_volume_needs_bounds_in_order() -> None:
    assert "no bound" in outcome_of({"a": [1]}, "volume").error
    assert "greater than" in outcome_of({"a": [1]}, "volume", (), {"min": 3, "max": 2}).error


def test_change_of_volume() -> None:
    before = {"a": [1, 2, 3, 4]}
    assert counts(outcome_of({"a": [1, 2]}, "volume_change", earlier=before)) == (2, 0)
    shrunk = outcome_of({"a": [1]}, "volume_change", earlier=before)
    assert counts(shrunk) == (1, 1)
    assert shrunk.detail == {"rows": 1, "rows_before": 4, "ratio": 0.25}
    assert counts(outcome_of({"a": NOTHING}, "volume_change", earlier=before)) == (1, 1)


@pytest.mark.parametrize("check", ["volume_change", "schema_change", "drift"])
def test_without_a_snapshot_before_nothing_is_measured_and_nothing_passes(check: str) -> None:
    outcome = outcome_of({"a": [1.0]}, check, ("a",) if check == "drift" else ())
    assert (outcome.passed, outcome.fraction, outcome.rows_checked) == (None, None, 0)
    assert outcome.error.startswith("There is nothing to compare with yet")


def test_change_of_schema() -> None:
    before = {"a": [1], "b": ["x"], "c": [1.0], "d": [True]}
    now = {"b": ["x"], "a": [1], "c": [1], "e": [1]}
    outcome = outcome_of(now, "schema_change", earlier=before)
    assert counts(outcome) == (5, 3)
    assert outcome.detail == {"added": ["e"], "removed": ["d"], "retyped": ["c: float64 → int64"]}
    allowed = outcome_of(now, "schema_change", (), {"added": "allow", "order": "fail"}, earlier=before)
    assert counts(allowed) == (5, 4)
    assert allowed.detail["moved"] == ["b", "a"]
    assert counts(outcome_of(before, "schema_change", earlier=before)) == (4, 0)


def test_listed_schema_needs_no_snapshot_before() -> None:
    columns = {"a": [1], "x: y": ["z"], "b": ["x"]}
    listed = ["a: int64", "x: y", "b", "price: float64"]
    outcome = outcome_of(columns, "schema_change", (), {"expected": listed})
    assert counts(outcome) == (4, 1)
    assert outcome.detail["removed"] == ["price"]
    retyped = outcome_of(columns, "schema_change", (), {"expected": ["a: string", "x: y", "b: string"]})
    assert retyped.detail["retyped"] == ["a: string → int64"]
