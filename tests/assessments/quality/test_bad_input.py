"""Tables that nobody would wish for: the right answer, or an error in words, within bounded memory."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assessments.common.errors import CancelledError, GovernError
from assessments.quality import engine
from assessments.quality.checks.completeness import Completeness
from assessments.quality.connection import DuckDBDriver, fenced
from assessments.quality.engine import scan
from assessments.quality.passes import repeats
from assessments.quality.running import Runner
from assessments.quality.specs import Limits, Outcome, RuleSpec
from tests.assessments.quality.conftest import NOW, write_table

Measure = Callable[..., Outcome]


@pytest.fixture(params=["grouped", "hashed"])
def by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to look for repeated rows."""
    if request.param == "hashed":
        monkeypatch.setattr(repeats, "LEAST_ROWS", 0)


@pytest.mark.usefixtures("by")
def test_one_row_and_all_nulls(measure: Measure) -> None:
    assert measure({"x": [1]}, "duplicate_rows").passed is True
    nothing = {"x": pa.nulls(5, pa.float64()), "y": pa.nulls(5)}
    assert measure(nothing, "duplicate_rows").rows_failing == 4
    assert measure(nothing, "completeness", ("x", "y")).rows_failing == 5
    for check, parameters in (("range", {"min": 1}), ("unique_key", {}), ("statistic", {"min": 1})):
        assert "Nothing was checked" in measure(nothing, check, ("x",), parameters).error


@pytest.mark.usefixtures("by")
def test_a_thousand_columns_are_looked_at_together(tmp_path: Path) -> None:
    """Expressions over all of them stay shallow enough for the recursion of Ibis."""
    table = write_table(tmp_path / "t.parquet", {f"c{n}": [n, n, n + 1] for n in range(1000)})
    rules = [RuleSpec("rows", "duplicate_rows"), RuleSpec("some", "completeness", tuple(f"c{n}" for n in range(100)))]
    rules += [RuleSpec(f"range {n}", "range", (f"c{n}",), {"max": n}) for n in range(0, 1000, 20)]
    rows, some, *ranges = scan(table, rules, as_of=NOW)
    assert (rows.rows_failing, rows.error, some.passed) == (1, "", True)
    assert {(one.rows_checked, one.rows_failing) for one in ranges} == {(3, 1)}


def test_ten_thousand_columns_are_scanned(tmp_path: Path) -> None:
    """As many as may be registered, and rules on the first, the last and all of them."""
    table = write_table(tmp_path / "t.parquet", {f"c{n}": [n, n, n + 1] for n in range(10_000)})
    rules = [
        RuleSpec("rows", "duplicate_rows"),
        *(RuleSpec(f"range {n}", "range", (f"c{n}",), {"max": n}) for n in (0, 5_000, 9_999)),
        RuleSpec("key", "unique_key", ("c9999",)),
    ]
    rows, *others = scan(table, rules, as_of=NOW)
    assert (rows.rows_checked, rows.rows_failing, rows.error) == (3, 1, "")
    assert [(one.rows_checked, one.rows_failing, one.error) for one in others] == [(3, 1, "")] * 4
    assert [row["row"] for row in others[2].sample] == [3]


@pytest.mark.usefixtures("by")
def test_one_cell_of_100_mb_is_measured_and_cut_in_samples(measure: Measure) -> None:
    columns = {"k": [1, 2, 3], "x": ["a", "b" * 100_000_000, "b" * 100_000_000]}
    outcome = measure(columns, "pattern", ("x",), {"regex": "a"})
    assert outcome.rows_failing == 2
    assert max(len(str(row["values"]["x"])) for row in outcome.sample) <= 80
    assert measure(columns, "unique_key", ("x",)).rows_failing == 1


@pytest.mark.usefixtures("by")
def test_times_outside_of_what_python_and_nanoseconds_hold(measure: Measure) -> None:
    """Before 1677 and after 2262 nanoseconds of 64 bits end, before 1 and after 9999 Python's own dates."""
    microseconds = [-9_300_000_000_000_000, 0, 9_300_000_000_000_000, -70_000_000_000_000_000, 300_000_000_000_000_000]
    times = pa.array(microseconds, pa.int64()).cast(pa.timestamp("us"))
    outcome = measure({"t": times}, "not_in_future", ("t",))
    assert (outcome.rows_checked, outcome.rows_failing, outcome.error) == (5, 2, "")
    assert [row["row"] for row in outcome.sample] == [3, 5]
    assert measure({"t": times}, "duplicate_rows").passed is True
    fresh = measure({"t": times}, "freshness", ("t",), {"max_age": "1d"})
    assert (fresh.rows_checked, fresh.detail["newest"]) == (3, "1970-01-01T00:00:00")


@pytest.mark.usefixtures("by")
def test_decimals_of_38_digits_and_beyond(measure: Measure) -> None:
    largest = Decimal("9" * 38)
    outcome = measure(
        {"x": pa.array([largest, Decimal("-" + "9" * 38), largest], pa.decimal128(38, 0))}, "unique_key", ("x",)
    )
    assert outcome.rows_failing == 1
    assert measure({"x": pa.array([largest], pa.decimal128(38, 0))}, "range", ("x",), {"max": 10}).rows_failing == 1
    # Reading keeps longer ones as text, so that no digit is lost.
    longer = {"x": ["1" * 60, "1" * 59 + "2", "1" * 60]}
    assert measure(longer, "unique_key", ("x",)).rows_failing == 1
    assert measure(longer, "range", ("x",), {"max": 10**59}).rows_failing == 3


