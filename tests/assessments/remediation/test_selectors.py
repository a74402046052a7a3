"""What to look at first: gates, then gains that a second assessment really shows."""

import pytest
from shop import PERIOD, Shop, rule_result

from assessments.accounts.models import Organisation
from assessments.checklists.models import Answer
from assessments.quality.models import Finding, RuleResult
from assessments.remediation.selectors import first_things
from assessments.scoring.models import Assessment
from assessments.scoring.services import assessment_compute

pytestmark = pytest.mark.django_db


def computed(organisation: Organisation) -> Assessment:
    return assessment_compute(organisation=organisation, period=PERIOD)


def test_a_findings_gain_is_what_mending_it_brings(shop: Shop) -> None:
    before = computed(shop.organisation)
    thing = next(thing for thing in first_things(before, limit=50) if thing.kind == "finding")
    finding = Finding.objects.get(pk=thing.target_id)
    assert (thing.target_type, thing.path, thing.severity) == ("finding", "data.completeness", "error")
    RuleResult.objects.filter(pk=finding.last_result_id).update(rows_failing=0, passed=True)
    assert computed(shop.organisation).score == pytest.approx(before.score + thing.gain, abs=1e-9)


def test_a_leafs_gain_is_what_its_next_level_brings(shop: Shop) -> None:
    Answer.objects.filter(pk=shop.answers[0].pk).update(level=2)
    before = computed(shop.organisation)
    path = f"maturity.{shop.answers[0].item.key}"
    thing = next(thing for thing in first_things(before, limit=50) if thing.path == path)
    # Level 2 scores 30; its next cut is 40. Two raters at 2 and 3 have the mean 2.5, which scores exactly that.
    assert "40" in thing.why
    other = Answer.objects.get(pk=shop.answers[0].pk)
    other.pk, other.assessor, other.level = None, shop.organisation.memberships.last().user, 3
    other.save()
    assert computed(shop.organisation).score == pytest.approx(before.score + thing.gain, abs=1e-9)


def test_the_most_is_first_and_the_limit_holds(shop: Shop) -> None:
    things = first_things(computed(shop.organisation), limit=5)
    assert len(things) == 5
    gains = [thing.gain for thing in things]
    assert gains == sorted(gains, reverse=True)
    assert things[0].path.startswith("recommender.")
    assert first_things(computed(shop.organisation), limit=0) == []


def test_gates_come_first_and_are_not_repeated(shop: Shop) -> None:
    rule_result(shop.reviews, "no phone", "validity", 9, 10, severity="error", parameters={"personal_data": "phone"})
    things = first_things(computed(shop.organisation), limit=50)
    assert (things[0].kind, things[0].gain, things[0].severity) == ("gate", None, "critical")
    assert "no phone" in things[0].label
    assert [thing.target_id for thing in things].count(things[0].target_id) == 1


def test_a_leaf_that_its_finding_explains_is_not_listed_twice(shop: Shop) -> None:
    things = first_things(computed(shop.organisation), limit=50)
    assert [thing.kind for thing in things if thing.path == "data.completeness"] == ["finding"]


def test_a_pillar_without_evidence_is_named(shop: Shop) -> None:
    shop.training.delete()
    last = first_things(computed(shop.organisation), limit=50)[-1]
    assert (last.kind, last.path, last.gain) == ("unknown", "recommender", None)


def test_an_empty_organisation_is_told_what_is_missing(organisation: Organisation) -> None:
    things = first_things(computed(organisation))
    assert [thing.path for thing in things] == ["maturity", "data", "recommender"]


def test_findings_of_others_are_not_shown(shop: Shop, other_organisation: Organisation) -> None:
    assert all(thing.kind == "unknown" for thing in first_things(computed(other_organisation), limit=50))
