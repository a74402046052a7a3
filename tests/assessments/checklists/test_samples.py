"""Sample answers are complete, marked, repeatable, and rise from one period to the next."""

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.accounts.models import User
from assessments.checklists.models import Answer, Evidence, Item, Questionnaire
from assessments.checklists.selectors import item_levels, progress_of
from assessments.checklists.services import SAMPLE_PROFILES, answer_save, questionnaire_create, sample_answers
from assessments.checklists.services.samples import sample_level
from assessments.common.errors import GovernError

EARLIER, LATER = SAMPLE_PROFILES["earlier"], SAMPLE_PROFILES["later"]


def filled(
    questionnaire: Questionnaire, assessors: list[User], profile: dict[str, float], seed: int = 7
) -> list[Answer]:
    return sample_answers(questionnaire=questionnaire, assessors=assessors, seed=seed, profile=profile)


def test_all_items_are_answered_and_marked(questionnaire: Questionnaire, assessor: User, second_assessor: User) -> None:
    answers = filled(questionnaire, [assessor, second_assessor], LATER)
    assert len(answers) == Answer.objects.filter(sample=True).count() == 56
    assert all(progress.complete for progress in progress_of(questionnaire))
    assert all(answer.comment and "%(" not in answer.comment for answer in answers)
    assert Evidence.objects.exists()
    assert all(e.title.startswith("Sample link, not real") for e in Evidence.objects.all())
    assert all(e.url.startswith("https://example.org/sample/") for e in Evidence.objects.all())
    rows = item_levels(questionnaire)
    assert any(len(set(row.levels)) == 2 for row in rows), "assessors differ somewhere"
    assert mean(answer.level for answer in answers) == pytest.approx(mean(LATER.values()), abs=0.4)


def test_rises_between_periods(questionnaire: Questionnaire, assessor: User, second_assessor: User) -> None:
    later = questionnaire_create(
        organisation=questionnaire.organisation, framework=questionnaire.framework, period="2026-Q4", user=assessor
    )
    before = [answer.level for answer in filled(questionnaire, [assessor, second_assessor], EARLIER)]
    after = [answer.level for answer in filled(later, [assessor, second_assessor], LATER)]
    assert all(a >= b for a, b in zip(after, before, strict=True))
    assert mean(after) > mean(before)


def test_again_changes_nothing(questionnaire: Questionnaire, assessor: User) -> None:
    first = [(a.pk, a.level, a.comment, a.revision) for a in filled(questionnaire, [assessor], LATER)]
    links = Evidence.objects.count()
    assert [(a.pk, a.level, a.comment, a.revision) for a in filled(questionnaire, [assessor], LATER)] == first
    assert Evidence.objects.count() == links


def test_never_replaces_a_person(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    answer_save(
        questionnaire=questionnaire, item=item, assessor=assessor, status="level", level=5, comment="real", revision=0
    )
    assert len(filled(questionnaire, [assessor], LATER)) == 27
    assert Answer.objects.get(item=item).comment == "real"


def test_bad_profiles(questionnaire: Questionnaire, assessor: User) -> None:
    with pytest.raises(GovernError, match="at least one assessor"):
        filled(questionnaire, [], LATER)
    for wrong in ({k: v for k, v in LATER.items() if k != "quality"}, LATER | {"quality": 5.1}):
        with pytest.raises(GovernError) as caught:
            filled(questionnaire, [assessor], wrong)
        assert caught.value.where == "quality"
    assert not Answer.objects.exists()


@given(st.floats(1, 5), st.floats(1, 5), st.text(max_size=10), st.integers(0, 9), st.integers())
def test_levels_rise_with_the_mean(low: float, high: float, key: str, assessor: int, seed: int) -> None:
    low, high = sorted((low, high))
    first = sample_level(low, key=key, assessor=assessor, seed=seed)
    assert 1 <= first <= sample_level(high, key=key, assessor=assessor, seed=seed) <= 5
