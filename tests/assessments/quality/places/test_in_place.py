"""What is made of a table that stays in PostgreSQL: compared with the look before, profiled, rules suggested."""

from collections.abc import Callable
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from django.conf import LazySettings
from psycopg import sql

from assessments.accounts.models import Organisation
from assessments.common.named import named_places
from assessments.datasets.models import Snapshot
from assessments.datasets.services import dataset_register, snapshot_take
from assessments.datasets.sources import SourceSpec
from assessments.quality.models import RuleResult
from assessments.quality.profile.document import VERSION
from assessments.quality.services import quality_run_execute, rules_load
from assessments.quality.services.profiles import profile_make
from assessments.quality.services.suggestions import suggestions_make
from tests.assessments.quality.places.conftest import DATABASE, put

pytestmark = pytest.mark.services
Registers = Callable[[str], Snapshot]


def run(schema: str, statement: str) -> None:
    with psycopg.connect(DATABASE, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(schema)))  # type: ignore[arg-type]


@pytest.fixture
def register(schema: str, settings: LazySettings, home: Any, organisation: Organisation) -> Registers:
    settings.CONNECTIONS = named_places(f"shop={DATABASE}", setting="GOVERN_CONNECTIONS", schemes=("postgresql",))
    return lambda table: dataset_register(
        organisation=organisation, name=table, kind="items", source=SourceSpec("database", f"shop:{schema}.{table}", {})
    )


def test_rules_compare_with_what_is_kept_of_the_look_before(register: Registers, schema: str) -> None:
    run(schema, "CREATE TABLE {}.growing (n bigint, price numeric(9, 2), doc jsonb, at timestamptz, name varchar(9))")
    run(schema, "INSERT INTO {}.growing (n) SELECT generate_series(1, 10)")
    first = register("growing")
    rules: list[dict[str, Any]] = [
        {"name": "rows", "check": "volume_change", "parameters": {"max_ratio": 1.5}},
        {"name": "schema", "check": "schema_change"},
        {"name": "drift", "check": "drift", "columns": ["price"]},
    ]
    rules_load(dataset=first.dataset, pack={"rules": rules})

    def results() -> dict[str, RuleResult]:
        snapshot = snapshot_take(dataset=first.dataset)
        return {result.rule_name: result for result in quality_run_execute(snapshot=snapshot).results.all()}

    before = quality_run_execute(snapshot=first).results.all()
    assert ["first snapshot" in result.error for result in before] == [True] * 3
    same = results()
    assert (same["rows"].passed, same["rows"].detail["ratio"], same["schema"].passed) == (True, 1, True)
    run(schema, "INSERT INTO {}.growing (n) SELECT generate_series(1, 10)")
    run(schema, "ALTER TABLE {}.growing ALTER n TYPE text, DROP name, ADD colour text")
    changed = results()
    assert (changed["rows"].passed, changed["rows"].detail) == (False, {"rows": 20, "rows_before": 10, "ratio": 2})
    assert {name: changed["schema"].detail[name] for name in ("added", "removed", "retyped")} == {
        "added": ["colour"],
        "removed": ["name"],
        "retyped": ["n: whole → text"],
    }
    assert "is not kept" in changed["drift"].error
    assert "copied" in changed["drift"].error


def test_a_table_is_profiled_and_rules_are_suggested_where_it_is(register: Registers, schema: str) -> None:
    rows = 400
    put(
        schema,
        "shoes",
        pa.table(
            {
                "code": [f"S{n}" for n in range(rows)],
                "price": [None if n % 100 == 0 else -1.0 if n == 7 else n % 50 + 0.5 for n in range(rows)],
                "country": ["DE" if n % 40 else "N/A" for n in range(rows)],
            }
        ),
    )
    snapshot = register("shoes")
    profile = profile_make(snapshot=snapshot).content
    columns = {column["name"]: column for column in profile["columns"]}
    assert (profile["version"], profile["rows"]) == (VERSION, rows)
    assert (columns["code"]["distinct"], columns["price"]["nulls"], columns["price"]["min"]) == (rows, 4, -1)
    suggested = {(one.check_name, *one.columns) for one in suggestions_make(snapshot=snapshot)}
    assert ("unique_key", "code") in suggested
    assert ("disguised_missing", "country") in suggested
