"""The figures of columns against the standard library and numpy, on tables that hold what breaks figures."""

import math
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.quality.profile import VERSION, profile_of, values
from assessments.quality.profile.values import shape_of
from assessments.quality.scanner import scanner_open


def profile(table: pa.Table, folder: Path, **options: Any) -> dict[str, Any]:
    pq.write_table(table, folder / "t.parquet")
    with scanner_open(folder / "t.parquet") as scanner:
        return profile_of(scanner, **options)


def column(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in found["columns"] if one["name"] == name)


FLOATS = st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf, 0.5, 0.5]))
TEXTS = st.one_of(st.none(), st.text("aB1 -é客", max_size=4))


@settings(max_examples=25)
@given(rows=st.lists(st.tuples(FLOATS, TEXTS), min_size=1, max_size=30))
def test_figures_are_those_of_plain_python(rows: list[tuple[float | None, str | None]], tmp_path_factory: Any) -> None:
    numbers, texts = [row[0] for row in rows], [row[1] for row in rows]
    table = pa.table({"n": pa.array(numbers, pa.float64()), "t": pa.array(texts, pa.string())})
    found = profile(table, tmp_path_factory.mktemp("profile"))
    n, t = column(found, "n"), column(found, "t")
    finite = [one for one in numbers if one is not None and math.isfinite(one)]
    assert (n["nulls"], n.get("not_finite", 0)) == (
        numbers.count(None),
        sum(one is not None and not math.isfinite(one) for one in numbers),
    )
    if finite:
        assert (n["min"], n["max"]) == (min(finite), max(finite))
        assert n["mean"] == pytest.approx(statistics.fmean(finite), abs=1e-6)
        assert n["quartiles"] == pytest.approx(np.quantile(finite, [0.25, 0.5, 0.75]).tolist(), abs=1e-6)
        assert not n["quartiles_sketched"]
    if len(finite) > 1:
        assert n["deviation"] == pytest.approx(statistics.stdev(finite), rel=1e-6, abs=1e-6)
    if "histogram" in n:
        bars = n["histogram"]
        assert sum(bars["counts"]) + bars["below"] + bars["above"] == len(finite)
    filled = [one for one in texts if one is not None]
    assert (t["distinct"], t["distinct_sketched"]) == (len(set(filled)), False)
    if filled:
        lengths = [len(one) for one in filled]
        assert t["lengths"] == pytest.approx([min(lengths), statistics.fmean(lengths), max(lengths)])
        counts = Counter(shape_of(one) for one in filled)
        assert {one["shape"]: one["count"] for one in t["shapes"]}.items() <= counts.items()
        assert t["top"][0]["count"] == Counter(filled).most_common(1)[0][1]
    surplus = len(rows) - len({(str(a), b) for a, b in rows})
    assert found["duplicates"] == {"surplus": surplus} or 0.0 in numbers  # 0.0 and -0.0 are one value


def test_shapes_are_made_of_nines_and_letters() -> None:
    assert shape_of("Ab-12\t客户٣") == "AA-99 AA9"
    assert len(shape_of("x" * 1_000)) == 60


def test_a_larger_table_is_grouped_or_sampled_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "SAMPLE_SIZE", 100)
    monkeypatch.setattr(values, "LEAST_SAMPLE", 100)
    monkeypatch.setattr(values, "GROUPED_DISTINCT", 50)
    rows = 2_000
    table = pa.table(
        {
            "key": [f"K{number:06d}" for number in range(rows)],
            "few": [f"v{number % 7}" for number in range(rows)],
            "size": [number % 10 for number in range(rows)],
        }
    )
    found = profile(table, tmp_path)
    few, key, size = column(found, "few"), column(found, "key"), column(found, "size")
    assert (few["distinct"], few["distinct_sketched"], few["top_of_rows"]) == (7, False, None)
    assert few["top"][0] == {"value": "v0", "count": 286, "share": 286 / rows}
    assert few["shapes"] == [{"shape": "A9", "count": rows, "share": 1.0}]
    assert key["shapes_of_rows"] == key["top_of_rows"] == 100
    assert key["shapes"] == [{"shape": "A999999", "count": 100, "share": 1.0}]
    # The key was proved to be one when repeated rows were looked for.
    assert (key["distinct"], key["distinct_sketched"], found["duplicates"]) == (rows, False, {"surplus": 0})
    assert size["histogram"]["counts"] == [200] * 10
    assert size["histogram"]["edges"][0] == -0.5


