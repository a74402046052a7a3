"""Questionnaires: one for each framework and quarter, closed by submitting, seen by their own organisation only."""

import pytest
from django.utils import timezone

from assessments.accounts.models import AuditEvent, Organisation, User
from assessments.checklists.models import Framework, Item, Questionnaire
from assessments.checklists.selectors import questionnaire_get, questionnaires_of
from assessments.checklists.services import (
    answer_save,
    questionnaire_create,
    questionnaire_reopen,
    questionnaire_submit,
)
from assessments.common.errors import ConflictError, ForbiddenError, GovernError, NotFoundError


def answer(questionnaire: Questionnaire, item: Item, user: User, revision: int = 0, comment: str = "") -> None:
    answer_save(
        questionnaire=questionnaire,
        item=item,
        assessor=user,
        status="level",
        level=3,
        comment=comment,
        revision=revision,
    )


@pytest.mark.parametrize(
    "period", ["", "2026", "2026-Q5", "2026-Q0", "2026Q3", " 2026-Q3", "2026-Q3\n", "1026-Q1", "2026-q3", "２０２６-Q3"]
)
def test_bad_period(organisation: Organisation, framework: Framework, assessor: User, period: str) -> None:
    with pytest.raises(GovernError, match="for example 2026-Q3"):
        questionnaire_create(organisation=organisation, framework=framework, period=period, user=assessor)
    assert not Questionnaire.objects.exists()


def test_one_for_each_period(questionnaire: Questionnaire, other_organisation: Organisation, assessor: User) -> None:
    with pytest.raises(ConflictError, match="already a questionnaire"):
        questionnaire_create(
            organisation=questionnaire.organisation,
            framework=questionnaire.framework,
            period="2026-Q3",
            user=assessor,
        )
    questionnaire_create(
        organisation=questionnaire.organisation, framework=questionnaire.framework, period="2026-Q4", user=assessor
    )
    questionnaire_create(organisation=other_organisation, framework=questionnaire.framework, period="2026-Q3")
    assert [q.period for q in questionnaires_of(questionnaire.organisation)] == ["2026-Q4", "2026-Q3"]


def test_other_organisation_sees_nothing(
    questionnaire: Questionnaire, other_organisation: Organisation, outsider: User
) -> None:
    assert not questionnaires_of(other_organisation).exists()
    with pytest.raises(NotFoundError):
        questionnaire_get(organisation=other_organisation, pk=questionnaire.pk)
    with pytest.raises(ForbiddenError):
        questionnaire_submit(questionnaire=questionnaire, user=outsider)
    with pytest.raises(ForbiddenError):
        questionnaire_create(
            organisation=questionnaire.organisation,
            framework=questionnaire.framework,
            period="2026-Q4",
            user=outsider,
        )
    assert Questionnaire.objects.get().submitted_at is None


@pytest.mark.parametrize("role", ["viewer", "steward", "auditor"])
def test_roles_without_the_capability(questionnaire: Questionnaire, members: dict[str, User], role: str) -> None:
    with pytest.raises(ForbiddenError):
        questionnaire_submit(questionnaire=questionnaire, user=members[role])
    assert Questionnaire.objects.get().submitted_at is None


def test_submitting_closes_it(questionnaire: Questionnaire, item: Item, assessor: User) -> None:
    with pytest.raises(GovernError, match="No item is answered yet"):
        questionnaire_submit(questionnaire=questionnaire, user=assessor)
    answer(questionnaire, item, assessor)
    submitted = questionnaire_submit(questionnaire=questionnaire, user=assessor)
    assert submitted.submitted_at is not None
    assert submitted.submitted_at <= timezone.now()
    event = AuditEvent.objects.get(action="questionnaire.submit")
    assert (event.actor, event.organisation, event.subject) == (
        assessor,
        questionnaire.organisation,
        "dcmm-2018 2026-Q3",
    )
    assert event.detail == {"questionnaire": questionnaire.pk, "answered": 1, "items": 28}
    # The object in hand is the one from before: what counts is what is stored now.
    with pytest.raises(ConflictError, match="takes no more changes"):
        answer(questionnaire, item, assessor, revision=1, comment="late")
    with pytest.raises(ConflictError):
        questionnaire_submit(questionnaire=questionnaire, user=assessor)
    assert item.answers.get().comment == ""


def test_reopening(questionnaire: Questionnaire, item: Item, members: dict[str, User]) -> None:
    assessor, administrator = members["assessor"], members["administrator"]
    answer(questionnaire, item, assessor)
    with pytest.raises(ConflictError, match="open already"):
        questionnaire_reopen(questionnaire=questionnaire, user=administrator, reason="x")
    questionnaire_submit(questionnaire=questionnaire, user=assessor)
    with pytest.raises(ForbiddenError):
        questionnaire_reopen(questionnaire=questionnaire, user=assessor, reason="x")
    with pytest.raises(GovernError, match="Say why"):
        questionnaire_reopen(questionnaire=questionnaire, user=administrator, reason=" ")
    reopened = questionnaire_reopen(questionnaire=questionnaire, user=administrator, reason="a document came late")
    assert reopened.submitted_at is None
    assert AuditEvent.objects.get(action="questionnaire.reopen").detail["reason"] == "a document came late"
    answer(questionnaire, item, assessor, revision=1, comment="now it counts")
    assert item.answers.get().comment == "now it counts"
