"""The same table and the same rules give the same counts on DuckDB, on PostgreSQL and on Spark, or say why not."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assessments.quality.checks import all_checks
from assessments.quality.engine import scan
from assessments.quality.scanner import Source
from assessments.quality.specs import Outcome, RuleSpec
from tests.assessments.quality.places.conftest import in_postgres, in_spark, lay, put
from tests.assessments.quality.places.examples import EXAMPLES, NOW, tables

TABLES = tables()
ROLES = {"user": "user", "item": "item", "time": "at"}
RULES = [
    RuleSpec(f"{check} {number}", check, columns, parameters)
    for check, examples in sorted(EXAMPLES.items())
    for number, (columns, parameters) in enumerate(examples)
]
OVERFLOW, NO_ORDER = "value out of range: overflow", "have no order of their own"
UNORDERED = {"time_order 0": NO_ORDER, "time_order 1": NO_ORDER}
Opens = Callable[[str], Source]


def measured(opens: Opens, rules: Sequence[RuleSpec] = RULES) -> dict[str, Outcome]:
    sources = {name: opens(name) for name in TABLES}
    outcomes = scan(sources["events"], rules, references=sources, roles=ROLES, as_of=NOW, masked=("mail",))
    return {outcome.rule.name: outcome for outcome in outcomes}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder = tmp_path_factory.mktemp("files")
    for name, table in TABLES.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return measured(lambda name: folder / f"{name}.parquet")


def counts(outcome: Outcome) -> tuple[int, int]:
    return outcome.rows_checked, outcome.rows_failing


def held_against(found: dict[str, Outcome], expected: dict[str, Outcome], refused: dict[str, str]) -> None:
    """Every rule has the counts of DuckDB, or is one of those that this place refuses, with the reason given."""
    errors = {name: one.error for name, one in found.items() if one.error and not expected[name].error}
    assert {name: reason in errors.get(name, "") for name, reason in refused.items()} == dict.fromkeys(refused, True)
    assert {name: error for name, error in errors.items() if name not in refused} == {}
    same = {name: counts(one) for name, one in found.items() if name not in refused}
    assert same == {name: counts(expected[name]) for name in same}


def test_every_check_has_an_example(expected: dict[str, Outcome]) -> None:
    assert {check.name for check in all_checks()} - set(EXAMPLES) == set()
    unmeasured = {name: one.error for name, one in expected.items() if one.error}
    assert set(unmeasured) <= {"drift 0", "volume_change 0"}, "only those that need a snapshot before this one"


@pytest.mark.services
def test_postgresql_counts_the_same(schema: str, expected: dict[str, Outcome]) -> None:
    for name, table in TABLES.items():
        put(schema, name, table)
    found = measured(lambda name: in_postgres(schema, name))
    # Where other places go on with an infinity, PostgreSQL ends the statement.
    held_against(found, expected, {"expression 0": OVERFLOW, "outliers 1": OVERFLOW, **UNORDERED})
    sample = found["range 0"].sample[0]
    assert set(sample) == {"values"}, "no row numbers, but the columns that say which row it is"
    assert set(sample["values"]) == {"price", "user", "item"}


@pytest.mark.services
@pytest.mark.usefixtures("spark")
def test_spark_counts_the_same(tmp_path: Path, expected: dict[str, Outcome]) -> None:
    folder = lay(tmp_path, TABLES)
    # Two examples of each check: a query of Spark costs half a second, however small the table.
    found = measured(lambda name: in_spark(folder, name), [rule for rule in RULES if rule.name.endswith((" 0", " 1"))])
    held_against(found, expected, UNORDERED)
