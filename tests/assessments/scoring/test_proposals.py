"""The level that what was measured proposes, with where it comes from."""

from datetime import timedelta

import pytest
from django.utils import timezone
from shop import Shop, quality_run

from assessments.accounts.models import Organisation, User
from assessments.checklists.models import Questionnaire
from assessments.checklists.selectors import item_get
from assessments.checklists.services.evidence import evidence_measured
from assessments.datasets.models import Column, Dataset
from assessments.quality.models import Finding, PersonalDataScan, QualityRun, RuleResult
from assessments.recommenders.models import TrainingRun
from assessments.scoring.selectors import level_proposal

BOUND = {
    "quality.requirements": (1.0, "share", 5),
    "quality.checks": (1.0, "share", 5),
    "quality.analysis": (0.0, "share", 1),
    "quality.improvement": (0.0, "share", 1),
    "standards.reference": (1.0, "share", 5),
    "standards.elements": (1.0, "share", 5),
    "security.management": (1.0, "share", 5),
    "security.audit": (0.0, "share", 1),
    "lifecycle.operation": (0.0, "days", 5),
    "application.analysis": (0.3, "relative gain", 3),
    "application.service": (0.3, "coverage@10", 4),
}


def proposed(shop: Shop, key: str, questionnaire: Questionnaire | None = None) -> dict | None:
    asked = questionnaire or shop.questionnaire
    return level_proposal(asked, item_get(questionnaire=asked, key=key))


@pytest.mark.parametrize("key", BOUND)
def test_the_value_and_the_level_of_the_shop(key: str, shop: Shop) -> None:
    found = proposed(shop, key)
    value, unit, level = BOUND[key]
    assert found["value"] == pytest.approx(value)
    assert (found["unit"], found["level"], found["item"]) == (unit, level, key)


@pytest.mark.parametrize(
    "key", ["architecture.metadata", "architecture.distribution", "architecture.integration", "strategy.planning"]
)
def test_without_evidence_or_binding_there_is_no_proposal(key: str, shop: Shop) -> None:
    assert proposed(shop, key) is None


def test_a_proposal_names_the_runs_it_comes_from(shop: Shop) -> None:
    found = proposed(shop, "quality.checks")
    assert [(each["type"], each["id"], each["snapshot"], each["digest"]) for each in found["sources"]] == [
        ("quality_run", shop.orders.pk, 1, "1" * 64),
        ("quality_run", shop.reviews.pk, 1, "1" * 64),
    ]
    assert found["date"] == shop.orders.finished_at.isoformat()
    assert found["cuts"] == [0.1, 0.8, 0.95, 1.0]
    assert found["measure"]["groups"][0]["parts"] == [{"value": 1.0, "standard_error": 0.0, "counted": 2, "of": 2}]


def test_the_recommender_names_its_training_run(shop: Shop) -> None:
    assert [(each["type"], each["id"]) for each in proposed(shop, "application.analysis")["sources"]] == [
        ("training_run", shop.training.pk)
    ]


def test_a_share_that_passes_falls_below_a_cut(shop: Shop) -> None:
    RuleResult.objects.filter(rule_name="one line per key").update(rows_failing=60)
    found = proposed(shop, "standards.reference")
    assert (found["value"], found["level"]) == (pytest.approx(0.94), 3)


def test_evidence_that_is_too_old_proposes_nothing(shop: Shop) -> None:
    QualityRun.objects.update(finished_at=timezone.now() - timedelta(days=101))
    assert proposed(shop, "standards.reference") is None
    found = proposed(shop, "lifecycle.operation")
    assert (found["value"], found["level"]) == (101.0, 1)


def test_days_count_from_the_dataset_that_waits_longest(shop: Shop) -> None:
    QualityRun.objects.filter(pk=shop.reviews.pk).update(finished_at=timezone.now() - timedelta(days=7, hours=1))
    found = proposed(shop, "lifecycle.operation")
    assert (found["value"], found["level"]) == (7.0, 4)


