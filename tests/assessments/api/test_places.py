"""Tables and objects through the API: named places only, and a look at a table says that it is one."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from assessments.common.named import named_places
from assessments.datasets.models import Dataset, Snapshot
from assessments.jobs.models import Job

BASE = "/api/v1/datasets/"


@pytest.fixture(autouse=True)
def _places(settings: LazySettings) -> None:
    settings.CONNECTIONS = named_places(
        "shop=postgresql://reader:secret@127.0.0.1:9/shop", setting="GOVERN_CONNECTIONS", schemes=("postgresql",)
    )


@pytest.fixture
def steward(client_as: Any, home: Any, sent: list[Any]) -> Client:
    client: Client = client_as("steward")
    return client


def register(client: Client, **source: Any) -> Any:
    return client.post(BASE, {"name": "orders", "kind": "items", **source}, content_type="application/json")


def test_a_table_is_accepted_and_shown_without_its_address(steward: Client) -> None:
    answer = register(steward, table="shop:public.orders", options={"copy": True})
    assert answer.status_code == 202, answer.content
    dataset = Dataset.objects.get()
    assert (dataset.source_kind, dataset.source_location, dataset.source_options) == (
        *("database", "shop:public.orders"),
        {"copy": True},
    )
    assert "secret" not in answer.content.decode() + steward.get(f"{BASE}{dataset.pk}/").content.decode()


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ({"table": "other:public.orders"}, 403),
        ({"table": "postgresql://u:p@h/d.t"}, 403),
        ({"object": "s3://raw/orders.csv"}, 403),
        ({"table": "shop:public.orders", "options": {"copy": "no"}}, 400),
        ({"table": "shop:public.orders", "url": "https://example.org/x.csv"}, 400),
    ],
)
def test_what_may_not_be_read_is_refused_and_nothing_is_made(
    steward: Client, source: dict[str, Any], status: int
) -> None:
    assert register(steward, **source).status_code == status
    assert (Dataset.objects.count(), Job.objects.count()) == (0, 0)


def test_a_viewer_and_another_organisation_register_nothing(client_as: Any, settings: LazySettings) -> None:
    assert register(client_as("viewer"), table="shop:public.orders").status_code == 403
    settings.CONNECTIONS = named_places(
        "shop=postgresql://r:p@db/shop#organisations=harbour", setting="x", schemes=("postgresql",)
    )
    assert register(client_as("outsider"), table="shop:public.orders").status_code == 403
    assert not Dataset.objects.exists()


def test_a_look_says_that_it_is_one(steward: Client) -> None:
    register(steward, table="shop:public.orders")
    snapshot = Snapshot.objects.create(
        dataset=Dataset.objects.get(), number=1, digest="0" * 64, rows=3, bytes=0, in_place=True
    )
    assert steward.get(f"/api/v1/snapshots/{snapshot.pk}/").json()["in_place"] is True
