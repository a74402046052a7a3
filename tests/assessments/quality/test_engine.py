"""The scan: bad rules beside good ones, odd names and types, time and cancel, and what DuckDB may not reach."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assessments.common.errors import CancelledError, GovernError
from assessments.quality.connection import DuckDBDriver, fenced
from assessments.quality.engine import scan
from assessments.quality.passes import repeats
from assessments.quality.running import QueryRefusedError, Runner
from assessments.quality.specs import Limits, Outcome, RuleSpec
from tests.assessments.quality.conftest import NOW, write_table

Measure = Callable[..., Outcome]


def test_a_rule_on_a_column_that_is_gone_names_the_nearest_and_the_others_still_run(tmp_path: Path) -> None:
    table = write_table(tmp_path / "t.parquet", {"Quantity": [1, -1], "Price": [1.0, 2.0]})
    outcomes = scan(
        table,
        [
            RuleSpec("gone", "range", ("Quantty",), {"min": 1}),
            RuleSpec("unknown check", "rnage", ("Quantity",)),
            RuleSpec("wrong parameter", "range", ("Quantity",), {"mim": 1}),
            RuleSpec("good", "range", ("Quantity",), {"min": 1}),
            RuleSpec("gone key", "unique_key", ("Nothing",)),
            RuleSpec("gone reference", "reference", ("Quantity",), {"dataset": "items"}),
        ],
        as_of=NOW,
    )
    gone, unknown, wrong, good, key, reference = outcomes
    assert gone.error == (
        "The column “Quantty” is not in the table. Did you mean “Quantity”? There are: Quantity, Price."
    )
    assert (gone.passed, gone.fraction) == (None, None)
    assert "Did you mean “range”?" in unknown.error
    assert "“mim”" in wrong.error
    assert "Did you mean “min”?" in wrong.error
    assert (good.rows_checked, good.rows_failing, good.passed) == (2, 1, False)
    assert "“Nothing”" in key.error
    assert "no dataset “items”" in reference.error


@pytest.mark.parametrize(
    "name", ['"; drop table x; --', "<script>alert(1)</script>", "=cmd()|'/c calc'!A0", "a b", "SELECT", "列", "x'y"]
)
def test_any_column_name_is_only_a_name(measure: Measure, name: str) -> None:
    columns = {name: ["a", None, "b"], "n": [1, 1, 2]}
    assert measure(columns, "completeness", (name,)).rows_failing == 1
    assert measure(columns, "unique_key", (name, "n")).rows_checked == 2
    assert measure(columns, "pattern", (name,), {"regex": "^a"}).sample[0] == {"row": 3, "values": {name: "b"}}
    assert measure({name: [1, 1]}, "duplicate_rows").rows_failing == 1


@pytest.mark.parametrize("name", ["file_row_number", "r", "n", "k0", "first", "v0", "c0"])
def test_columns_named_like_our_own_are_no_trouble(measure: Measure, name: str) -> None:
    columns = {name: [7, 7, 8], "x": ["a", "a", "a"]}
    assert measure(columns, "duplicate_rows").rows_failing == 1
    outcome = measure(columns, "range", (name,), {"min": 8})
    assert [row["row"] for row in outcome.sample] == [1, 2]


def test_samples_keep_the_first_ten_rows_by_number(measure: Measure) -> None:
    outcome = measure({"x": list(range(100))}, "range", ("x",), {"max": 4})
    assert outcome.rows_failing == 95
    assert [row["row"] for row in outcome.sample] == list(range(6, 16))


def test_samples_show_the_key_beside_the_rules_own_columns_masked_where_it_is_about_a_person(tmp_path: Path) -> None:
    columns = {"order": [7, 8], "buyer": ["Ada", "Alan"], "item": ["a", "b"], "price": [1.0, -1.0], "note": ["x", "y"]}
    table = write_table(tmp_path / "t.parquet", columns)
    rules = [RuleSpec("price", "range", ("price",), {"min": 0}), RuleSpec("key", "unique_key", ("order",))]
    roles = {"user": "buyer", "item": "item", "price": "price"}
    price, _key = scan(table, rules, as_of=NOW, roles=roles, masked=["buyer"])
    assert price.sample == ({"row": 2, "values": {"price": -1.0, "order": 8, "buyer": "A•••", "item": "b"}},)


def test_a_repeated_row_is_shown_with_the_row_that_it_repeats(measure: Measure) -> None:
    outcome = measure({"x": ["a", "b", "a", "c", "b"], "y": [1, 2, 1, 3, 2]}, "duplicate_rows")
    assert [(row["row"], row["same_as"]) for row in outcome.sample] == [(3, 1), (5, 2)]


@pytest.mark.parametrize(
    ("failing", "threshold", "passes"),
    [(1, 0.9, True), (1, 0.91, False), (0, 1.0, True), (3, 0.7, True), (10, 0.0, True)],
)
def test_a_rule_passes_at_exactly_its_threshold(measure: Measure, failing: int, threshold: float, passes: bool) -> None:
    values = [-1] * failing + [1] * (10 - failing)
    assert measure({"x": values}, "range", ("x",), {"min": 0}, threshold=threshold).passed is passes


@pytest.mark.parametrize("check", ["completeness", "duplicate_rows", "unique_key", "range", "pattern"])
def test_nothing_checked_is_unknown_and_not_perfect(measure: Measure, check: str) -> None:
    parameters = {"range": {"min": 1}, "pattern": {"regex": "a"}}.get(check)
    names = () if check == "duplicate_rows" else ("x",)
    outcome = measure({"x": pa.array([], pa.int64())}, check, names, parameters)
    assert (outcome.rows_checked, outcome.fraction, outcome.passed) == (0, None, None)
    assert outcome.error.startswith("Nothing was checked")


def test_times_with_zones_dates_texts_and_numbers_are_compared_in_utc(measure: Measure) -> None:
    zoned = pa.array([datetime(2024, 6, 1, 11, 59, tzinfo=UTC), datetime(2024, 6, 1, 12, 1, tzinfo=UTC)])
    zoned = zoned.cast(pa.timestamp("us", tz="Asia/Shanghai"))
    assert measure({"t": zoned}, "not_in_future", ("t",)).rows_failing == 1
    texts = ["2024-06-01T13:30:00+02:00", "2024-06-01T13:30:00", "2024-06-01", "soon", None]
    outcome = measure({"t": texts}, "not_in_future", ("t",))
    assert (outcome.rows_checked, outcome.rows_failing) == (4, 2)
    assert measure({"t": [date(2024, 6, 1), date(2024, 6, 2)]}, "not_in_future", ("t",)).rows_failing == 1
    seconds = int(NOW.timestamp())
    outcome = measure({"t": [seconds, seconds + 1, 2**62]}, "not_in_future", ("t",), {"unit": "s"})
    assert outcome.rows_failing == 2
    assert "Say what they count" in measure({"t": [seconds]}, "not_in_future", ("t",)).error


def test_freshness_stops_at_now_and_tells_the_future_apart(measure: Measure) -> None:
    times = [datetime(2024, 5, 1), datetime(2024, 5, 30), datetime(2031, 1, 1)]  # noqa: DTZ001  columns without zone
    stale = measure({"t": times}, "freshness", ("t",), {"max_age": "1d"})
    assert (stale.rows_checked, stale.rows_failing, stale.passed) == (2, 2, False)
    assert stale.detail["future_rows"] == 1
    assert stale.detail["newest"] == "2024-05-30T00:00:00"
    assert stale.detail["age_seconds"] == 2.5 * 86_400
    assert measure({"t": times}, "freshness", ("t",), {"max_age": 3}).passed is True
    only_future = measure({"t": times[2:]}, "freshness", ("t",), {"max_age": "1d"})
    assert (only_future.passed, only_future.detail["future_rows"]) == (None, 1)


@pytest.mark.parametrize(
    ("check", "parameters", "columns", "words"),
    [
        ("range", {"min": 1}, {"x": [datetime(2024, 1, 1)]}, "not numbers"),  # noqa: DTZ001  a column without zone
        ("range", {"min": 1}, {"x": [True]}, "not numbers"),
        ("freshness", {"max_age": 1}, {"x": [True]}, "not times"),
        ("allowed_values", {"values": ["a"]}, {"x": [1]}, "“values” has 'a'"),
        ("reference", {"dataset": "other", "columns": "x"}, {"x": [1]}, "never equal"),
    ],
)
def test_a_column_of_the_wrong_type_is_named(
    measure: Measure, tmp_path: Path, check: str, parameters: dict[str, object], columns: dict[str, object], words: str
) -> None:
    other = write_table(tmp_path / "o.parquet", {"x": ["1"]})
    outcome = measure(columns, check, ("x",), parameters, references={"other": other})
    assert words in outcome.error
    assert outcome.passed is None


def test_numbers_beyond_64_bits_and_decimals_are_compared(measure: Measure) -> None:
    assert measure({"x": [2**63 - 1]}, "range", ("x",), {"max": 10**30}).passed is True
    decimals = pa.array([1, 2], pa.decimal128(12, 2))
    assert measure({"x": decimals}, "range", ("x",), {"min": 1.5}).rows_failing == 1


def test_a_value_that_the_database_refuses_spoils_only_its_own_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write_table(tmp_path / "t.parquet", {"x": ["a", "b"], "n": [1, 2]})
    fetch = Runner.rows

    def refusing(self: Runner, expression: object, *arguments: object) -> object:
        if "regexp_matches" in self.driver.compile(expression).lower():
            raise QueryRefusedError("overflow")
        return fetch(self, expression, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Runner, "rows", refusing)
    rules = [
        RuleSpec("one", "range", ("n",), {"min": 2}),
        RuleSpec("refused", "pattern", ("x",), {"regex": "a"}),
        RuleSpec("two", "completeness", ("x",)),
    ]
    one, refused, two = scan(table, rules, as_of=NOW)
    assert (one.rows_failing, one.error) == (1, "")
    assert (refused.passed, refused.error) == (None, "overflow")
    assert (two.rows_checked, two.passed) == (2, True)


def test_a_missing_or_broken_file_is_explained(tmp_path: Path) -> None:
    rules = [RuleSpec("a", "duplicate_rows")]
    with pytest.raises(GovernError, match="gone"):
        scan(tmp_path / "absent.parquet", rules, as_of=NOW)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 this is not a table PAR1")
    with pytest.raises(GovernError, match="cannot be read"):
        scan(broken, rules, as_of=NOW)


def test_time_out_and_cancel_interrupt_the_query(tmp_path: Path) -> None:
    with fenced([], Limits(timeout_seconds=0.3)) as backend:
        endless = "SELECT count(*) AS n FROM range(100000000000) WHERE hash(range) = 1"
        driver = DuckDBDriver(backend)
        driver.compile = str  # type: ignore[method-assign]
        with pytest.raises(GovernError, match="longer than"):
            Runner(driver, Limits(timeout_seconds=0.3)).rows(endless, lambda *_: None)

        def cancel(fraction: float, message: str = "") -> None:
            raise CancelledError("stop")

        with pytest.raises(CancelledError):
            Runner(driver, Limits()).rows(endless, cancel)
        assert backend.con.execute("SELECT 1").fetchall() == [(1,)]


def test_repeated_rows_are_counted_in_little_memory_by_spilling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeats, "LEAST_ROWS", 10**9)
    rows = 1_500_000
    table = tmp_path / "t.parquet"
    numbers = duckdb.sql(f"SELECT range % {rows - 1000} AS n FROM range({rows})")  # noqa: S608  our own number
    numbers.project("md5(n::VARCHAR) AS a, md5((n + 1)::VARCHAR) AS b").write_parquet(str(table))
    rule = RuleSpec("d", "duplicate_rows")
    (refused,) = scan(table, [rule], as_of=NOW, limits=Limits(memory="150MiB"))
    assert "Out of Memory" in refused.error
    (outcome,) = scan(table, [rule], as_of=NOW, limits=Limits(memory="150MiB", temporary=tmp_path))
    assert (outcome.rows_checked, outcome.rows_failing, outcome.error) == (rows, 1000, "")
    assert not list(tmp_path.glob("*-*"))


def test_columns_of_rare_types_are_counted_and_shown(measure: Measure) -> None:
    columns = {"s": [{"a": 1}, {"a": 1}, None], "l": [[1], [1], None], "b": [b"\x00", b"\x00", None]}
    assert measure(columns, "duplicate_rows").sample[0]["same_as"] == 1
    assert measure(columns, "completeness", ("s", "l", "b")).rows_failing == 1


@pytest.mark.parametrize("statistics", [True, False])
@pytest.mark.parametrize("values", [[0.0, math.nan], [math.nan, math.nan], [1.0, 2.0, math.inf, math.nan]])
def test_nan_is_counted_whatever_the_statistics_of_the_file_say(
    tmp_path: Path, values: list[float], statistics: bool
) -> None:
    table = tmp_path / "t.parquet"
    pq.write_table(pa.table({"x": values, "k": range(len(values))}), table, write_statistics=statistics)
    rules = [
        RuleSpec("bounds", "range", ("x",), {"min": -1e9, "max": 1e300}),
        RuleSpec("least", "range", ("x",), {"min": -1}),
        RuleSpec("complete", "completeness", ("x",)),
    ]
    nan = sum(math.isnan(value) for value in values)
    infinite = sum(math.isinf(value) for value in values)
    for chosen in (rules, *([rule] for rule in rules)):
        failing = {outcome.rule.name: outcome.rows_failing for outcome in scan(table, chosen, as_of=NOW)}
        expected = {"bounds": nan + infinite, "least": nan, "complete": nan}
        assert failing == {rule.name: expected[rule.name] for rule in chosen}
