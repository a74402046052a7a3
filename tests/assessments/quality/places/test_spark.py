"""Tables on Spark, in local mode: the same counts, looked at, copied, cancelled. One file, for one session."""

import time
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings

from assessments.accounts.models import Organisation
from assessments.common.errors import CancelledError, GovernError
from assessments.common.named import named_places
from assessments.datasets.selectors import snapshot_path
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.quality.engine import scan
from assessments.quality.services.profiles import profile_make
from assessments.quality.services.suggestions import suggestions_make
from assessments.quality.specs import Limits, RuleSpec
from tests.assessments.quality.places.conftest import SPARK, in_spark, lay
from tests.assessments.quality.places.examples import NOW
from tests.assessments.quality.places.matrix import RULES, TABLES, UNORDERED, held_against, in_files, measured

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("spark")]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = pa.table({"t": ["a" * 20_000 + "!"] * 20})
    return lay(tmp_path_factory.mktemp("lake"), {**TABLES, "traps": texts})


def test_spark_counts_the_same(lake: Path, tmp_path: Path) -> None:
    # Two examples of each check: a query of Spark costs half a second, however small the table.
    some = [rule for rule in RULES if rule.name.endswith((" 0", " 1"))]
    held_against(measured(lambda name: in_spark(lake, name), some), in_files(tmp_path), UNORDERED)


def test_catastrophic_patterns_end_at_once(lake: Path) -> None:
    rules = [RuleSpec(regex, "pattern", ("t",), {"regex": regex}) for regex in ("(a+)+$", "(a|a)*b$", "(.*a){12}$")]
    outcomes = scan(in_spark(lake, "traps"), rules, as_of=NOW, limits=Limits(timeout_seconds=120))
    assert [(one.rows_failing, one.error) for one in outcomes] == [(20, "")] * 3


def test_a_table_is_looked_at_and_copied(
    lake: Path, settings: LazySettings, home: Path, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONNECTIONS = named_places(f"lake={SPARK}&files={lake}", setting="GOVERN_CONNECTIONS", schemes=("spark",))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        look, copy = (
            dataset_register(
                organisation=organisation,
                name=f"events {options}",
                kind="interactions",
                source=SourceSpec("database", "lake:shop.events", options),
            )
            for options in ({}, {"copy": True})
        )
    finally:
        monkeypatch.undo()
        time.tzset()
    rows = TABLES["events"].num_rows
    assert (look.in_place, look.rows, copy.in_place, copy.rows) == (True, rows, False, rows)
    kept = pq.read_table(snapshot_path(copy))
    assert kept["at"].to_pylist() == TABLES["events"]["at"].to_pylist()
    moments = [None if at is None else at.replace(tzinfo=None) for at in TABLES["events"]["zoned"].to_pylist()]
    assert kept["zoned"].to_pylist() == moments, "Spark's moments, in UTC, whatever the zone of this process is"
    assert isinstance(kept["at"][0].as_py(), datetime)


def test_a_table_is_profiled_and_rules_are_suggested_where_it_is(
    tmp_path: Path, settings: LazySettings, home: Path, organisation: Organisation
) -> None:
    """What is known of each column, and what is suggested, is the same as of a copy that DuckDB looks at."""
    rows = 300
    columns = {
        "code": [f"S{number}" for number in range(rows)],
        "price": [None if number % 100 == 0 else number % 50 + 0.5 for number in range(rows)],
        "country": ["DE" if number % 40 else "N/A" for number in range(rows)],
        "at": [datetime(2024, 5, 1 + number % 28, number % 24) for number in range(rows)],  # noqa: DTZ001  no zone
    }
    place = lay(tmp_path / "shoes", {"shoes": pa.table(columns)})
    text = f"lake={SPARK}&files={place}"
    settings.CONNECTIONS = named_places(text, setting="GOVERN_CONNECTIONS", schemes=("spark",))
    look, copy = (
        dataset_register(
            organisation=organisation,
            name=f"shoes {options}",
            kind="items",
            source=SourceSpec("database", "lake:shop.shoes", options),
        )
        for options in ({}, {"copy": True})
    )
    in_place, copied = (profile_make(snapshot=snapshot).content for snapshot in (look, copy))
    assert (look.in_place, in_place["rows"]) == (True, rows)
    known = ("name", "nulls", "distinct", "min", "max", "mean")
    facts = [[[column.get(name) for name in known] for column in made["columns"]] for made in (in_place, copied)]
    assert facts[0] == facts[1]
    assert facts[0][0][:3] == ["code", 0, rows]
    assert facts[0][1] == ["price", 3, 50, 0.5, 49.5, pytest.approx(25.247474747474747)]
    suggested, expected = (
        {(one.check_name, *one.columns) for one in suggestions_make(snapshot=snapshot)} for snapshot in (look, copy)
    )
    assert {("unique_key", "code"), ("disguised_missing", "country")} <= suggested
    assert suggested == expected


def test_a_cancelled_scan_stops(lake: Path) -> None:
    asked = time.monotonic()

    def cancel(_fraction: float, _message: str = "") -> None:
        if time.monotonic() - asked > 0.3:
            raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        scan(in_spark(lake, "events"), RULES, as_of=NOW, progress=cancel)
    assert time.monotonic() - asked < 60


@pytest.mark.parametrize("name", ["missing", "../shop/events", "events; DROP TABLE x"])
def test_a_table_that_is_not_there_is_told(lake: Path, name: str) -> None:
    with pytest.raises(GovernError, match="There is no table"):
        scan(in_spark(lake, name), [RuleSpec("r", "volume", (), {"min": 1})], as_of=NOW)
