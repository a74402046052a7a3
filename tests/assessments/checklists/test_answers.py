"""Answers are saved as typed; two tabs or two people never lose a text."""

from typing import Any

import pytest

from assessments.accounts.models import Organisation, User
from assessments.checklists.models import Answer, AnswerRevision, Item, Questionnaire
from assessments.checklists.selectors import answer_get, answer_of, revisions_of
from assessments.checklists.services import AnswerConflictError, TypedAnswer, answer_save, framework_load
from assessments.checklists.services.answers import MAX_COMMENT
from assessments.common.errors import ForbiddenError, GovernError, NotFoundError


def save(questionnaire: Questionnaire, item: Item, user: User, **changes: Any) -> Answer:
    given: dict[str, Any] = {"status": "level", "level": 2, "comment": "", "revision": 0} | changes
    return answer_save(questionnaire=questionnaire, item=item, assessor=user, **given)


def test_every_save_is_kept(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    save(questionnaire, item, assessor, comment="one")
    save(questionnaire, item, assessor, comment="two", level=3, revision=1)
    answer = save(questionnaire, item, assessor, status="unknown", level=None, comment="three", revision=2)
    assert answer.revision == 3
    kept = [(r.revision, r.status, r.level, r.comment, r.author) for r in revisions_of(answer)]
    assert kept == [
        (3, "unknown", None, "three", assessor),
        (2, "level", 3, "two", assessor),
        (1, "level", 2, "one", assessor),
    ]


def test_two_tabs(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    save(questionnaire, item, assessor, comment="seen by both tabs")
    save(questionnaire, item, assessor, comment="from the first tab", level=4, revision=1)
    with pytest.raises(AnswerConflictError) as caught:
        save(questionnaire, item, assessor, comment="from the second tab", level=1, revision=1)
    conflict = caught.value
    assert conflict.status == 409
    assert (conflict.newer.comment, conflict.newer.level, conflict.newer.revision) == ("from the first tab", 4, 2)
    assert conflict.typed == TypedAnswer("level", 1, "from the second tab")
    assert Answer.objects.get().comment == "from the first tab"
    assert AnswerRevision.objects.count() == 2
    merged = save(questionnaire, item, assessor, comment="joined", revision=conflict.newer.revision)
    assert (merged.comment, merged.revision) == ("joined", 3)


def test_two_tabs_that_both_begin(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    save(questionnaire, item, assessor, comment="first")
    with pytest.raises(AnswerConflictError):
        save(questionnaire, item, assessor, comment="second")
    assert Answer.objects.get().comment == "first"


def test_a_doubled_click_changes_nothing(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    first = save(questionnaire, item, assessor, comment="same")
    again = save(questionnaire, item, assessor, comment="same")
    assert (again.pk, again.revision, AnswerRevision.objects.count()) == (first.pk, 1, 1)


def test_taking_over_a_sample_is_a_change(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    save(questionnaire, item, assessor, comment="same", sample=True)
    answer = save(questionnaire, item, assessor, comment="same", revision=1)
    assert (answer.sample, answer.revision) == (False, 2)


def test_two_people(questionnaire: Questionnaire, item: Item, assessor: User, second_assessor: User) -> None:
    save(questionnaire, item, assessor, comment="mine", level=2)
    save(questionnaire, item, second_assessor, comment="theirs", level=4)
    assert answer_of(questionnaire=questionnaire, item=item, assessor=assessor).comment == "mine"
    assert answer_of(questionnaire=questionnaire, item=item, assessor=second_assessor).comment == "theirs"
    assert sorted(Answer.objects.values_list("level", flat=True)) == [2, 4]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "=cmd()|'/c calc'!A0",
        "'; DROP TABLE checklists_answer; --",
        "  leading blanks, 中文, 😀 and\r\nlines \t",
        "{{ 7*7 }} {% load x %} %(name)s",
    ],
)
def test_saved_as_typed(questionnaire: Questionnaire, item: Item, assessor: User, text: str) -> None:
    save(questionnaire, item, assessor, comment=text)
    assert Answer.objects.get().comment == text
    assert AnswerRevision.objects.get().comment == text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "not_applicable", "level": None}, "Say in the comment why"),
        ({"status": "not_applicable", "level": None, "comment": " \n\t"}, "Say in the comment why"),
        ({"status": "not_applicable", "comment": "because"}, "Only an answer that gives a level"),
        ({"status": "unknown", "level": 3}, "Only an answer that gives a level"),
        ({"level": None}, "from 1 to 5"),
        ({"level": 0}, "from 1 to 5"),
        ({"level": 6}, "from 1 to 5"),
        ({"level": "3"}, "from 1 to 5"),
        ({"level": True}, "from 1 to 5"),
        ({"level": 2.5}, "from 1 to 5"),
        ({"status": "maybe"}, "not a kind of answer"),
        ({"comment": "x" * (MAX_COMMENT + 1)}, "at most 10000"),
        ({"comment": "a\0b"}, "NUL"),
    ],
)
def test_bad_answers(
    questionnaire: Questionnaire, item: Item, assessor: User, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(GovernError, match=reason) as caught:
        save(questionnaire, item, assessor, **changes)
    assert caught.value.where == "strategy.planning"
    assert not Answer.objects.exists()


def test_not_applicable_with_its_reason(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    answer = save(questionnaire, item, assessor, status="not_applicable", level=None, comment="no sellers here")
    assert (answer.status, answer.level) == ("not_applicable", None)


def test_item_of_another_framework(questionnaire: Questionnaire, assessor: User, small: Any, write: Any) -> None:
    foreign = framework_load(write(small)).domains.get(identifier="alpha").items.get(identifier="first")
    with pytest.raises(GovernError, match="does not belong"):
        save(questionnaire, foreign, assessor)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("role", ["outsider", "viewer", "steward", "auditor"])
def test_who_may_not_answer(
    questionnaire: Questionnaire, item: Item, members: dict[str, User], outsider: User, role: str
) -> None:
    with pytest.raises(ForbiddenError):
        save(questionnaire, item, outsider if role == "outsider" else members[role])
    assert not Answer.objects.exists()


def test_other_organisation_cannot_read(
    questionnaire: Questionnaire, item: Item, assessor: User, other_organisation: Organisation
) -> None:
    answer = save(questionnaire, item, assessor)
    assert answer_get(organisation=questionnaire.organisation, pk=answer.pk) == answer
    with pytest.raises(NotFoundError):
        answer_get(organisation=other_organisation, pk=answer.pk)
