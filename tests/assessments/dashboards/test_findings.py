"""What is wrong now: filters in the address, accepting with a reason."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from assessments.quality.models import Finding
from assessments.quality.services.findings import finding_open


def titles(client: Client, query: str = "") -> list[str]:
    return [finding.title for finding in client.get(f"/findings/{query}").context["page"]]


def test_open_findings_are_shown_gravest_first(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    assert titles(client) == ["price is positive", "user is known"]
    text = client.get("/findings/").content.decode()
    assert "25.0 %" in text
    assert f'href="/datasets/{shop.dataset.pk}/#rule-{shop.finding.last_result_id}"' in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?severity=error", ["user is known"]),
        ("?severity=critical", ["price is positive"]),
        ("?state=resolved", []),
        ("?state=", ["price is positive", "user is known"]),
        ("?state=nonsense&dataset=x", ["price is positive", "user is known"]),
        ("?dataset=99999", ["price is positive", "user is known"]),
    ],
)
def test_filters_are_in_the_address(
    query: str, shown: list[str], shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    assert titles(client_as("viewer"), query) == shown


def test_nothing_found_says_when_and_by_what(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = client_as("viewer").get("/findings/?state=resolved").content.decode()
    assert "Nothing found" in text
    assert f'href="/datasets/{shop.dataset.pk}/#rules"' in text


def test_nothing_checked_is_not_nothing_found(client_as: Callable[[str], Client]) -> None:
    text = client_as("viewer").get("/findings/").content.decode()
    assert "Nothing has been checked yet" in text
    assert "Nothing found" not in text


def test_a_finding_is_accepted_with_a_reason(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    until = timezone.localdate() + timedelta(days=30)
    data = {"reason": "Refunds are <negative>.", "until": until.isoformat()}
    assert client_as("steward").post(f"/findings/{shop.finding.pk}/accept/", data).status_code == 302
    shop.finding.refresh_from_db()
    assert (shop.finding.state, shop.finding.accepted_until) == ("accepted", until)
    text = client_as("viewer").get("/findings/?state=accepted").content.decode()
    assert "Refunds are &lt;negative&gt;." in text


@pytest.mark.parametrize(
    "data", [{"reason": "", "until": "2999-01-01"}, {"reason": "Known."}, {"reason": "Known.", "until": "2001-01-01"}]
)
def test_without_reason_or_end_it_stays_open(
    data: dict[str, str], shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    assert client_as("steward").post(f"/findings/{shop.finding.pk}/accept/", data).status_code == 400
    assert Finding.objects.get(pk=shop.finding.pk).state == "open"


def test_what_no_rule_measures_shows_its_share(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    for share in (0.5, 0.125):
        finding_open(
            dataset=shop.dataset,
            kind=Finding.Kind.PERSONAL_DATA,
            subject="email:email",
            title="E-mail address unprotected in “email”",
            severity="error",
            share=share,
        )
    text = client_as("viewer").get("/findings/").content.decode()
    assert "12.5 %" in text
    assert "50.0 %" not in text
