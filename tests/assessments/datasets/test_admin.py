"""Datasets in the admin panel: hostile names are shown as text, what was read cannot be changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from assessments.accounts.models import User
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