@pytest.mark.usefixtures("by")
def test_texts_that_are_not_unicode_are_refused_in_words(tmp_path: Path) -> None:
    """A Parquet file may say that its bytes are text when they are not; readers of ours write no such file."""
    wrong = pa.array([b"caf\xe9", b"caf\xc3\xa9", b"\xff\xfe"]).view(pa.string())
    table = write_table(tmp_path / "t.parquet", {"x": wrong, "n": [1, 2, 2]})
    rules = [RuleSpec("x", "pattern", ("x",), {"regex": "caf"}), RuleSpec("n", "unique_key", ("n",))]
    text, number = scan(table, rules, as_of=NOW)
    assert text.error or text.rows_checked == 3
    assert (number.rows_failing, number.error) == (1, "")
    assert "\xe9" not in text.error


@pytest.mark.usefixtures("by")
def test_a_file_that_vanishes_or_is_cut_in_the_middle_of_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write_table(tmp_path / "t.parquet", {"x": list(range(200_000))}, row_group_size=10_000)
    first = engine.measure_first

    def vanish(*arguments: Any) -> None:
        first(*arguments)
        table.write_bytes(b"PAR1")

    monkeypatch.setattr(engine, "measure_first", vanish)
    rules = [RuleSpec("a", "range", ("x",), {"min": 5}), RuleSpec("b", "unique_key", ("x",))]
    for outcome in scan(table, rules, as_of=NOW):
        assert outcome.passed is None
        assert outcome.error
        assert "Traceback" not in outcome.error


MANY_ROWS = """
import os, sys, django
from datetime import UTC, datetime
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "govern_app.settings"
django.setup()
from assessments.quality.engine import scan
from assessments.quality.specs import Limits, RuleSpec

rules = [RuleSpec("range", "range", ("x",), {"max": 6}), RuleSpec("rows", "duplicate_rows")]
rules.append(RuleSpec("key", "unique_key", ("w",)))
limits = Limits(memory="512MiB", temporary=Path(sys.argv[2]))
found = scan(Path(sys.argv[1]), rules, as_of=datetime(2024, 6, 1, tzinfo=UTC), limits=limits)
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print([one.rows_failing for one in found], [one.error for one in found], peak)
"""


def test_sixty_million_rows_in_a_small_file_are_scanned_in_little_memory(tmp_path: Path) -> None:
    """What counts is rows: 60 million of them are less than 1 MB here and would be gigabytes in memory."""
    table, piece = tmp_path / "t.parquet", pa.table({"x": pa.repeat(7, 5_000_000), "w": pa.repeat("a", 5_000_000)})
    with pq.ParquetWriter(table, piece.schema, compression="zstd") as writer:
        for _group in range(12):
            writer.write_table(piece, row_group_size=5_000_000)
    assert table.stat().st_size < 1_000_000
    command = [sys.executable, "-c", MANY_ROWS, str(table), str(tmp_path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    counts, peak = done.stdout.splitlines()[-1].rsplit(" ", 1)
    assert counts == "[60000000, 59999999, 59999999] ['', '', '']"
    assert int(peak) < 700 * 1024


def test_a_check_that_breaks_spoils_only_its_own_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = write_table(tmp_path / "t.parquet", {"x": [1, None]})

    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("secret of a cell")

    for step in ("prepare", "plan"):
        with monkeypatch.context() as patch:
            patch.setattr(Completeness, step, broken)
            bad, good = scan(
                table, [RuleSpec("a", "completeness", ("x",)), RuleSpec("b", "range", ("x",), {"min": 1})], as_of=NOW
            )
        assert bad.error == "The rule could not be measured. The program's log says why."
        assert (good.rows_checked, good.error) == (1, "")


def test_time_out_and_cancel_stop_a_long_stream_between_and_within_batches(tmp_path: Path) -> None:
    endless = "SELECT range AS n FROM range(100000000000) WHERE range < 1000000 OR hash(range) = 1"
    with fenced([], Limits()) as backend:
        driver = DuckDBDriver(backend)
        driver.compile = str  # type: ignore[method-assign]
        with pytest.raises(GovernError, match="longer than"):
            for _batch in Runner(driver, Limits(timeout_seconds=0.5)).batches(endless):
                pass
        told = []

        def cancel(fraction: float, message: str = "") -> None:
            told.append(fraction)
            if len(told) > 2:
                raise CancelledError("stop")

        with pytest.raises(CancelledError):
            for _batch in Runner(driver, Limits()).batches(endless, cancel):
                pass
        assert Runner(driver, Limits()).rows("SELECT 1 AS n") == [{"n": 1}]


@pytest.mark.parametrize("at", [0.3, 0.55, 0.75, 0.85])
def test_a_cancelled_job_stops_the_scan_wherever_it_is(tmp_path: Path, at: float) -> None:
    """Also within a rule's own query, where other errors are kept as the rule's; and what a lost database says too."""
    table = write_table(tmp_path / "t.parquet", {"x": [1, 2, 2], "u": ["a", "b", "c"]})
    rules = [
        RuleSpec("rows", "range", ("x",), {"min": 1}),
        RuleSpec("key", "unique_key", ("x",)),
        RuleSpec("query", "distinct_count", ("u",), {"min": 1}),
    ]
    for error in (CancelledError("stop"), OSError("the database is gone")):

        def stop(fraction: float, message: str = "", error: Exception = error) -> None:
            if fraction >= at:
                raise error

        with pytest.raises(type(error)):
            scan(table, rules, as_of=datetime(2024, 6, 1, tzinfo=UTC), progress=stop)
