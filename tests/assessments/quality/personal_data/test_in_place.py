"""The same search and the same risk where the table stays in PostgreSQL."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from django.conf import LazySettings

from assessments.accounts.models import Organisation
from assessments.common.named import named_places
from assessments.datasets.models import Snapshot
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.quality.personal_data import reading
from assessments.quality.services.personal_data import personal_data_risk_measure, personal_data_scan
from tests.assessments.quality.places.conftest import DATABASE, postgres_schema, put

pytestmark = pytest.mark.services


@pytest.fixture
def schema() -> Iterator[str]:
    yield from postgres_schema()


def people(rows: int) -> dict[str, Any]:
    return {
        "email": [f"person{at}@planted.example" if at % 3 else None for at in range(rows)],
        "age": [20 + at % 40 for at in range(rows)],
        "city": [("Leeds", "Oslo", "Graz")[at % 3] for at in range(rows)],
        "note": [f"we were happy with parcel {at}" for at in range(rows - 1)] + ["write to me: hidden@planted.example"],
    }


def found(snapshot: Snapshot) -> tuple[set[tuple[str, str, int]], dict[str, Any]]:
    scan = personal_data_scan(snapshot=snapshot)
    risk = personal_data_risk_measure(scan=scan, columns=["age", "city"], sensitive="email")
    return {(hit.column, hit.entity, hit.rows) for hit in scan.hits.all()}, risk.document()


# Of 250 rows drawn anew most hold the one hidden address, and some do not: it is one address either way.
@pytest.mark.parametrize("sample", [20_000, 250, 100])
def test_like_a_file(
    schema: str,
    sample: int,
    settings: LazySettings,
    organisation: Organisation,
    make_snapshot: Callable[..., Snapshot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "SAMPLE_ROWS", sample)
    put(schema, "people", pa.table(people(600)))
    settings.CONNECTIONS = named_places(f"shop={DATABASE}", setting="GOVERN_CONNECTIONS", schemes=("postgresql",))
    source = SourceSpec("database", f"shop:{schema}.people", {})
    stays = dataset_register(organisation=organisation, name="people", kind="users", source=source)
    assert stays.in_place
    assert found(stays) == found(make_snapshot(people(600), name="file"))
    with psycopg.connect(DATABASE) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [schema]).fetchone()
    assert tables == (1,)
