"""Assessments from rows of evidence: what is known, what each number leads to, publishing and its chain."""

import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from shop import PERIOD, Shop, quality_run, rule_result, shop_of, training_run

from assessments.accounts.models import AuditEvent, Organisation, User
from assessments.checklists.models import Answer, Item, Questionnaire
from assessments.checklists.selectors import framework_document
from assessments.checklists.services import framework_load, questionnaire_carry_over
from assessments.common.errors import ConflictError, GovernError, NotFoundError
from assessments.quality.models import Finding
from assessments.quality.selectors import dimension_scores
from assessments.scoring.canonical import parse
from assessments.scoring.models import Assessment, Score, ScoringModel
from assessments.scoring.seal import verify
from assessments.scoring.selectors import (
    assessment_get,
    assessment_latest,
    assessment_previous,
    assessment_verify,
    scores_of,
)
from assessments.scoring.services import (
    assessment_compute,
    assessment_export,
    assessment_publish,
    period_of,
    scoring_model_save,
    scoring_models_load,
)
from assessments.scoring.weights import entropy_weights

pytestmark = pytest.mark.django_db


def computed(shop: Shop, period: str = PERIOD, **more: Any) -> Assessment:
    return assessment_compute(organisation=shop.organisation, period=period, **more)


def leaf(assessment: Assessment, path: str) -> Score:
    return assessment.scores.get(path=path)


def test_the_score_of_a_shop_worked_by_hand(shop: Shop) -> None:
    assessment = computed(shop)
    # Level 3 lies half way between the cuts 2.5 (40) and 3.5 (60).
    assert leaf(assessment, "maturity").value == pytest.approx(50)
    # Orders: (4 * 0.9 + 2 * 1) / 6 of the weight passes; reviews: all. Each dataset counts the same.
    raw = ((4 * 0.9 + 2 * 1.0) / 6 + 1.0) / 2
    assert leaf(assessment, "data.completeness").raw == pytest.approx(raw)
    assert leaf(assessment, "data.completeness").value == pytest.approx(
        40 + (raw - 0.90) / 0.05 * 20 if raw < 0.95 else 60 + (raw - 0.95) / 0.04 * 20
    )
    # NDCG 0.13 against 0.10 is a gain of 0.30, on the cut 40; AUC 0.85 is 70; coverage 0.30 is 64.
    assert leaf(assessment, "recommender.skill").raw == pytest.approx(0.3)
    assert leaf(assessment, "recommender").value == pytest.approx((2 * 40 + 70 + 64) / 4)
    pillars = [leaf(assessment, path).value or 0 for path in ("maturity", "data", "recommender")]
    assert assessment.score == pytest.approx((pillars[0] * pillars[1] * pillars[2]) ** (1 / 3))
    assert assessment.low is not None
    assert assessment.high is not None
    assert assessment.score is not None
    assert assessment.low < assessment.score < assessment.high
    # Of the data pillar's nine ninths, completeness, uniqueness, validity, two of privacy and one of checks are known.
    assert leaf(assessment, "data").coverage == pytest.approx(6 / 9)
    assert assessment.coverage == pytest.approx((1 + 6 / 9 + 1) / 3)


def test_the_same_arithmetic_as_the_quality_page(shop: Shop) -> None:
    rule_result(shop.reviews, "text is long", "completeness", 7, 10, severity="critical")
    shown = [
        next(score.value for score in dimension_scores(run) if score.dimension == "completeness")
        for run in (shop.orders, shop.reviews)
    ]
    assert leaf(computed(shop), "data.completeness").raw == pytest.approx(sum(filter(None, shown)) / 2, abs=1e-12)


def test_every_leaf_leads_to_its_evidence(shop: Shop) -> None:
    assessment = computed(shop)
    answer = leaf(assessment, "maturity.strategy.planning").evidence[0]
    assert (answer["type"], answer["level"], answer["item"]) == ("answer", 3, "strategy.planning")
    assert Answer.objects.filter(pk=answer["id"]).exists()
    assert "assessor" not in answer
    rules = leaf(assessment, "data.completeness").evidence
    assert {(row["dataset"], row["label"], row["rows_failing"]) for row in rules} == {
        ("orders", "customer is known", 100),
        ("orders", "date is known", 0),
        ("reviews", "text is known", 0),
    }
    run = leaf(assessment, "recommender.skill").evidence[0]
    assert (run["type"], run["id"], run["protocol_digest"]) == ("training_run", shop.training.pk, "p" * 64)
    for score in scores_of(assessment):
        for source in score.evidence:
            assert {"type", "id", "label", "date", "digest"} <= set(source)


