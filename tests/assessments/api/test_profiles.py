"""Profiles and suggested rules through the API."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.test import Client

from assessments.quality.models import Rule, RuleSuggestion

BASE = "/api/v1"


def test_suggestions_are_accepted_and_declined(world: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    steward = client_as("steward")
    other = RuleSuggestion.objects.create(
        snapshot=world.snapshot, name="item is full", check_name="completeness", columns=["item"], reason="It is."
    )
    told = steward.get(f"{BASE}/rule-suggestions/", {"state": "open"}).json()
    assert [one["name"] for one in told["results"]] == ["user is full", "item is full"]
    declined = steward.post(f"{BASE}/rule-suggestions/{world.suggestion.pk}/decline/").json()
    assert (declined["state"], declined["decided_by"]) == ("declined", "steward")
    assert steward.post(f"{BASE}/rule-suggestions/{world.suggestion.pk}/accept/").status_code == 409
    body = {"suggestions": [other.pk, 10**6]}
    address, kind = f"{BASE}/rule-suggestions/accept/", "application/json"
    assert steward.post(address, body, content_type=kind).status_code == 404
    assert not Rule.objects.filter(name="item is full").exists()
    added = steward.post(address, {"suggestions": [other.pk]}, content_type=kind).json()
    assert [rule["name"] for rule in added] == ["item is full"]


def test_a_profile_and_the_jobs_that_make_it(
    world: SimpleNamespace, client_as: Callable[[str], Client], sent: list[Any]
) -> None:
    steward = client_as("steward")
    detail = steward.get(f"{BASE}/profiles/{world.profile.pk}/").json()
    assert detail["content"] == {"version": 1, "rows": 10}
    assert "content" not in steward.get(f"{BASE}/profiles/").json()["results"][0]
    for address in ("profiles", "rule-suggestions"):
        made = steward.post(f"{BASE}/{address}/", {"dataset": world.dataset.pk}, content_type="application/json")
        assert made.status_code == 202, made.content
        wrong = steward.post(f"{BASE}/{address}/", {}, content_type="application/json")
        assert wrong.status_code == 400
