"""Tables that stay in PostgreSQL: registered, measured, stopped, copied, and never written."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from django.conf import LazySettings
from psycopg import sql

from assessments.accounts.models import Organisation
from assessments.common.errors import CancelledError, GovernError, NotFoundError
from assessments.common.named import named_places
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import snapshot_path
from assessments.datasets.services import dataset_register, snapshot_take
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.places import PlaceGoneError
from assessments.quality.engine import scan
from assessments.quality.services import quality_run_execute, rules_load
from assessments.quality.services.opening import snapshot_open
from assessments.quality.specs import Limits, RuleSpec
from tests.assessments.quality.places.conftest import DATABASE, in_postgres, put
from tests.assessments.quality.places.examples import NOW, tables

pytestmark = pytest.mark.services
Registers = Callable[..., Snapshot]
COUNT = RuleSpec("items", "completeness", ("item",))


def run(statement: str, *names: str) -> Any:
    with psycopg.connect(DATABASE, autocommit=True) as connection:
        cursor = connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def register(schema: str, settings: LazySettings, home: Path, organisation: Organisation) -> Registers:
    """``register("items")`` looks at that table, or copies it."""
    settings.CONNECTIONS = named_places(f"shop={DATABASE}", setting="GOVERN_CONNECTIONS", schemes=("postgresql",))

    def made(table: str, **options: Any) -> Snapshot:
        source = SourceSpec("database", f"shop:{schema}.{table}", options)
        return dataset_register(organisation=organisation, name=table, kind="items", source=source)

    return made


@pytest.fixture(scope="module", autouse=True)
def _tables(schema: str) -> None:
    for name, table in tables().items():
        put(schema, name, table)
    put(schema, 'Odd "Table"; --', pa.table({"a b": [1, 2], 'x"y': ["p", None]}))


def test_a_table_is_registered_where_it_is(register: Registers, schema: str, home: Path) -> None:
    snapshot = register("items")
    assert (snapshot.in_place, snapshot.storage_key, snapshot.rows, snapshot.bytes) == (True, "", 47, 0)
    columns = {column.name: (column.type, column.nulls) for column in snapshot.columns.all()}
    assert columns["item"] == ("integer", 1)
    assert columns["title"][0] == "text"
    assert snapshot.columns.get(name="item").suggested_role == "item"
    assert "stays in its database" in snapshot.notes[0]
    again = snapshot_take(dataset=snapshot.dataset)
    assert (again.number, again.digest) == (2, snapshot.digest), "a new look, of the same columns and number of rows"
    with pytest.raises(NotFoundError, match="stay in their database") as raised:
        snapshot_path(again)
    assert "copy the table once" in raised.value.hint
    with pytest.raises(NotFoundError, match="was a look at a table"), snapshot_open(snapshot):
        pass


def test_a_copy_is_an_ordinary_snapshot(register: Registers, settings: LazySettings) -> None:
    snapshot = register("events", copy=True)
    assert (snapshot.in_place, snapshot.rows) == (False, tables()["events"].num_rows)
    assert snapshot_path(snapshot).is_file()
    types = dict(snapshot.columns.values_list("name", "type"))
    assert (types["zoned"], types["amount"], types["day"]) == ("timestamp with zone", "decimal(12,2)", "date")
    settings.DATASET_MAX_ROWS = 10
    with pytest.raises(GovernError, match="more than 10 rows"):
        snapshot_take(dataset=snapshot.dataset)


def test_names_that_want_to_be_statements_are_only_names(register: Registers, schema: str) -> None:
    snapshot = register('Odd "Table"; --')
    assert {column.name: column.nulls for column in snapshot.columns.all()} == {"a b": 0, 'x"y': 1}
    rule = RuleSpec("full", "completeness", ('x"y',))
    (outcome,) = scan(in_postgres(schema, 'Odd "Table"; --'), [rule], as_of=NOW)
    assert (outcome.rows_checked, outcome.rows_failing, outcome.sample) == (2, 1, ({"values": {'x"y': None}},))
    with pytest.raises(GovernError, match="There is no table"):
        register("items; DROP TABLE items")


def test_rules_run_in_place_and_join_tables_of_the_same_connection(register: Registers, schema: str) -> None:
    items, events = register("items"), register("events")
    reference = {"name": "known", "check": "reference", "columns": ["item"], "parameters": {"dataset": "items"}}
    rules_load(dataset=events.dataset, pack={"rules": [reference]})
    (result,) = quality_run_execute(snapshot=events).results.all()
    (expected,) = run(
        "SELECT count(*) FROM {0}.events e WHERE e.item IS NOT NULL AND e.item NOT IN "
        "(SELECT item FROM {0}.items WHERE item IS NOT NULL)",
        schema,
    )
    assert (result.rows_failing, result.error) == (expected[0], "")
    Dataset.objects.filter(pk=items.dataset_id).update(source_options={"copy": True})
    snapshot_take(dataset=Dataset.objects.get(pk=items.dataset_id))
    (result,) = quality_run_execute(snapshot=events).results.all()
    assert "is not in the same place" in result.error


def test_the_primary_key_says_which_rows_fail(schema: str) -> None:
    run("CREATE TABLE {}.keyed (number bigint PRIMARY KEY, price float8)", schema)
    run("INSERT INTO {}.keyed SELECT i, i - 3 FROM generate_series(1, 20) i", schema)
    (outcome,) = scan(in_postgres(schema, "keyed"), [RuleSpec("r", "range", ("price",), {"min": 0})], as_of=NOW)
    assert outcome.sample == ({"values": {"price": -2, "number": 1}}, {"values": {"price": -1, "number": 2}})


def test_nothing_can_be_written(schema: str) -> None:
    with (
        in_postgres(schema, "items").open(others={}, earlier=None, limits=Limits()) as scanner,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        scanner.runner.driver.place.connection.execute("CREATE TABLE public.govern_wrote (a int)")
    assert run("SELECT to_regclass('public.govern_wrote')") == [(None,)]


def test_every_query_of_a_scan_sees_the_same_rows(schema: str) -> None:
    run("CREATE TABLE {}.moving AS SELECT 1 AS item", schema)
    with in_postgres(schema, "moving").open(others={}, earlier=None, limits=Limits()) as scanner:
        first = scanner.runner.rows(scanner.table.count().as_table())
        run("INSERT INTO {}.moving VALUES (2)", schema)
        assert scanner.runner.rows(scanner.table.count().as_table()) == first


@pytest.fixture(scope="module")
def slow(schema: str) -> str:
    """A table of which each row takes a while."""
    run(
        "CREATE VIEW {}.slow AS SELECT CASE WHEN pg_sleep(0.05) IS NOT NULL THEN i END AS item "
        "FROM generate_series(1, 2000) i",
        schema,
    )
    return "slow"


def still_running(schema: str) -> int:
    return int(
        run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'govern' AND state = 'active'")[0][0]
    )


def test_cancelling_stops_the_query_in_the_database(schema: str, slow: str) -> None:
    asked = time.monotonic()

    def cancel(_fraction: float, _message: str = "") -> None:
        if time.monotonic() - asked > 0.5:
            raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        scan(in_postgres(schema, slow), [COUNT], as_of=NOW, progress=cancel)
    assert time.monotonic() - asked < 10
    assert still_running(schema) == 0


def test_a_scan_that_takes_too_long_is_stopped(schema: str, slow: str) -> None:
    with pytest.raises(GovernError, match="took longer than 1 seconds"):
        scan(in_postgres(schema, slow), [COUNT], as_of=NOW, limits=Limits(timeout_seconds=1))
    assert still_running(schema) == 0


def test_a_connection_that_is_lost_ends_the_scan(schema: str, slow: str) -> None:
    ended = threading.Event()

    def kill() -> None:
        """Until the scan ends, because a busy machine may begin it late."""
        while not ended.wait(0.1):
            run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'govern'")

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        with pytest.raises(PlaceGoneError, match="“shop” was lost"):
            scan(in_postgres(schema, slow), [COUNT], as_of=NOW)
    finally:
        ended.set()
        thread.join()


def test_a_table_that_is_gone_is_told(register: Registers, schema: str) -> None:
    run("CREATE TABLE {}.passing AS SELECT 1 AS item", schema)
    snapshot = register("passing")
    rules_load(dataset=snapshot.dataset, pack={"rules": [{"name": "r", "check": "completeness", "columns": ["item"]}]})
    run("DROP TABLE {}.passing", schema)
    with pytest.raises(GovernError, match="There is no table"):
        quality_run_execute(snapshot=snapshot)
    with pytest.raises(GovernError, match="There is no table"):
        snapshot_take(dataset=snapshot.dataset)
    assert snapshot.dataset.snapshots.count() == 1


def test_catastrophic_patterns_end_at_once(schema: str) -> None:
    put(schema, "traps", pa.table({"t": ["a" * 20_000 + "!"] * 20}))
    rules = [
        RuleSpec(regex, "pattern", ("t",), {"regex": regex})
        for regex in ("(a+)+$", "(a|a)*b$", "(a|aa)+$", "(.*a){12}$")
    ]
    started = time.monotonic()
    outcomes = scan(in_postgres(schema, "traps"), rules, as_of=NOW, limits=Limits(timeout_seconds=30))
    assert [(one.rows_failing, one.error) for one in outcomes] == [(20, "")] * 4
    assert time.monotonic() - started < 15


def test_cells_that_cannot_be_read_are_not_quoted(schema: str) -> None:
    run("CREATE TABLE {}.cells (t text)", schema)
    run("INSERT INTO {}.cells VALUES ('1e9999')", schema)
    (outcome,) = scan(in_postgres(schema, "cells"), [RuleSpec("r", "range", ("t",), {"min": 0})], as_of=NOW)
    assert outcome.error
    assert "1e9999" not in outcome.error


def test_times_that_python_cannot_hold_do_not_end_a_scan(schema: str) -> None:
    run("CREATE TABLE {}.far (at timestamp, n numeric, d numeric(5,2))", schema)
    run("INSERT INTO {}.far VALUES ('infinity', 'NaN', 'NaN'), ('2024-01-01', 2, 2)", schema)
    rules = [
        RuleSpec("future", "not_in_future", ("at",)),
        RuleSpec("wide", "range", ("n",), {"min": 0}),
        RuleSpec("narrow", "range", ("d",), {"min": 0}),
    ]
    outcomes = scan(in_postgres(schema, "far"), rules, as_of=NOW + timedelta(0))
    assert [(one.rows_checked, one.rows_failing, one.error) for one in outcomes] == [(2, 1, "")] * 3
    assert outcomes[0].sample == ({"values": {"at": "infinity"}},)