def test_the_default_model_asks_for_the_items_of_the_shipped_framework(shop: Shop) -> None:
    leaves = computed(shop).document["evidence"]["leaves"]
    items = {path.removeprefix("maturity.") for path in leaves if path.startswith("maturity.")}
    assert items == {answer.item.key for answer in shop.answers}
    assert len(items) == 28


def test_several_raters_widen_what_they_disagree_on(shop: Shop, members: dict[str, User]) -> None:
    item = shop.answers[0].item
    for name, level in (("steward", 1), ("auditor", 5)):
        Answer.objects.create(
            questionnaire=shop.questionnaire, item=item, assessor=members[name], status="level", level=level
        )
    assessment = computed(shop)
    found = leaf(assessment, f"maturity.{item.key}")
    agreed = leaf(assessment, f"maturity.{shop.answers[1].item.key}")
    assert (found.raw, len(found.evidence)) == (3.0, 3)
    assert found.high - found.low > agreed.high - agreed.low


def test_unknown_and_not_applicable_answers(shop: Shop) -> None:
    first, second = shop.answers[0], shop.answers[1]
    Answer.objects.filter(pk=first.pk).update(status="unknown", level=None)
    Answer.objects.filter(pk=second.pk).update(status="not_applicable", level=None)
    leaves = computed(shop).document["evidence"]["leaves"]
    assert (leaves[f"maturity.{first.item.key}"]["state"], leaves[f"maturity.{first.item.key}"]["reason"]) == (
        "unknown",
        "not_known",
    )
    assert leaves[f"maturity.{second.item.key}"]["state"] == "not_applicable"


def test_evidence_grows_too_old(shop: Shop) -> None:
    assessment = computed(shop, as_of=timezone.now() + timedelta(days=150))
    leaves = assessment.document["evidence"]["leaves"]
    assert leaves["data.completeness"]["reason"] == "expired"
    assert leaves["recommender.skill"]["state"] == "known"
    assert leaves["maturity.strategy.planning"]["state"] == "known"
    assert leaf(assessment, "data").value is not None  # the share of datasets under check is known: it is nought


def test_answers_to_another_framework_score_nothing_here(shop: Shop, members: dict[str, User], tmp_path: Path) -> None:
    """Even one with the same keys: the scoring model names the framework whose items it asks for."""
    before = leaf(computed(shop), "maturity").value
    document = framework_document(shop.questionnaire.framework) | {"id": "another", "source": "made for a test"}
    other = framework_load(written(tmp_path, document))
    made = Questionnaire.objects.create(organisation=shop.organisation, framework=other, period=PERIOD)
    for item in Item.objects.filter(domain__framework=other):
        Answer.objects.create(questionnaire=made, item=item, assessor=members["assessor"], status="level", level=5)
    assert leaf(computed(shop), "maturity").value == before
    shop.questionnaire.delete()
    leaves = computed(shop).document["evidence"]["leaves"]
    assert leaves["maturity.strategy.planning"]["reason"] == "no_questionnaire"


def test_carried_answers_keep_their_age_and_waiting_ones_do_not_count(
    shop: Shop, members: dict[str, User], tmp_path: Path
) -> None:
    said = timezone.now() - timedelta(days=100)
    Answer.objects.update(changed_at=said)
    document = framework_document(shop.questionnaire.framework) | {"version": 99, "source": "made for a test"}
    document["domains"][0]["items"][0]["question"] = {"en": "Is it asked anew?", "zh": "是否重新提问？"}
    newer = framework_load(written(tmp_path, document))
    result = questionnaire_carry_over(
        questionnaire=shop.questionnaire, framework=newer, period=PERIOD, user=members["assessor"]
    )
    assert (result.carried, result.waiting) == (27, 1)
    assessment = computed(shop)
    leaves = assessment.document["evidence"]["leaves"]
    assert leaf(assessment, "maturity.strategy.planning").value is None
    assert leaves["maturity.strategy.planning"]["reason"] == "not_answered"
    assert leaves["maturity.strategy.implementation"]["date"] == said.isoformat()
    assert leaf(assessment, "maturity").value == pytest.approx(50)


def written(folder: Path, document: dict[str, Any]) -> Path:
    path = folder / "framework.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    return path


def test_evidence_of_later_does_not_count(shop: Shop) -> None:
    assessment = computed(shop, as_of=timezone.now() - timedelta(days=1))
    assert assessment.score is None


