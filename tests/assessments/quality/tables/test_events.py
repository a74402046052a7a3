"""Balance of classes, cold users and items, and leakage between test and training."""

from collections import Counter
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.quality.tables.measuring import counts, outcome_of


def test_balance_of_classes() -> None:
    columns = {"bought": [True] * 2 + [False] * 98 + [None]}
    outcome = outcome_of(columns, "label_balance", ("bought",), {"min_share": 0.02})
    assert counts(outcome) == (100, 0)
    assert (outcome.detail["rarest_share"], outcome.detail["most_frequent_share"]) == (0.02, 0.98)
    assert counts(outcome_of(columns, "label_balance", ("bought",), {"min_share": 0.03})) == (100, 100)
    assert counts(outcome_of(columns, "label_balance", ("bought",), {"max_share": 0.97})) == (100, 100)
    assert counts(outcome_of(columns, "label_balance", ("bought",), {"classes": 3})) == (100, 100)
    assert counts(outcome_of({"x": ["one"] * 3}, "label_balance", ("x",))) == (3, 3)


def test_users_with_few_events_are_cold() -> None:
    columns = {"user": ["a", "b", "a", None, "c", "a", "c"]}
    outcome = outcome_of(columns, "cold_start", ("user",), {"min_events": 2})
    assert counts(outcome) == (3, 1)
    assert outcome.detail == {"rows": 6, "rows_of_cold": 1, "fewest_rows": 1, "most_rows": 3}
    assert outcome.sample[0] == {"row": 2, "values": {"user": "b"}}
    assert "not rows" in outcome.meaning


def test_items_that_no_event_has() -> None:
    items = {"id": [1, 2, 3, 3, None]}
    outcome = outcome_of(
        {"item": [1, 1, 9, None]},
        "never_seen",
        ("item",),
        {"dataset": "items", "column": "id"},
        others={"items": items},
    )
    assert counts(outcome) == (3, 2)
    assert sorted(row["values"]["item"] for row in outcome.sample) == [2, 3]


TRAIN = {"user": ["a", "b", None, "c"], "item": [1, 2, 3, None], "note": ["Red  Tea", "x", "y", "z"]}


def test_pairs_of_the_test_set_that_training_has() -> None:
    test = {"user": ["a", "a", None, "b", "c"], "item": [1, 2, 3, 2, 5]}
    outcome = outcome_of(test, "leakage", ("user", "item"), {"dataset": "train"}, others={"train": TRAIN})
    assert counts(outcome) == (4, 2)
    assert [row["row"] for row in outcome.sample] == [1, 4]


def test_texts_that_are_nearly_those_of_training() -> None:
    test = {"text": ["red tea", "RED TEA", "green tea", None]}
    rule = {"dataset": "train", "their_columns": "note"}
    assert counts(outcome_of(test, "leakage", ("text",), rule, others={"train": TRAIN})) == (3, 0)
    loose = outcome_of(test, "leakage", ("text",), {**rule, "match": "loose"}, others={"train": TRAIN})
    assert counts(loose) == (3, 2)
    assert loose.sample[0]["values"] == {"text": "red tea"}
    near = outcome_of(
        {"x": [0.1 + 0.2]}, "leakage", ("x",), {"dataset": "t", "match": "loose"}, others={"t": {"x": [0.3]}}
    )
    assert counts(near) == (1, 1)


def test_rows_after_a_cut_that_are_found_before_it() -> None:
    columns = {
        "user": ["a", "b", "a", "c", "b"],
        "item": [1, 2, 1, 1, 3],
        "time": [datetime(2024, 1, day) for day in (1, 2, 3, 3, 4)],  # noqa: DTZ001  no zone
    }
    outcome = outcome_of(columns, "leakage", ("user", "item"), {"cut": "2024-01-03", "time": "time"})
    assert counts(outcome) == (3, 1)
    assert outcome.sample[0]["row"] == 3
    zoned = outcome_of(columns, "leakage", ("user",), {"cut": "2024-01-03T08:00:00+08:00"}, roles={"time": "time"})
    assert counts(zoned) == (3, 2)


def test_leakage_needs_one_of_two_places_to_look() -> None:
    assert "either “dataset” or “cut”" in outcome_of(TRAIN, "leakage", ("user",)).error
    assert "cannot be soon" in outcome_of(TRAIN, "leakage", ("user",), {"cut": "soon"}).error
    mixed = outcome_of(TRAIN, "leakage", ("user",), {"dataset": "t"}, others={"t": {"user": [1]}})
    assert "never equal" in mixed.error


def test_a_test_set_that_begins_before_training_ends() -> None:
    days = [datetime(2024, 1, day) for day in (1, 2, 3)]  # noqa: DTZ001  no zone
    outcome = outcome_of(
        {"t": [*days, None]},
        "time_leakage",
        ("t",),
        {"dataset": "train", "column": "when"},
        others={"train": {"when": days[:2]}},
    )
    assert counts(outcome) == (3, 2)
    assert outcome.detail["newest_of_training"] == "2024-01-02T00:00:00"


FEW = st.sampled_from([None, "a", "b", "c", "A"])


@settings(max_examples=12)
@given(st.lists(st.tuples(FEW, FEW), min_size=1, max_size=20), st.lists(st.tuples(FEW, FEW), max_size=10))
def test_counts_agree_with_python(test: list[tuple[Any, Any]], train: list[tuple[Any, Any]]) -> None:
    def table(rows: list[tuple[Any, Any]]) -> dict[str, Any]:
        return {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate("ui")}

    there = [row for row in test if None not in row]
    known = {row for row in train if None not in row}
    outcome = outcome_of(table(test), "leakage", ("u", "i"), {"dataset": "t"}, others={"t": table(train)})
    if there:
        assert counts(outcome) == (len(there), sum(row in known for row in there))
    users = Counter(user for user, _item in test if user is not None)
    if users:
        cold = outcome_of(table(test), "cold_start", ("u",), {"min_events": 3})
        assert counts(cold) == (len(users), sum(n < 3 for n in users.values()))
    items = {item for _user, item in train if item is not None}
    if items:
        unseen = outcome_of(table(test), "never_seen", ("i",), {"dataset": "t"}, others={"t": table(train)})
        assert counts(unseen) == (len(items), len(items - {item for _user, item in test}))
        assert unseen.passed is (unseen.rows_failing == 0)


@pytest.mark.parametrize("check", ["cold_start", "label_balance"])
def test_an_empty_column_is_not_measured(check: str) -> None:
    assert "Nothing was checked" in outcome_of({"x": pa.array([None], pa.string())}, check, ("x",)).error
