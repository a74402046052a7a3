"""Order of times and ties in time, by hand and against plain Python; the future in freshness."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.quality.conftest import NOW
from tests.assessments.quality.tables.measuring import counts, outcome_of

DAY = datetime(2024, 5, 1)  # noqa: DTZ001  no zone


def at(*hours: int | None) -> list[datetime | None]:
    return [None if hour is None else DAY + timedelta(hours=hour) for hour in hours]


def test_a_time_before_the_one_before_it_fails() -> None:
    columns = {"user": ["a", "b", "a", "a", "b", None, "a"], "time": at(1, 5, 3, 2, 5, 1, None)}
    outcome = outcome_of(columns, "time_order", ("time",), roles={"user": "user"})
    assert counts(outcome) == (5, 1)
    assert outcome.detail == {"groups": 2, "groups_in_violation": 1}
    assert outcome.sample[0]["row"] == 4


def test_the_sequence_says_what_comes_first_and_equal_places_take_the_order_of_time() -> None:
    columns = {"order": [1, 1, 1, 1], "step": [3, 2, 2, 1], "time": at(3, 2, 1, 0)}
    rule = {"within": ["order"], "sequence": "step"}
    assert counts(outcome_of(columns, "time_order", ("time",), rule)) == (4, 0)
    columns["time"] = at(0, 2, 1, 0)
    assert counts(outcome_of(columns, "time_order", ("time",), rule)) == (4, 1)


def test_order_without_a_key_asks_for_one() -> None:
    error = outcome_of({"time": at(1)}, "time_order", ("time",)).error
    assert "“within” is missing" in error
    assert "role “user”" in error


def test_last_events_at_one_time_are_tied() -> None:
    """a ends with two at one time, b not; c has one event and cannot be split; d's tie is older."""
    columns = {
        "user": ["a", "a", "a", "b", "b", "c", "d", "d", "d", None],
        "time": at(1, 2, 2, 1, 2, 1, 1, 1, 3, 1),
    }
    outcome = outcome_of(columns, "time_ties", roles={"user": "user", "time": "time"})
    assert counts(outcome) == (3, 1)
    assert outcome.detail == {
        "users": 4,
        "share_of_all_users": 0.25,
        "rows": 9,
        "rows_in_ties": 4,
        "share_of_rows_in_ties": 4 / 9,
    }
    assert outcome.sample[0]["values"] == {"user": "a", "time": "2024-05-01T02:00:00"}
    two = outcome_of(columns, "time_ties", ("time",), {"user": "user", "last": 2})
    assert counts(two) == (2, 1)
    assert two.sample[0]["values"]["user"] == "d"


def test_ties_without_roles_ask_for_columns() -> None:
    assert "role “user”" in outcome_of({"t": at(1)}, "time_ties", ("t",)).error
    assert "role “time”" in outcome_of({"u": ["a"]}, "time_ties", (), {"user": "u"}).error
    assert "whole number from 1" in outcome_of({"t": at(1)}, "time_ties", ("t",), {"user": "t", "last": 0}).error


EVENTS = st.lists(
    st.tuples(st.sampled_from([None, "a", "b", "c"]), st.sampled_from([None, 0, 1, 2, 3]), st.integers(0, 3)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=15)
@given(EVENTS, st.integers(1, 4))
def test_ties_and_order_agree_with_python(events: list[tuple[Any, ...]], last: int) -> None:
    columns = {
        "user": pa.array([user for user, _hour, _place in events], pa.string()),
        "time": pa.array(at(*(hour for _user, hour, _place in events)), pa.timestamp("us")),
        "place": pa.array([place for _user, _hour, place in events], pa.int64()),
    }
    by_user: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for user, hour, place in events:
        if user is not None and hour is not None:
            by_user[user].append((place, hour))
    long = [sorted(hour for _place, hour in rows) for rows in by_user.values() if len(rows) > last]
    ties = outcome_of(columns, "time_ties", ("time",), {"user": "user", "last": last})
    if long:
        assert counts(ties) == (len(long), sum(hours[-last] == hours[-last - 1] for hours in long))
    else:
        assert ties.passed is None
    order = outcome_of(columns, "time_order", ("time",), {"within": "user", "sequence": "place"})
    if by_user:
        pairs = [pair for rows in by_user.values() for pair in zip(sorted(rows), sorted(rows)[1:], strict=False)]
        assert counts(order) == (sum(map(len, by_user.values())), sum(b[1] < a[1] for a, b in pairs))


def test_rows_in_the_future_make_no_table_fresh_and_are_told_apart() -> None:
    now = NOW.replace(tzinfo=None)
    columns = {"time": [now - timedelta(days=9), now + timedelta(days=4_000), None]}
    outcome = outcome_of(columns, "freshness", ("time",), {"max_age": "7d"})
    assert counts(outcome) == (1, 1)
    assert outcome.detail["future_rows"] == 1
    assert outcome.detail["newest"] == (now - timedelta(days=9)).isoformat()
    assert "not after now" in outcome.meaning
    assert "future are counted apart" in outcome.meaning