def test_only_the_newest_snapshot_counts(shop: Shop) -> None:
    rule_result(quality_run(shop.organisation, "orders", number=2), "customer is known", "completeness", 1, 2)
    assert leaf(computed(shop), "data.completeness").raw == pytest.approx((0.5 + 1) / 2)


def test_a_dataset_that_nobody_checked_is_named(shop: Shop) -> None:
    quality_run(shop.organisation, "users").delete()
    found = computed(shop).document["evidence"]["leaves"]["data.checked"]
    assert found["measure"]["groups"][0]["parts"][0]["value"] == pytest.approx(2 / 3)
    assert found["missing"] == [{"dataset": "users", "reason": "not_checked"}]


def test_another_organisations_evidence_is_not_seen(shop: Shop, other_organisation: Organisation) -> None:
    assert assessment_compute(organisation=other_organisation, period=PERIOD).score is None


def test_unprotected_personal_data_caps_the_level(shop: Shop) -> None:
    rule_result(shop.reviews, "no phone", "validity", 9, 10, parameters={"personal_data": "phone"})
    assessment = computed(shop)
    result = assessment.document["result"]
    assert [gate["id"] for gate in result["gates"] if gate["raised"]] == ["unprotected_personal_data"]
    assert (assessment.level, result["level_by_score"] > 2) == (2, True)
    assert leaf(assessment, "data.privacy").raw == pytest.approx(0.9)


def test_a_critical_finding_caps_the_level_until_it_is_closed(shop: Shop) -> None:
    rule_result(shop.orders, "no negative price", "validity", 999, 1000, severity="critical")
    gates = computed(shop).document["result"]["gates"]
    assert [gate["id"] for gate in gates if gate["raised"]] == ["critical_findings"]


def test_runs_of_another_protocol_are_not_compared(shop: Shop) -> None:
    training_run(shop.orders.snapshot, "perceptron", ndcg=0.50, protocol="q" * 64)
    TrainingRun = type(shop.training)  # noqa: N806 - the class of the row
    TrainingRun.objects.filter(pk=shop.training.pk).update(finished_at=timezone.now() + timedelta(seconds=1))
    later = timezone.now() + timedelta(minutes=1)
    assert leaf(computed(shop, as_of=later), "recommender.skill").raw == pytest.approx(0.3)


def test_the_best_of_comparable_models_counts(shop: Shop) -> None:
    training_run(shop.orders.snapshot, "perceptron", ndcg=0.12)
    assert leaf(computed(shop), "recommender.skill").evidence[0]["model"] == "ease"


def test_a_better_run_that_is_too_old_does_not_count(shop: Shop) -> None:
    old = training_run(shop.orders.snapshot, "perceptron", ndcg=0.19)
    assert leaf(computed(shop), "recommender.skill").evidence[0]["model"] == "perceptron"
    type(old).objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=201))
    assert leaf(computed(shop), "recommender.skill").evidence[0]["model"] == "ease"


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({"state": "open"}, 1),
        ({"state": "accepted", "accepted_until": timedelta(0)}, 0),
        ({"state": "accepted", "accepted_until": timedelta(days=-1)}, 1),
        ({"state": "resolved", "resolved_at": timedelta(days=-1)}, 0),
        ({"state": "resolved", "resolved_at": timedelta(days=1)}, 1),
    ],
)
def test_the_gate_counts_the_findings_open_at_that_moment(shop: Shop, changes: dict[str, Any], counted: int) -> None:
    """An acceptance ends on its day, not with the next quality run."""
    rule_result(shop.orders, "key is whole", "integrity", 5, 10, severity="critical")
    now = timezone.now()
    dates = {"accepted_until": timezone.localdate(now), "resolved_at": now}
    values = {name: dates[name] + value if name in dates else value for name, value in changes.items()}
    Finding.objects.filter(severity="critical").update(**values)
    gates = {gate["id"]: gate for gate in computed(shop, as_of=now).document["result"]["gates"]}
    assert (gates["critical_findings"]["value"], gates["critical_findings"]["raised"]) == (counted, bool(counted))


def test_a_model_that_does_not_beat_recent_popularity_earns_nothing(shop: Shop) -> None:
    shop.training.delete()
    training_run(shop.orders.snapshot, ndcg=0.09)
    found = leaf(computed(shop), "recommender.skill")
    assert (found.raw, found.value) == (pytest.approx(-0.1), 0.0)


