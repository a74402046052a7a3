from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from assessments.accounts.models import Organisation
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.recommenders.models import MetricValue, ModelBundle, TrainingRun
from assessments.recommenders.places import places_of
from ml.evaluation.harness import Evaluation
from ml.evaluation.protocol import Protocol
from ml.evaluation.stored import write_values

PROTOCOL = Protocol(split="time:0.8", train_until="2026-01-01T00:00:00Z", test_until="")
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
def finished(home: Path) -> Callable[..., TrainingRun]:
    """A run as training leaves it: metrics, differences, a bundle and the values of each user, which are ``ndcg``."""

    def make(
        dataset: Dataset, *, ndcg: Sequence[float] = (0.1, 0.2, 0.3), low: float | None = 0.01, **changes: Any
    ) -> TrainingRun:
        comparison = {"model": "ease", "baseline": "recent_popular", "metric": "ndcg@10", "difference": 0.05}
        fields: dict[str, Any] = {
            "snapshot": dataset.snapshots.get(),
            "model_name": "ease",
            "split": "time:0.8",
            "state": "succeeded",
            "protocol": PROTOCOL.document(),
            "protocol_digest": PROTOCOL.digest,
            "comparisons": [{**comparison, "low": low, "high": 0.09, "users": len(ndcg)}],
        }
        run = TrainingRun.objects.create(dataset=dataset, **(fields | changes))
        MetricValue.objects.create(run=run, model=run.model_name, name="ndcg@10", value=float(np.mean(ndcg)))
        places = places_of(run)
        places.bundle.mkdir(parents=True)
        for name in ("manifest.json", "vocabulary.json", "weights.safetensors"):
            (places.bundle / name).write_text("{}")
        (places.bundle / "README.md").write_text("# What it is good for")
        users = np.array([f"c{n}" for n in range(len(ndcg))], dtype=object)
        write_values(places.values, Evaluation(users, {"ndcg@10": np.array(ndcg, float)}, {}, PROTOCOL))
        key = str(places.bundle.relative_to(settings.MEDIA_ROOT))
        ModelBundle.objects.create(run=run, storage_key=key, digest=f"{run.pk:064d}", bytes=6)
        run.values_key = str(places.values.relative_to(settings.MEDIA_ROOT))
        run.save()
        return run

    return make


@pytest.fixture
def dataset(make_dataset: MakeDataset) -> Dataset:
    return make_dataset()
