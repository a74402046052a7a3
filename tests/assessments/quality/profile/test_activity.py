"""Long tail, sessions and events over time against plain Python and published figures."""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.common.progress import silent
from assessments.quality.profile.activity import activity_of, spread
from assessments.quality.scanner import scanner_open

START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
ROLES = {"user": "u", "item": "i", "time": "t"}


def activity(rows: list[dict[str, Any]], folder: Path, roles: dict[str, str] | None = None) -> dict[str, Any]:
    schema = pa.schema([("u", pa.string()), ("i", pa.string()), ("t", pa.timestamp("us")), ("s", pa.string())])
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "t.parquet")
    with scanner_open(folder / "t.parquet") as scanner:
        return activity_of(scanner.table, roles or ROLES, "interactions", scanner.runner, silent)


def test_gini_of_known_distributions() -> None:
    assert spread({5: 10})["gini"] == pytest.approx(0.0)
    assert spread({0: 9, 7: 1})["gini"] == pytest.approx(0.9)  # 1 - 1/n when one has everything
    # 1, 2, ..., n: (n - 1) / (3 n), by the sums of integers and squares
    assert spread(dict.fromkeys(range(1, 11), 1))["gini"] == pytest.approx(9 / 30)
    assert spread({})["count"] == 0


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60))
def test_spread_is_that_of_all_pairs(sizes: list[int]) -> None:
    found = spread(Counter(sizes))
    n, total = len(sizes), sum(sizes)
    differences = sum(abs(a - b) for a in sizes for b in sizes)
    assert found["gini"] == pytest.approx(differences / (2 * n * total))  # the mean difference over twice the mean
    top = sorted(sizes, reverse=True)[: math.ceil(n / 100)]
    assert found["top_share"] == pytest.approx(sum(top) / total)
    assert (found["least"], found["most"], found["once"]) == (min(sizes), max(sizes), sizes.count(1))
    assert found["quartiles"][1] == sorted(sizes)[math.ceil(n / 2) - 1]
    assert found["curve"][-1] == [1.0, 1.0]


def sessions_in_python(rows: list[dict[str, Any]]) -> int:
    by_user: dict[str, list[datetime]] = {}
    for row in rows:
        if row["u"] is not None and row["t"] is not None:
            by_user.setdefault(row["u"], []).append(row["t"])
    begun = 0
    for times in by_user.values():
        times.sort()
        begun += 1 + sum(b - a > timedelta(minutes=30) for a, b in pairwise(times))
    return begun


@settings(max_examples=20)
@given(
    events=st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.one_of(st.none(), st.integers(0, 40))), max_size=30)
)
def test_sessions_end_after_thirty_minutes(events: list[tuple[str | None, int | None]], tmp_path_factory: Any) -> None:
    rows = [
        {"u": user, "i": "x", "t": None if step is None else START + timedelta(minutes=10 * step)}
        for user, step in events
    ]
    found = activity(rows, tmp_path_factory.mktemp("activity"))["sessions"]
    assert found["count"] == sessions_in_python(rows)
    assert found["events"] == sum(row["u"] is not None and row["t"] is not None for row in rows)


def test_sessions_of_their_own_column(tmp_path: Path) -> None:
    rows = [{"u": "a", "i": "x", "t": START, "s": name} for name in ["one", "one", "two", None]]
    found = activity(rows, tmp_path, ROLES | {"session": "s"})["sessions"]
    assert found == {"by": "column", "column": "s", "events": 3, "count": 2, "mean": 1.5}


def test_events_are_counted_by_day_and_by_month_where_days_are_too_many(tmp_path: Path) -> None:
    days = [0, 0, 2]
    rows = [{"u": "a", "i": "x", "t": START + timedelta(days=day)} for day in days] + [{"u": "a", "i": "x", "t": None}]
    events = activity(rows, tmp_path)["events"]
    assert (events["unit"], events["periods"], events["counts"], events["filled"]) == (
        "day",
        ["2026-01-01", "2026-01-03"],
        [2, 1],
        3,
    )
    rows = [{"u": "a", "i": "x", "t": START + timedelta(days=day)} for day in range(1_200)]
    events = activity(rows, tmp_path)["events"]
    assert (events["unit"], events["periods"][0], events["counts"][:2]) == ("month", "2026-01", [31, 28])
    assert sum(events["counts"]) == 1_200


def test_users_and_items_without_a_name_are_left_out(tmp_path: Path) -> None:
    rows = [{"u": user, "i": "x", "t": START} for user in ["a", "a", "b", None]]
    found = activity(rows, tmp_path)
    assert (found["users"]["count"], found["users"]["events"], found["items"]["count"]) == (2, 3, 1)
