"""Tables as Parquet files, and snapshots of them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from assessments.accounts.models import Organisation
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.quality.engine import scan
from assessments.quality.models import PersonalDataScan
from assessments.quality.specs import Outcome, RuleSpec

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def write_table(path: Path, columns: Mapping[str, Any], row_group_size: int | None = None) -> Path:
    pq.write_table(pa.table(dict(columns)), path, row_group_size=row_group_size)
    return path


@pytest.fixture
def measure(tmp_path: Path) -> Callable[..., Outcome]:
    """``measure(columns, check, names, parameters)`` is the outcome of one rule on a small table."""

    def one(
        columns: Mapping[str, Any], check: str, names: tuple[str, ...] = (), parameters: Any = None, **more: Any
    ) -> Outcome:
        table = write_table(tmp_path / "t.parquet", columns)
        threshold = more.pop("threshold", 1.0)
        rule = RuleSpec("rule", check, names, parameters or {}, threshold=threshold)
        return scan(table, [rule], **{"as_of": NOW, **more})[0]

    return one


@pytest.fixture
def make_snapshot(home: Path, organisation: Organisation) -> Callable[..., Snapshot]:
    """``make_snapshot(columns)`` stores the next snapshot of the dataset "orders", or of the named one.

    A search for personal data has been through it and found nothing, unless ``searched`` is False.
    """

    def make(
        columns: Mapping[str, Any],
        name: str = "orders",
        owner: Organisation | None = None,
        searched: bool = True,
        **roles: str,
    ) -> Snapshot:
        dataset, _created = Dataset.objects.get_or_create(
            organisation=owner or organisation,
            name=name,
            defaults={"kind": "interactions", "source_kind": "path", "source_location": "x"},
        )
        number = dataset.snapshots.count() + 1
        key = f"{dataset.pk}-{number}.parquet"
        file = write_table(home / "files" / key, columns)
        table = pq.read_table(file)
        snapshot = Snapshot.objects.create(
            dataset=dataset, number=number, digest="0" * 64, rows=table.num_rows, bytes=1, storage_key=key
        )
        by_column = {column: role for role, column in roles.items()}
        for position, field in enumerate(table.schema):
            Column.objects.create(
                snapshot=snapshot,
                position=position,
                name=field.name,
                type=str(field.type),
                role=by_column.get(field.name, ""),
            )
        if searched:
            PersonalDataScan.objects.create(
                snapshot=snapshot, state=PersonalDataScan.State.SUCCEEDED, finished_at=timezone.now()
            )
        return snapshot

    return make
