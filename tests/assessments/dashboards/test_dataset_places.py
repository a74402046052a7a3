"""Tables of databases and objects of stores where a dataset is registered: only names, never addresses."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from assessments.common.named import named_places
from assessments.datasets.models import Dataset
from assessments.jobs.models import Job

Signs = Callable[[str], Client]
TABLE = {"source": "database", "connection": "shop", "table": "public.orders"}


@pytest.fixture(autouse=True)
def _places(settings: LazySettings) -> None:
    settings.CONNECTIONS = named_places(
        "shop=postgresql://reader:secret@db.internal/shop#organisations=harbour&schemas=public "
        "theirs=postgresql://reader:secret@db.internal/theirs#organisations=other",
        setting="GOVERN_CONNECTIONS",
        schemes=("postgresql",),
    )
    settings.OBJECT_STORES = named_places(
        "raw=s3://KEY:secret@raw/shop#organisations=harbour", setting="GOVERN_OBJECT_STORES", schemes=("s3",)
    )


def posted(**data: Any) -> dict[str, Any]:
    return {"name": "sales", "kind": "interactions", **data}


def test_the_form_offers_names_and_nothing_else(client_as: Signs) -> None:
    text = client_as("steward").get("/datasets/new/").content.decode()
    assert '<option value="shop">shop</option>' in text
    assert "a table in a database" in text
    for hidden in ("theirs", "secret", "reader", "db.internal", "KEY"):
        assert hidden not in text


def test_an_organisation_without_places_is_offered_none(client_as: Signs, settings: LazySettings) -> None:
    settings.CONNECTIONS, settings.OBJECT_STORES = {}, {}
    text = client_as("steward").get("/datasets/new/").content.decode()
    assert "a table in a database" not in text
    assert "an object in a store" not in text
    assert client_as("steward").post("/datasets/new/", posted(**TABLE)).status_code == 400
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(("more", "options"), [({}, {}), ({"copy": "on"}, {"copy": True})])
def test_a_table_is_registered_by_the_name_of_its_connection(
    client_as: Signs, sent: list[Any], more: dict[str, str], options: dict[str, bool]
) -> None:
    client_as("steward").post("/datasets/new/", posted(**TABLE, **more))
    dataset = Dataset.objects.get()
    assert (dataset.source_kind, dataset.source_location) == ("database", "shop:public.orders")
    assert dataset.source_options == options
    assert Job.objects.get().parameters == {"dataset_id": dataset.pk}


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({**TABLE, "table": ""}, 400),
        ({**TABLE, "connection": ""}, 400),
        ({**TABLE, "connection": "theirs"}, 400),
        ({**TABLE, "table": "private.orders"}, 403),
        ({**TABLE, "table": "orders"}, 400),
        ({"source": "object", "object": ""}, 400),
        ({"source": "object", "object": "s3://raw/other/x.csv"}, 403),
    ],
)
def test_what_may_not_be_read_is_refused_and_nothing_is_made(
    client_as: Signs, data: dict[str, str], status: int
) -> None:
    assert client_as("steward").post("/datasets/new/", posted(**data)).status_code == status
    assert not Dataset.objects.exists()
    assert not Job.objects.exists()


def test_a_viewer_registers_nothing(client_as: Signs) -> None:
    assert client_as("viewer").post("/datasets/new/", posted(**TABLE)).status_code == 403
    assert not Dataset.objects.exists()


def test_an_object_and_a_sheet_are_registered(client_as: Signs, sent: list[Any]) -> None:
    client_as("steward").post(
        "/datasets/new/", posted(source="object", object="s3://raw/shop/book.xlsx", sheet="Orders 2024")
    )
    dataset = Dataset.objects.get()
    assert (dataset.source_kind, dataset.source_location) == ("object", "s3://raw/shop/book.xlsx")
    assert dataset.source_options == {"sheet": "Orders 2024"}


def test_a_look_at_a_table_is_shown_as_what_it_is(shop: SimpleNamespace, client_as: Signs) -> None:
    Dataset.objects.filter(pk=shop.dataset.pk).update(source_kind="database", source_location="shop:public.orders")
    shop.dataset.snapshots.update(in_place=True, storage_key="", bytes=0)
    text = client_as("viewer").get(f"/datasets/{shop.dataset.pk}/").content.decode()
    assert "shop:public.orders" in text
    assert "left where it is" in text
