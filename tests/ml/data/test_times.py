"""Ways of writing one moment, and the ways that are refused with their row."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ml.data.columns import identifier
from ml.data.interactions import DAY
from ml.data.times import TimeReader
from ml.errors import DataError

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
MOMENT = dt.datetime(2011, 10, 10, 16, 26, tzinfo=SHANGHAI)
SECONDS = 1_318_235_160
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


@pytest.mark.parametrize(
    "values",
    [
        *(pa.array([SECONDS * per]).cast(pa.timestamp(unit)) for unit, per in UNITS.items()),
        *(pa.array([MOMENT], pa.timestamp(unit, "Asia/Shanghai")) for unit in UNITS),
        pa.array(["2011-10-10T08:26:00Z"]),
        pa.array([" 2011-10-10 08:26 "]).dictionary_encode(),
        pa.array(["2011-10-10T16:26:00+08:00"], pa.large_string()),
        *(pa.array([SECONDS * per]) for per in UNITS.values()),
        pa.array([float(SECONDS)]),
        pa.array([str(SECONDS)]),
    ],
)
def test_one_moment_is_read_alike_however_it_is_written(values: pa.Array) -> None:
    times, present = TimeReader("t").read(values, 1)
    assert present.tolist() == [True]
    assert times.tolist() == [SECONDS * 1_000_000]


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.string()])
def test_a_day_written_as_eight_digits_is_that_day_and_no_second_of_1970(kind: pa.DataType) -> None:
    times, present = TimeReader("t").read(pa.array([20111010, None, 20120229]).cast(kind), 1)
    assert present.tolist() == [True, False, True]
    days = times.view("datetime64[us]")[[0, 2]].astype("datetime64[D]")
    assert [str(day) for day in days] == ["2011-10-10", "2012-02-29"]
    assert times[0] % DAY == 0


def test_a_day_that_the_calendar_lacks_is_refused_with_its_row() -> None:
    with pytest.raises(DataError, match="20110229") as caught:
        TimeReader("t").read(pa.array([20111010, 20110229]), 1)
    assert caught.value.where == "column t, row 2"


@pytest.mark.parametrize(
    ("first", "then"),
    [([str(SECONDS)], ["2011-10-10"]), ([str(SECONDS)], ["soon"]), (["2011-10-10"], [str(SECONDS)])],
)
def test_a_column_that_changes_its_way_of_writing_is_refused_with_its_row(first: list[str], then: list[str]) -> None:
    reader = TimeReader("t")
    reader.read(pa.array(first), 1)
    reader.read(pa.array([None], pa.string()), 2)
    with pytest.raises(DataError) as caught:
        reader.read(pa.array(then), 500_001)
    assert caught.value.where == "column t, row 500001"


@pytest.mark.parametrize(
    "values",
    [
        pa.array([dt.timedelta(days=1)]),
        pa.array([dt.time(8, 26)]),
        pa.array([True]),
        pa.array([[1]]),
        pa.array([9_300_000_000_000], pa.timestamp("s")),  # beyond what 64 bits of microseconds hold
        pa.array([2**62], pa.timestamp("ms")),
        pa.array([np.iinfo(np.int64).max]),
        pa.array(["10/12/2011"]),
    ],
)
def test_what_is_no_time_is_refused_by_name(values: pa.Array) -> None:
    with pytest.raises(DataError) as caught:
        TimeReader("when").read(values, 1)
    assert "when" in caught.value.where
    assert caught.value.hint


@pytest.mark.parametrize(
    ("value", "found"),
    [(17850.0, "17850"), (Decimal("17850.00"), "17850"), (Decimal("1.5"), "1.5"), (float("nan"), None), (" ", None)],
)
def test_an_id_is_the_same_text_from_every_type_of_column(value: Any, found: str | None) -> None:
    assert identifier(value) == found