def test_a_dataset_that_nobody_checked_waits_since_its_snapshot(shop: Shop) -> None:
    run = quality_run(shop.organisation, "clicks")
    run.delete()
    run.snapshot.dataset.snapshots.update(created_at=timezone.now() - timedelta(days=40))
    found = proposed(shop, "lifecycle.operation")
    assert (found["value"], found["level"]) == (40.0, 2)
    assert found["missing"] == [{"dataset": "clicks", "reason": "not_checked"}]
    checked = proposed(shop, "quality.checks")
    assert (checked["value"], checked["level"]) == (pytest.approx(2 / 3), 2)


def test_columns_with_a_role_count_by_dataset(shop: Shop) -> None:
    for snapshot, roles in (
        (shop.orders.snapshot, ["user", "item", "time", ""]),
        (shop.reviews.snapshot, ["text", ""]),
    ):
        for place, role in enumerate(roles):
            Column.objects.create(snapshot=snapshot, position=place, name=f"c{place}", type="VARCHAR", role=role)
    found = proposed(shop, "architecture.metadata")
    assert (found["value"], found["level"]) == (pytest.approx((0.75 + 0.5) / 2), 3)
    assert [each["id"] for each in found["sources"]] == [shop.orders.snapshot_id, shop.reviews.snapshot_id]


def test_a_dataset_without_rules_lowers_the_requirements(shop: Shop) -> None:
    shop.reviews.snapshot.dataset.rules.update(enabled=False)
    found = proposed(shop, "quality.requirements")
    assert (found["value"], found["level"]) == (0.5, 2)
    assert found["missing"] == [{"dataset": "reviews", "reason": "no_rule"}]


def test_a_searched_dataset_counts_for_the_audit(shop: Shop) -> None:
    scan = PersonalDataScan.objects.create(
        snapshot=shop.orders.snapshot, state="succeeded", rows=1000, finished_at=timezone.now()
    )
    found = proposed(shop, "security.audit")
    assert (found["value"], found["level"]) == (0.5, 2)
    assert [(each["type"], each["id"]) for each in found["sources"]] == [("personal_data_scan", scan.pk)]


def test_findings_that_are_settled_and_owned(shop: Shop, members: dict[str, User]) -> None:
    dataset, today = shop.orders.snapshot.dataset, timezone.localdate()
    for number, more in enumerate(
        (
            {"state": "resolved", "resolved_at": timezone.now()},
            {"state": "accepted", "accepted_until": today + timedelta(days=1)},
            {"state": "accepted", "accepted_until": today - timedelta(days=1)},
        )
    ):
        Finding.objects.create(dataset=dataset, title=f"f{number}", severity="error", owner=members["steward"], **more)
    settled, owned = proposed(shop, "quality.improvement"), proposed(shop, "quality.analysis")
    assert (settled["value"], settled["level"]) == (0.5, 3)
    assert {each["label"] for each in settled["sources"]} == {"f0", "f1"}
    assert (owned["value"], owned["level"]) == (0.75, 3)


def test_without_a_finding_there_is_nothing_to_settle(shop: Shop) -> None:
    Finding.objects.all().delete()
    assert proposed(shop, "quality.improvement") is None


def test_when_the_datasets_are_gone_nothing_is_proposed_and_what_was_kept_stays(shop: Shop) -> None:
    kept = proposed(shop, "quality.checks")
    answer = next(each for each in shop.answers if each.item.key == "quality.checks")
    evidence_measured(answer=answer, proposal=kept)
    TrainingRun.objects.all().delete()
    Dataset.objects.all().delete()
    for key in BOUND:
        assert proposed(shop, key) is None
    assert answer.evidence.get().document == kept


def test_another_organisation_is_not_measured_by_ours(shop: Shop, other_organisation: Organisation) -> None:
    theirs = Questionnaire.objects.create(
        organisation=other_organisation, framework=shop.questionnaire.framework, period="2026-Q3"
    )
    for key in BOUND:
        assert proposed(shop, key, theirs) is None
