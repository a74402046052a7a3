"""The page on personal data: empty, with hits, deciding, measuring the risk; nothing unmasked anywhere."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.quality.models import Finding, PersonalDataHit
from assessments.quality.services.personal_data import personal_data_scan


def page_address(shop: SimpleNamespace) -> str:
    return reverse("dataset-personal-data", args=[shop.dataset.pk])


def test_an_empty_page_has_its_button(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    shop.hit.scan.delete()
    text = client_as("steward").get(page_address(shop)).content.decode()
    assert "Nobody has looked for personal data here yet" in text
    assert reverse("personal-data-search", args=[shop.dataset.pk]) in text
    assert "Search for personal data" not in client_as("viewer").get(page_address(shop)).content.decode()


def test_searching_starts_a_job(shop: SimpleNamespace, client_as: Callable[[str], Client], sent: list[Any]) -> None:
    response = client_as("steward").post(reverse("personal-data-search", args=[shop.dataset.pk]))
    assert response.status_code == 302
    assert response["Location"].startswith("/jobs/")


def test_what_was_found_and_why(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    shop.hit.evidence = {"rule": "name", "name": 1.0, "fits": 0.98, "proof": False, "distinct": 0.4, "looked_at": 100}
    shop.hit.examples = ["a••••••••"]
    shop.hit.save()
    text = client_as("viewer").get(page_address(shop)).content.decode()
    for shown in ("E-mail address", "unprotected", "its name says so", "98.0 % of the cells", "a••••••••", "GDPR 4(1)"):
        assert shown in text, shown
    assert "It is personal data" not in text


def test_deciding(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    steward, address = client_as("steward"), reverse("personal-data-decide", args=[shop.hit.pk])
    refused = steward.post(address, {"decision": "dismissed", "reason": ""})
    assert refused.status_code == 400
    assert "Dismissing needs a reason" in refused.content.decode()
    assert PersonalDataHit.objects.get().decision == "open"
    assert steward.post(address, {"decision": "confirmed"}).status_code == 302
    assert PersonalDataHit.objects.get().decision == "confirmed"
    assert Finding.objects.get(kind="personal_data").subject == "user:email"
    assert steward.post(address, {"decision": "dismissed", "reason": "generated names"}).status_code == 302
    assert Finding.objects.get(kind="personal_data").state == "resolved"
    assert steward.post(address, {"decision": "else"}).status_code == 400


def test_measuring_the_risk(shop: SimpleNamespace, client_as: Callable[[str], Client], sent: list[Any]) -> None:
    steward, address = client_as("steward"), reverse("personal-data-risk", args=[shop.dataset.pk])
    assert steward.post(address, {"columns": []}).status_code == 400
    assert steward.post(address, {"columns": ["nowhere"]}).status_code == 400
    name = shop.snapshot.columns.first().name
    assert steward.post(address, {"columns": [name]}).status_code == 302


def test_a_search_of_real_rows_shows_its_page(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    personal_data_scan(snapshot=shop.snapshot)
    assert client_as("viewer").get(page_address(shop)).status_code == 200


@pytest.mark.parametrize("more", [30])
def test_more_hits_ask_no_more(more: int, shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("steward")
    client.get(page_address(shop))
    few = queries(client, page_address(shop))
    for at in range(more):
        PersonalDataHit.objects.create(scan=shop.hit.scan, column=f"c{at}", entity="phone", confidence=0.9, share=1.0)
    assert queries(client, page_address(shop)) <= few
    assert "1 to 25 of 31" in client.get(page_address(shop)).content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
