"""The same table and the same rules give the same counts on DuckDB and on PostgreSQL, or say why not."""

import pytest

from assessments.quality.checks import all_checks
from assessments.quality.specs import Outcome
from tests.assessments.quality.places.conftest import in_postgres, put
from tests.assessments.quality.places.examples import EXAMPLES
from tests.assessments.quality.places.matrix import OVERFLOW, TABLES, UNORDERED, held_against, in_files, measured


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return in_files(tmp_path_factory.mktemp("files"))


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
