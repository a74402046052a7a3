"""Proposals from stored answers: whose count, in which period and version, what taking one saves."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.accounts.models import Organisation, User
from assessments.checklists.framework_file import framework_read
from assessments.checklists.mapped_answers import MappedProposal, mapped_proposal
from assessments.checklists.mapping_file import ItemMapping, ItemName
from assessments.checklists.models import Answer, AnswerRevision, Questionnaire
from assessments.checklists.selectors import item_get
from assessments.checklists.services import (
    SHIPPED,
    AnswerConflictError,
    answer_save,
    framework_load,
    mapped_level_take,
    questionnaire_create,
    questionnaire_submit,
)
from assessments.common.errors import ConflictError, ForbiddenError

COMPLETENESS = "inherent.completeness"


@pytest.fixture
def quality(organisation: Organisation, assessor: User) -> Questionnaire:
    """A questionnaire of ISO/IEC 25012 in the period of the DCMM one."""
    framework = framework_load(next(path for path in SHIPPED if path.stem == "data-quality-25012"))
    return questionnaire_create(organisation=organisation, framework=framework, period="2026-Q3", user=assessor)


def say(questionnaire: Questionnaire, key: str, user: User, level: int | None, **more: Any) -> Answer:
    return answer_save(
        questionnaire=questionnaire,
        item=item_get(questionnaire=questionnaire, key=key),
        assessor=user,
        status="unknown" if level is None else "level",
        level=level,
        comment="",
        revision=0,
        **more,
    )


def proposed(questionnaire: Questionnaire, key: str = COMPLETENESS) -> MappedProposal | None:
    return mapped_proposal(questionnaire=questionnaire, item=item_get(questionnaire=questionnaire, key=key))


def take(questionnaire: Questionnaire, user: User, level: int | None = 4, revision: int = 0) -> Answer:
    item = item_get(questionnaire=questionnaire, key=COMPLETENESS)
    return mapped_level_take(questionnaire=questionnaire, item=item, assessor=user, level=level, revision=revision)


def test_an_answer_proposes_a_level_with_its_path(
    questionnaire: Questionnaire, quality: Questionnaire, assessor: User
) -> None:
    assert proposed(quality) is None
    answer = say(questionnaire, "quality.checks", assessor, 4)
    found = proposed(quality)
    assert found is not None
    assert (found.level, found.at_most, len(found.paths)) == (4, False, 1)
    (path,) = found.paths
    assert (path.path.strength, path.answers, path.sample) == (0.7, [answer], False)
    (step,) = path.steps
    assert (step.words, step.name, step.item, step.questionnaire) == (
        "is part of",
        "Data quality checks",
        answer.item,
        questionnaire,
    )
    assert step.because == "Looking for missing events and fields is the check that is run most."
    assert Answer.objects.count() == 1


def test_a_whole_gets_at_most_the_level_of_its_lowest_part(
    questionnaire: Questionnaire, quality: Questionnaire, assessor: User
) -> None:
    say(quality, COMPLETENESS, assessor, 5)
    say(quality, "inherent.currentness", assessor, 3)
    found = proposed(questionnaire, "quality.checks")
    assert found is not None
    assert (found.level, found.at_most, [each.path.level for each in found.paths]) == (3, True, [5, 3])


def test_of_several_assessors_the_lower_median_counts_and_dont_know_does_not(
    questionnaire: Questionnaire,
    quality: Questionnaire,
    assessor: User,
    second_assessor: User,
    members: dict[str, User],
) -> None:
    say(questionnaire, "quality.checks", assessor, 4)
    say(questionnaire, "quality.checks", second_assessor, 2, sample=True)
    say(questionnaire, "quality.checks", members["administrator"], None)
    found = proposed(quality)
    assert found is not None
    assert (found.level, found.paths[0].sample) == (2, True)
    assert [answer.assessor for answer in found.paths[0].answers] == [assessor, second_assessor]


def test_answers_of_another_organisation_or_period_propose_nothing(
    questionnaire: Questionnaire,
    quality: Questionnaire,
    assessor: User,
    outsider: User,
    other_organisation: Organisation,
) -> None:
    framework = questionnaire.framework
    theirs = questionnaire_create(organisation=other_organisation, framework=framework, period="2026-Q3", user=outsider)
    say(theirs, "quality.checks", outsider, 5)
    earlier = questionnaire_create(
        organisation=questionnaire.organisation, framework=framework, period="2026-Q2", user=assessor
    )
    say(earlier, "quality.checks", assessor, 5)
    assert proposed(quality) is None
    say(questionnaire, "quality.checks", assessor, 1)
    found = proposed(quality)
    assert found is not None
    assert found.level == 1


def test_the_newest_version_with_a_level_counts(
    write: Callable[[dict[str, Any]], Path], questionnaire: Questionnaire, quality: Questionnaire, assessor: User
) -> None:
    document, _digest = framework_read(next(path for path in SHIPPED if path.stem == "dcmm-2018"))
    newer = framework_load(write(document | {"version": 3}))
    second = questionnaire_create(
        organisation=questionnaire.organisation, framework=newer, period="2026-Q3", user=assessor
    )
    say(questionnaire, "quality.checks", assessor, 2)
    found = proposed(quality)
    assert found is not None
    assert (found.level, found.paths[0].steps[0].questionnaire) == (2, questionnaire)
    say(second, "quality.checks", assessor, 4)
    found = proposed(quality)
    assert found is not None
    assert (found.level, len(found.paths), found.paths[0].steps[0].questionnaire) == (4, 1, second)


@pytest.mark.parametrize("loaded", [True, False])
def test_a_path_over_two_mappings_shows_the_item_between(
    loaded: bool, questionnaire: Questionnaire, quality: Questionnaire, assessor: User
) -> None:
    if loaded:
        framework_load(next(path for path in SHIPPED if path.stem == "fair-data"))
    middle = ItemName("fair-data", "findable.rda-f1-01m")
    names = ItemName("data-quality-25012", COMPLETENESS), middle, ItemName("dcmm-2018", "quality.checks")
    mappings = {
        item: [ItemMapping(item, other, "equal", 0.8, {"en": "Because.", "zh": "因为。"})]
        for item, other in pairwise(names)
    }
    say(questionnaire, "quality.checks", assessor, 4)
    item = item_get(questionnaire=quality, key=COMPLETENESS)
    with CaptureQueriesContext(connection) as queries:
        found = mapped_proposal(questionnaire=quality, item=item, mappings=mappings)
    assert len(queries) == 3
    assert found is not None
    name = "Persistent identifier of metadata" if loaded else "fair-data findable.rda-f1-01m"
    steps = found.paths[0].steps
    assert [(step.name, step.questionnaire) for step in steps] == [(name, None), ("Data quality checks", questionnaire)]
    assert found.paths[0].path.strength == pytest.approx(0.64)


def test_more_answers_ask_no_more_queries(
    questionnaire: Questionnaire, quality: Questionnaire, assessor: User, second_assessor: User
) -> None:
    item = item_get(questionnaire=quality, key=COMPLETENESS)
    for user in (assessor, second_assessor):
        for key in ("quality.checks", "quality.requirements"):
            say(questionnaire, key, user, 3)
        with CaptureQueriesContext(connection) as queries:
            mapped_proposal(questionnaire=quality, item=item)
        assert len(queries) == 2


def test_taking_a_level_saves_it_as_ones_own_with_the_path(
    questionnaire: Questionnaire, quality: Questionnaire, assessor: User, second_assessor: User
) -> None:
    say(questionnaire, "quality.checks", assessor, 4)
    answer = take(quality, second_assessor)
    assert (answer.assessor, answer.status, answer.level, answer.revision) == (second_assessor, "level", 4, 1)
    note = (
        "Level 4 taken from answers to other checklists:\n"
        "- is part of Data quality checks (dcmm-2018 quality.checks; 0.7): level 4, strength of the path 0.70"
    )
    assert answer.comment == note
    assert AnswerRevision.objects.get(answer=answer).comment == note
    assert take(quality, second_assessor, revision=1).revision == 1


def test_taking_a_level_keeps_the_comment_that_was_there(
    questionnaire: Questionnaire, quality: Questionnaire, assessor: User
) -> None:
    say(questionnaire, "quality.checks", assessor, 4)
    item = item_get(questionnaire=quality, key=COMPLETENESS)
    answer_save(
        questionnaire=quality, item=item, assessor=assessor, status="level", level=2, comment="Mine.\n", revision=0
    )
    answer = take(quality, assessor, revision=1)
    assert (answer.level, answer.revision) == (4, 2)
    assert answer.comment.startswith("Mine.\n\nLevel 4 taken from answers to other checklists:\n- is part of")


@pytest.mark.parametrize("level", [3, None])
def test_another_level_than_the_proposed_is_not_taken(
    level: int | None, questionnaire: Questionnaire, quality: Questionnaire, assessor: User
) -> None:
    say(questionnaire, "quality.checks", assessor, 4)
    with pytest.raises(ConflictError, match="another level by now") as caught:
        take(quality, assessor, level)
    assert caught.value.where == COMPLETENESS
    assert not Answer.objects.filter(questionnaire=quality).exists()


def test_what_was_changed_meanwhile_or_submitted_is_not_overwritten(
    questionnaire: Questionnaire, quality: Questionnaire, assessor: User
) -> None:
    say(questionnaire, "quality.checks", assessor, 4)
    mine = say(quality, COMPLETENESS, assessor, 2)
    with pytest.raises(AnswerConflictError):
        take(quality, assessor, revision=0)
    questionnaire_submit(questionnaire=quality, user=assessor)
    with pytest.raises(ConflictError, match="submitted"):
        take(quality, assessor, revision=1)
    mine.refresh_from_db()
    assert (mine.level, mine.revision) == (2, 1)


def test_only_who_may_answer_takes_a_level(
    questionnaire: Questionnaire, quality: Questionnaire, assessor: User, members: dict[str, User], outsider: User
) -> None:
    say(questionnaire, "quality.checks", assessor, 4)
    for user in (members["viewer"], outsider):
        with pytest.raises(ForbiddenError):
            take(quality, user)
    assert not Answer.objects.filter(questionnaire=quality).exists()
