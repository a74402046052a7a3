"""Searches for personal data in the score: the gate, the share of rows, and what does not count."""

import pytest
from django.utils import timezone
from shop import PERIOD, Shop

from assessments.accounts.models import User
from assessments.dashboards.evidence_links import linked
from assessments.quality.models import PersonalDataHit, PersonalDataScan
from assessments.scoring.canonical import parse
from assessments.scoring.indicators.data import personal_data_protected, unprotected_personal_data
from assessments.scoring.indicators.registry import Ask, Context, Found
from assessments.scoring.seal import verify
from assessments.scoring.services import assessment_compute, assessment_export, assessment_publish


def asked(shop: Shop) -> tuple[Found, Found]:
    ask = Ask(Context(organisation=shop.organisation, period="2026-Q3", as_of=timezone.now()), {})
    return unprotected_personal_data(ask), personal_data_protected(ask)


def search(shop: Shop, **hit: object) -> PersonalDataHit | None:
    now = timezone.now()
    scan = PersonalDataScan.objects.create(snapshot=shop.orders.snapshot, state="succeeded", rows=1000, finished_at=now)
    if not hit:
        return None
    given = {"column": "contact", "entity": "email", "confidence": 0.95, "share": 0.2, "rows": 200} | hit
    return PersonalDataHit.objects.create(scan=scan, **given)


def test_without_a_search_nothing_changes(shop: Shop) -> None:
    gate, leaf = asked(shop)
    assert (gate.unit, gate.measure) == ("rules", {"kind": "count", "count": 0})
    assert [group["label"] for group in leaf.measure["groups"]] == ["reviews"]


def test_an_unprotected_hit_raises_the_gate_and_names_the_column(shop: Shop) -> None:
    hit = search(shop, entity="email")
    gate, leaf = asked(shop)
    assert gate.measure == {"kind": "count", "count": 1}
    assert (gate.sources[0]["type"], gate.sources[0]["label"]) == ("personal_data_hit", "contact: email")
    part = next(group["parts"][0] for group in leaf.measure["groups"] if group["label"] == "orders")
    assert part == {"passing": 800, "checked": 1000, "weight": 1.0}
    shown = linked(shop.organisation, gate.sources)[0]
    assert "contact" in shown["title"]
    assert shown["address"].endswith(f"/personal-data/#hit-{hit.pk}")


@pytest.mark.parametrize(
    "hit",
    [
        {"protection": "hashed"},
        {"confidence": 0.79},
        {"decision": "dismissed"},
        {"entity": "age"},
        {"entity": "user_id", "protection": "pseudonym"},
    ],
)
def test_what_does_not_count(shop: Shop, hit: dict[str, object]) -> None:
    search(shop, **hit)
    gate, leaf = asked(shop)
    assert gate.measure == {"kind": "count", "count": 0}
    assert all(group["parts"][0]["passing"] == group["parts"][0]["checked"] for group in leaf.measure["groups"])
    assert {group["label"] for group in leaf.measure["groups"]} == {"orders", "reviews"}


def test_the_sealed_export_of_such_an_assessment_can_be_computed_again(shop: Shop, members: dict[str, User]) -> None:
    search(shop, entity="email")
    assessment = assessment_compute(organisation=shop.organisation, period=PERIOD)
    result = assessment.document["result"]
    assert [gate["id"] for gate in result["gates"] if gate["raised"]] == ["unprotected_personal_data"]
    assessment_publish(assessment=assessment, user=members["administrator"])
    assert verify(parse(assessment_export(assessment))).valid


def test_a_confirmed_hit_counts_however_sure(shop: Shop) -> None:
    search(shop, confidence=0.5, decision="confirmed")
    assert asked(shop)[0].measure == {"kind": "count", "count": 1}


def test_the_newest_search_counts(shop: Shop) -> None:
    search(shop, entity="email")
    search(shop)
    assert asked(shop)[0].measure == {"kind": "count", "count": 0}
