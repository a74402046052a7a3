"""Datasets in the admin panel: hostile names are shown as text, what was read cannot be changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from assessments.accounts.models import Organisation, User
from assessments.datasets.services import dataset_create
from assessments.datasets.sources import SourceSpec
from tests.assessments.datasets.conftest import Registers

pytestmark = pytest.mark.django_db


def test_panel(register: Registers, write: Callable[..., Path]) -> None:
    name = "<script>alert(1)</script>"
    snapshot = register(write("a.csv", f"{name},b\n1,2\n"), name=name, kind="items", roles={"item": name})
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "correct horse battery"))
    for address in (
        reverse("admin:datasets_dataset_changelist"),
        reverse("admin:datasets_dataset_change", args=[snapshot.dataset_id]),
        reverse("admin:datasets_snapshot_changelist"),
        reverse("admin:datasets_snapshot_change", args=[snapshot.pk]),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert name not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()
    change = reverse("admin:datasets_snapshot_change", args=[snapshot.pk])
    assert client.post(change, {"digest": "0" * 64}).status_code == 403


def test_the_key_in_an_address_is_shown_nowhere(organisation: Organisation, client_as: Callable[[str], Client]) -> None:
    dataset = dataset_create(
        organisation=organisation,
        name="orders",
        kind="interactions",
        source=SourceSpec("url", "https://shop.example/orders.csv?key=SECRET"),
    )
    client = client_as("administrator")
    for address in (
        f"/datasets/{dataset.pk}/",
        f"/api/v1/datasets/{dataset.pk}/",
        reverse("admin:datasets_dataset_change", args=[dataset.pk]),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert "orders.csv?key=…" in page.content.decode(), address
        assert "SECRET" not in page.content.decode(), address
