"""Texts of one kind in several ways: what is read, what is written, what is left alone."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.quality.repairs.discovery.markers import markers
from assessments.quality.repairs.discovery.ways import usual_way
from assessments.quality.repairs.formats import FAMILIES, clocks, days, durations, rewritten


@pytest.mark.parametrize("way", [way for way in clocks.WAYS if "ss" not in way])
def test_every_time_of_day_is_written_and_read_back(way: str) -> None:
    for minutes in range(0, 1440, 7):
        written = clocks.write(minutes * 60, way)
        assert written is not None
        assert {value for value, _way in clocks.read(written)} == {minutes * 60}
        assert way in {found for _value, found in clocks.read(written)}


@given(st.dates(min_value=days.date(1970, 1, 1), max_value=days.date(2060, 12, 31)), st.sampled_from(days.WAYS))
def test_a_written_day_is_among_its_readings(day: days.date, way: str) -> None:
    written = days.write(day, way)
    assert written is not None
    assert (day, way) in days.read(written)


@given(st.integers(1, 5_000), st.sampled_from(durations.WAYS))
def test_a_written_duration_is_read_back(minutes: int, way: str) -> None:
    written = durations.write(minutes, way)
    assert written is not None
    assert {value for value, _way in durations.read(written)} == {minutes}


@given(st.text(max_size=30))
def test_no_text_stops_a_family_and_writing_twice_changes_nothing_more(text: str) -> None:
    ways = {"time": "h:mm a.m.", "date": "m/d/yy", "duration": "100 min", "number": "1234.50", "range": "5-12"}
    ways |= {"zeros": "00000", "separators": "999-9999", "list": ", ", "quantity": "9 kg"}
    for name, family in FAMILIES.items():
        once = rewritten(family, text, ways[name])
        assert rewritten(family, once, ways[name]) == once


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("time", "25:10"),
        ("time", "13:10 p.m."),
        ("time", "between 7:10 and 8:15"),
        ("date", "31/02/2015"),
        ("date", "May 2015"),
        ("number", "1.234.567"),
        ("number", "00123"),
        ("number", "ten"),
        ("range", "12-Foo"),
        ("quantity", "12 oz bottle"),
        ("separators", "12-34"),
    ],
)
def test_what_is_not_of_the_kind_is_not_read(kind: str, text: str) -> None:
    assert not FAMILIES[kind].read(text)


def test_a_column_that_is_ambiguous_as_a_whole_is_left_alone() -> None:
    both = Counter([f"0{1 + n % 9}/0{1 + n % 7}/2015" for n in range(200)] + ["2015-04-20"] * 5)
    assert usual_way(both) is None
    clear = Counter([f"{13 + n % 15}/0{1 + n % 7}/2015" for n in range(200)] + ["2015-04-20", "3 May 2015"])
    found = usual_way(clear)
    assert found is not None
    assert dict(found.changes) == {"2015-04-20": "20/04/2015", "3 May 2015": "03/05/2015"}


def test_codes_get_zeros_only_where_others_have_them() -> None:
    with_zeros = Counter([f"{n:05d}" for n in range(5_000, 25_000, 50)] + ["6012", "7044"])
    found = usual_way(with_zeros)
    assert found is not None
    assert dict(found.changes) == {"6012": "06012", "7044": "07044"}
    assert usual_way(Counter([f"{n}" for n in range(10_000, 30_000, 50)] + ["6012", "7044"])) is None


@pytest.mark.parametrize(
    ("values", "empty", "found"),
    [
        (["N/A"] * 3 + ["12", "14", "17"] * 20, 0, ["N/A"]),
        (["empty"] * 30 + ["98%", "71%"] * 50, 0, []),
        (["empty"] * 30 + ["98%", "71%"] * 50, 9, ["empty"]),
        (["none"] * 30 + ["?"] * 2 + ["12 months", "24 months"] * 50, 0, ["?", "none"]),
        (["-1"] * 8 + [str(n) for n in range(1, 90)], 0, ["-1"]),
        (["-1"] * 8 + [str(n) for n in range(-40, 90)], 0, []),
        (["000"] * 8 + [str(n) for n in range(200, 290)], 0, ["000"]),
        (["000"] * 8 + [f"{n:03d}" for n in range(1, 90)], 0, []),
        (["9999"] * 8 + [str(n) for n in range(1950, 2020)], 0, ["9999"]),
        (["unknown"] * 99 + ["x"], 0, []),
    ],
)
def test_markers_of_missing_values_need_more_than_their_name(values: list[str], empty: int, found: list[str]) -> None:
    assert sorted(markers(Counter(values), empty=empty)) == found