@pytest.mark.parametrize("period", ["Q3", "20٢٦-Q3", "2026-Q3\n"])
def test_a_wrong_period_is_refused(shop: Shop, period: str) -> None:
    with pytest.raises(GovernError, match="not a period"):
        computed(shop, period=period)
    assert not Assessment.objects.exists()


def test_the_quarter_of_a_date() -> None:
    day = timezone.now().replace(year=2026, month=7, day=1)
    assert [period_of(day.replace(month=month)) for month in (1, 3, 4, 12)] == [
        "2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4",
    ]  # fmt: skip


def test_same_evidence_same_numbers(shop: Shop) -> None:
    now = timezone.now()
    one, other = (computed(shop, as_of=now) for _ in range(2))
    assert one.document == other.document
    assert assessment_export(one) == assessment_export(other)


def test_publish_seals_and_chains(shop: Shop, members: dict[str, User]) -> None:
    first = assessment_publish(assessment=computed(shop), user=members["administrator"])
    second = assessment_publish(assessment=computed(shop, "2026-Q4"), user=members["administrator"])
    assert (first.state, first.previous_seal, second.previous_seal) == ("published", "", first.seal)
    assert assessment_verify(first).valid
    assert assessment_verify(second).valid
    assert verify(parse(assessment_export(second))).valid
    assert assessment_previous(second) == first
    assert assessment_latest(shop.organisation, published_only=True).period in {PERIOD, "2026-Q4"}
    assert AuditEvent.objects.filter(action="assessment.publish", detail__seal=first.seal).count() == 1


def test_publishing_twice_is_refused_and_changes_nothing(shop: Shop) -> None:
    published = assessment_publish(assessment=computed(shop), user=None)
    before = assessment_export(published)
    with pytest.raises(ConflictError, match="already published"):
        assessment_publish(assessment=published, user=None)
    assert assessment_export(Assessment.objects.get(pk=published.pk)) == before


def test_nothing_known_is_not_published(organisation: Organisation) -> None:
    draft = assessment_compute(organisation=organisation, period=PERIOD)
    with pytest.raises(GovernError, match="Nothing is known"):
        assessment_publish(assessment=draft, user=None)
    draft.refresh_from_db()
    assert (draft.state, draft.seal) == ("draft", "")


def test_a_published_assessment_is_neither_saved_nor_deleted(shop: Shop) -> None:
    published = assessment_publish(assessment=computed(shop), user=None)
    published.score = 100.0
    for change in (published.save, published.delete):
        with pytest.raises(ConflictError, match="published"):
            change()
    assert Assessment.objects.get(pk=published.pk).score != 100.0


def test_the_database_refuses_to_change_what_is_sealed(shop: Shop) -> None:
    published = assessment_publish(assessment=computed(shop), user=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.filter(pk=published.pk).update(score=100.0)
    assert Assessment.objects.get(pk=published.pk).score == published.score


def test_two_cannot_follow_the_same_seal(shop: Shop) -> None:
    first = assessment_publish(assessment=computed(shop), user=None)
    other = computed(shop)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=other.pk).update(
            state="published", seal="f" * 64, previous_seal=first.previous_seal, published_at=timezone.now()
        )


def test_a_stored_row_or_chain_that_was_changed_is_found(shop: Shop) -> None:
    first = assessment_publish(assessment=computed(shop), user=None)
    second = assessment_publish(assessment=computed(shop, "2026-Q4"), user=None)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER scoring_published_never_changes")
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER scoring_published_never_changes ON scoring_assessment")
    Assessment.objects.filter(pk=second.pk).update(score=99.0)
    second.refresh_from_db()
    assert (assessment_verify(second).code, assessment_verify(second).where) == ("row", "score")
    Assessment.objects.filter(pk=second.pk).update(score=second.document["result"]["score"])
    second.refresh_from_db()
    assert assessment_verify(second).valid
    Assessment.objects.filter(pk=first.pk).update(state="draft")
    assert assessment_verify(second).code == "chain"


def test_assessments_of_others_are_not_found(shop: Shop, other_organisation: Organisation) -> None:
    with pytest.raises(NotFoundError):
        assessment_get(organisation=other_organisation, pk=computed(shop).pk)


def test_a_loaded_version_never_changes() -> None:
    model = scoring_models_load()[0]
    assert scoring_models_load()[0] == model
    assert ScoringModel.objects.count() == 1
    with pytest.raises(ConflictError, match="another content"):
        scoring_model_save(content=model.content | {"level_cuts": [10, 40, 60, 80]})


