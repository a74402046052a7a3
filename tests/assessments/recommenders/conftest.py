from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from assessments.accounts.models import Organisation
from assessments.datasets.models import Column, Dataset, Snapshot

START = 1_700_000_000_000_000
DAY = 86_400_000_000
MakeDataset = Callable[..., Dataset]


def events_table(*, users: int = 40, events: int = 30, seed: int = 0) -> pa.Table:
    """Customers who like one of three kinds of items, over 100 days."""
    rng = np.random.default_rng(seed)
    customers = np.repeat(np.arange(users), events)
    kinds = np.where(rng.random(len(customers)) < 0.8, customers % 3, rng.integers(0, 3, len(customers)))
    codes = rng.integers(0, 8, len(customers)) * 3 + kinds
    times = START + rng.integers(0, 100 * DAY, len(customers))
    return pa.table(
        {
            "customer": [f"c{n}" for n in customers],
            "code": [f"i{n}" for n in codes],
            "at": pa.array(times, pa.timestamp("us")),
        }
    )


@pytest.fixture
def make_dataset(home: Path, organisation: Organisation) -> MakeDataset:
    """Registers a table as a dataset with one snapshot whose roles are confirmed."""

    def make(
        table: pa.Table | None = None,
        *,
        name: str = "orders",
        kind: str = "interactions",
        roles: dict[str, str] | None = None,
        owner: Organisation | None = None,
    ) -> Dataset:
        table = events_table() if table is None else table
        roles = {"user": "customer", "item": "code", "time": "at"} if roles is None else roles
        dataset = Dataset.objects.create(organisation=owner or organisation, name=name, kind=kind, source_kind="path")
        key = f"snapshots/{dataset.pk}.parquet"
        path = Path(settings.MEDIA_ROOT) / key
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        snapshot = Snapshot.objects.create(
            dataset=dataset, number=1, digest="0" * 64, rows=len(table), bytes=path.stat().st_size, storage_key=key
        )
        meaning = {column: role for role, column in roles.items()}
        Column.objects.bulk_create(
            Column(snapshot=snapshot, position=n, name=column, type="text", role=meaning.get(column, ""))
            for n, column in enumerate(table.column_names)
        )
        return dataset

    return make


@pytest.fixture
def dataset(make_dataset: MakeDataset) -> Dataset:
    return make_dataset()