def test_a_histogram_far_wider_than_its_values_is_drawn_over_the_middle(tmp_path: Path) -> None:
    prices = [float(number % 100) for number in range(1_000)] + [1e9, -1e9]
    bars = column(profile(pa.table({"price": prices}), tmp_path), "price")["histogram"]
    assert bars["edges"][0] >= 0
    assert bars["edges"][-1] <= 99
    assert (bars["below"] > 0, bars["above"] > 0) == (True, True)
    assert sum(bars["counts"]) + bars["below"] + bars["above"] == 1_002


def test_each_bin_of_whole_numbers_holds_as_many_of_them(tmp_path: Path) -> None:
    bars = column(profile(pa.table({"n": [number % 50 for number in range(5_000)]}), tmp_path), "n")["histogram"]
    assert bars["counts"] == [300] * 16 + [200]  # three numbers each, the last bin two
    assert (bars["edges"][0], bars["edges"][-1]) == (-0.5, 50.5)


def test_what_is_about_persons_is_masked_and_has_no_figures(tmp_path: Path) -> None:
    table = pa.table(
        {
            "customer": ["Anna Berg", "Anna Berg", "Bo Ek"],
            "age": [17, 17, 99],
            "note": ["mail anna@example.org", "mail anna@example.org", "x"],
        }
    )
    found = profile(table, tmp_path, masked=["customer", "age"])
    told = str(found)
    assert "Anna" not in told
    assert "anna@" not in told
    assert "99" not in str(column(found, "age"))
    assert column(found, "customer")["top"] == [{"value": "A••••••••", "count": 2, "share": 2 / 3}]
    assert {"min", "quartiles", "histogram", "mean"}.isdisjoint(column(found, "age"))


def test_tables_with_nothing_in_them(tmp_path: Path) -> None:
    schema = pa.schema([("a", pa.string()), ("b", pa.float64()), ("c", pa.timestamp("us")), ("d", pa.bool_())])
    empty = profile(schema.empty_table(), tmp_path)
    assert (empty["rows"], empty["version"], len(empty["columns"])) == (0, VERSION, 4)
    assert column(empty, "a")["null_share"] is None
    nulls = profile(pa.Table.from_pylist([{}] * 3, schema), tmp_path)
    assert [one["nulls"] for one in nulls["columns"]] == [3, 3, 3, 3]
    assert nulls["duplicates"] == {"surplus": 2}


def test_numbers_that_overflow_keep_their_extremes_and_leave_the_others_alone(tmp_path: Path) -> None:
    table = pa.table({"huge": [1e308, -1e308, 1e308], "plain": [1.0, 2.0, 3.0]})
    found = profile(table, tmp_path)
    assert (column(found, "huge")["min"], column(found, "huge")["max"]) == (-1e308, 1e308)
    assert column(found, "plain")["mean"] == 2.0


def test_times_are_told_as_texts_also_where_python_has_no_such_time(tmp_path: Path) -> None:
    moments = pa.array(["2026-01-01", "2026-01-03"]).cast(pa.timestamp("us"))
    far = pa.array([-100_000 * 365 * 86_400 * 10**6, 0], pa.int64()).cast(pa.timestamp("us"))
    found = profile(pa.table({"at": moments, "far": far}), tmp_path)
    at = column(found, "at")
    assert (at["min"], at["max"], at["quartiles"][1]) == (
        "2026-01-01 00:00:00",
        "2026-01-03 00:00:00",
        "2026-01-02 00:00:00",
    )
    assert "BC" in column(found, "far")["min"]


def test_a_table_of_very_many_columns_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.quality.profile.document.COLUMNS_MEASURED", 60)
    found = profile(pa.table({f"c{number}": [1, 2] for number in range(70)}), tmp_path)
    assert (len(found["columns"]), found["columns_in_all"]) == (60, 70)