def judged_model(*pairs: list[Any]) -> ScoringModel:
    """The default model with the pillars weighed by one person's judgements."""
    content = deepcopy(scoring_models_load()[0].content) | {"version": 2}
    content["root"] |= {"weighting": "pairwise", "judgements": [{"by": "Head of data", "pairs": list(pairs)}]}
    return scoring_model_save(content=content)


def test_judgements_that_agree_are_published_and_verify(shop: Shop) -> None:
    model = judged_model(["maturity", "data", 2], ["maturity", "recommender", 6], ["data", "recommender", 3])
    published = assessment_publish(assessment=computed(shop, scoring_model=model), user=None)
    assert [leaf(published, path).weight for path in ("maturity", "data", "recommender")] == pytest.approx(
        [0.6, 0.3, 0.1]
    )
    assert assessment_verify(published).valid
    assert verify(parse(assessment_export(published))).valid


def test_publishing_is_refused_while_judgements_contradict_each_other(shop: Shop) -> None:
    model = judged_model(["maturity", "data", 3], ["data", "recommender", 3], ["recommender", "maturity", 2])
    draft = computed(shop, scoring_model=model)
    with pytest.raises(GovernError) as refused:
        assessment_publish(assessment=draft, user=None)
    # λ = 1 + ∛18 + 1/∛18, less 3, halved, over the random index .52.
    assert refused.value.message == (
        "The judgements behind the weights of “Governance capability” contradict each other: their consistency ratio "
        "is 0.964, and at most 0.10 may be published."
    )
    assert refused.value.where == "total"
    assert refused.value.hint == (
        "The judgement furthest off: “Governance maturity” counts 3 times as much as “Data and privacy”; the "
        "others imply 0.167 times. Compare again and load the scoring model with a higher version."
    )
    draft.refresh_from_db()
    assert (draft.state, draft.seal) == ("draft", "")
    assert not AuditEvent.objects.filter(action="assessment.publish").exists()


def assessed_unit(unit: Organisation, user: User, level: int, ndcg: float, passing: int) -> Assessment:
    """A published assessment of a unit with this level everywhere, this model, and one more rule passing so often."""
    shop = shop_of(unit, user)
    Answer.objects.filter(questionnaire=shop.questionnaire).update(level=level)
    shop.training.delete()
    training_run(shop.orders.snapshot, ndcg=ndcg)
    rule_result(shop.orders, "price is known", "completeness", passing, 1000)
    return assessment_publish(assessment=computed(shop), user=None)


def again(unit: Organisation, **more: Any) -> Assessment:
    return assessment_compute(organisation=unit, period=PERIOD, **more)


def entropy_model() -> ScoringModel:
    content = deepcopy(scoring_models_load()[0].content) | {"version": 2}
    content["root"]["weighting"] = "entropy"
    return scoring_model_save(content=content)


def test_weights_by_entropy_come_from_the_units_under_one_parent(
    shop: Shop, members: dict[str, User], other_organisation: Organisation
) -> None:
    user, parent = members["assessor"], shop.organisation
    units = [Organisation.objects.create(name=name, slug=name, parent=parent) for name in ("north", "south")]
    older = assessed_unit(units[0], user, 1, 0.11, 500)
    newer = assessment_publish(assessment=again(units[0]), user=None)
    others = [assessed_unit(units[1], user, 4, 0.15, 900), assessed_unit(other_organisation, user, 5, 0.19, 1000)]
    own = assessment_publish(assessment=computed(shop), user=None)
    assessment = assessment_publish(assessment=again(units[1], scoring_model=entropy_model()), user=None)
    kept = assessment.document["evidence"]["units"]
    assert [unit["seal"] for unit in kept] == sorted((newer.seal, others[0].seal, own.seal))
    assert not {older.seal, others[1].seal} & {unit["seal"] for unit in kept}
    pillars = ["maturity", "data", "recommender"]
    expected = entropy_weights([[leaf(one, path).value or 0 for path in pillars] for one in (newer, others[0], own)])
    assert [leaf(assessment, path).weight for path in pillars] == pytest.approx(expected)
    assert "harbour" not in str(kept)
    assert assessment_verify(assessment).valid
    assert verify(parse(assessment_export(assessment))).valid


def test_weights_by_entropy_are_refused_under_three_units(shop: Shop) -> None:
    assessment_publish(assessment=computed(shop), user=None)
    with pytest.raises(GovernError, match="3 or more assessed units; there are 1") as refused:
        computed(shop, scoring_model=entropy_model())
    assert refused.value.where == "root: units"
    assert Assessment.objects.count() == 1
