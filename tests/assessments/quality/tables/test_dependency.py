"""One code, one description; and codes that are written in several ways."""

import math
from collections import Counter, defaultdict
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.quality.tables.measuring import counts, outcome_of

CODES = {
    "code": ["A", "A", "A", "B", "B", "C", "C", None, "D"],
    "text": ["tea", "tea", "Tea", "pot", "jug", "cup", None, "x", None],
}
WORDS = st.sampled_from([None, "a", "A", "b", "红茶", ""])
FLOATS = st.sampled_from([None, math.nan, 0.0, -0.0, 1.5])
ROWS = st.lists(st.tuples(WORDS, FLOATS, st.sampled_from([None, "x", "y", "z"])), min_size=1, max_size=25)


def test_surplus_counts_the_rows_without_the_most_frequent_description() -> None:
    """A has one odd row; B has two descriptions once each, of which the first in order ("jug") is kept."""
    outcome = outcome_of(CODES, "functional_dependency", ("code",), {"dependent": "text"})
    assert counts(outcome) == (6, 2)
    assert outcome.detail == {
        "groups": 3,
        "groups_in_violation": 2,
        "most_values_of_one_group": 2,
        "rows_with_an_empty_value": 2,
    }
    assert [row["row"] for row in outcome.sample] == [3, 4]
    assert outcome.sample[0]["values"] == {"code": "A", "text": "Tea"}
    assert "most frequent" in outcome.meaning


def test_members_counts_all_rows_of_a_code_with_several() -> None:
    outcome = outcome_of(CODES, "functional_dependency", ("code",), {"dependent": "text", "count": "members"})
    assert counts(outcome) == (6, 5)


def test_empty_descriptions_fail_when_told_so() -> None:
    outcome = outcome_of(CODES, "functional_dependency", ("code",), {"dependent": "text", "nulls": "fail"})
    assert counts(outcome) == (8, 4)
    assert [row["row"] for row in outcome.sample] == [3, 4, 7, 9]


def test_a_column_does_not_decide_itself_and_a_missing_one_is_named() -> None:
    assert "cannot decide itself" in outcome_of(CODES, "functional_dependency", ("code",), {"dependent": "code"}).error
    assert "“txt”" in outcome_of(CODES, "functional_dependency", ("code",), {"dependent": "txt"}).error


def test_values_of_persons_are_masked() -> None:
    columns = {"code": ["A", "A"], "name": ["Ada Lovelace", "Alan Turing"]}
    outcome = outcome_of(columns, "functional_dependency", ("code",), {"dependent": "name"}, masked=["name"])
    assert outcome.sample[0]["values"] == {"code": "A", "name": "A" + "•" * 10}


@pytest.mark.parametrize("name", ["row", "n", "k0", "value", "kinds", "place", "checked", "file_row_number"])
def test_columns_named_like_our_own_are_no_trouble(name: str) -> None:
    outcome = outcome_of(
        {name: ["A", "A"], "text": ["x", "y"]}, "functional_dependency", (name,), {"dependent": "text"}
    )
    assert counts(outcome) == (2, 1)
    assert outcome.sample[0]["values"]["text"] == "y"


def _expected(pairs: list[tuple[Any, Any]], count: str, nulls: str) -> tuple[int, int]:
    """Checked and failing by plain Python; keys are complete, an empty value is None."""
    groups: dict[Any, Counter[Any]] = defaultdict(Counter)
    empty = 0
    for key, value in pairs:
        if value is None:
            empty += 1
        else:
            groups[key][value] += 1
    several = [group for group in groups.values() if len(group) > 1]
    failing = sum(sum(group.values()) - (max(group.values()) if count == "surplus" else 0) for group in several)
    checked = sum(sum(group.values()) for group in groups.values())
    return (checked + empty, failing + empty) if nulls == "fail" else (checked, failing)


@settings(max_examples=20)
@given(ROWS, st.sampled_from(["surplus", "members"]), st.sampled_from(["skip", "fail"]))
def test_dependencies_agree_with_python(rows: list[tuple[Any, ...]], count: str, nulls: str) -> None:
    columns = {
        "w": pa.array([row[0] for row in rows], pa.string()),
        "x": pa.array([row[1] for row in rows], pa.float64(), from_pandas=False),
        "d": pa.array([row[2] for row in rows], pa.string()),
    }
    complete = [
        ((word, number), value)
        for word, number, value in rows
        if word is not None and number is not None and not math.isnan(number)
    ]
    outcome = outcome_of(
        columns, "functional_dependency", ("w", "x"), {"dependent": "d", "count": count, "nulls": nulls}
    )
    expected = _expected(complete, count, nulls)
    if expected[0] == 0:
        assert outcome.passed is None
    else:
        assert counts(outcome) == expected


def test_codes_that_differ_in_case_or_space_alone_collide() -> None:
    columns = {"code": ["15056bl", "15056BL", "15056BL", "a 1", "A1", "B2", None]}
    outcome = outcome_of(columns, "code_collision", ("code",))
    assert counts(outcome) == (6, 1)
    assert outcome.sample[0] == {"row": 1, "values": {"code": "15056bl"}}
    both = outcome_of(columns, "code_collision", ("code",), {"ignore": "case_and_space", "count": "members"})
    assert counts(both) == (6, 5)
    assert both.detail["groups_in_violation"] == 2
    assert counts(outcome_of(columns, "code_collision", ("code",), {"ignore": "space"})) == (6, 0)


def test_numbers_have_no_collisions() -> None:
    assert "not texts" in outcome_of({"code": [1, 2]}, "code_collision", ("code",)).error
