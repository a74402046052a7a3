"""Going on with a newer version: answers are carried, wait to be confirmed, or are asked again; none is lost."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.accounts.models import AuditEvent, Organisation, User
from assessments.checklists.models import Answer, AnswerRevision, Evidence, Framework, Questionnaire, WaitingAnswer
from assessments.checklists.selectors import (
    answers_of,
    evidence_file_open,
    framework_document,
    item_get,
    item_levels,
    newest_version_above,
    progress_of,
    waiting_of,
)
from assessments.checklists.services import (
    CarriedOver,
    answer_save,
    evidence_add,
    framework_load,
    questionnaire_carry_over,
    questionnaire_create,
    questionnaire_submit,
)
from assessments.common.errors import ConflictError, ForbiddenError, GovernError

LONG_AGO = datetime(2025, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def versions(small: dict[str, Any], write: Callable[[dict[str, Any]], Path], db: None) -> list[Framework]:
    """Version 2 changes level 3 of alpha.second, moves beta.second, leaves out beta.first and adds alpha.third."""
    for domain in small["domains"]:
        for item in domain["items"]:
            item["question"] = {"en": f"Is {domain['id']} {item['id']} so?", "zh": f"{domain['id']} 是这样吗？"}
    small["id"] = "keyed"
    first = framework_load(write(small))
    small = copy.deepcopy(small)
    small["version"] = 2
    alpha, beta = small["domains"]
    alpha["items"][1]["levels"][2] = {"en": "Now asks for more", "zh": "要求更高"}
    third = copy.deepcopy(alpha["items"][0]) | {"id": "third", "question": {"en": "New here?", "zh": "新的吗？"}}
    third["levels"][0] = {"en": "A level of its own", "zh": "自己的等级"}
    alpha["items"].append(third)
    small["domains"][1] = {"id": "gamma", "name": {"en": "Gamma", "zh": "新领域"}, "items": [beta["items"][1]]}
    return [first, framework_load(write(small))]


@pytest.fixture
def older(organisation: Organisation, versions: list[Framework], assessor: User, home: Path) -> Questionnaire:
    """All four items answered long ago by the assessor, each with a link; one of them with a file too."""
    made = questionnaire_create(organisation=organisation, framework=versions[0], period="2026-Q3", user=assessor)
    for n, key in enumerate(("alpha.first", "alpha.second", "beta.first", "beta.second"), start=1):
        saved = save(made, key, assessor, level=n)
        evidence_add(answer=saved, user=assessor, url=f"https://example.org/{n}", title=f"Paper {n}")
    first = answers_of(made)[0]
    evidence_add(answer=first, user=assessor, file=SimpleUploadedFile("policy.txt", b"Our policy."))
    Answer.objects.update(changed_at=LONG_AGO)
    Evidence.objects.update(created_at=LONG_AGO)
    return made


def save(questionnaire: Questionnaire, key: str, user: User, *, level: int = 3, revision: int = 0) -> Answer:
    return answer_save(
        questionnaire=questionnaire,
        item=item_get(questionnaire=questionnaire, key=key),
        assessor=user,
        status="level",
        level=level,
        comment=f"{key} at {level}",
        revision=revision,
    )


def carry(older: Questionnaire, framework: Framework, user: User, period: str = "2026-Q4") -> CarriedOver:
    return questionnaire_carry_over(questionnaire=older, framework=framework, period=period, user=user)


def test_unchanged_and_moved_items_keep_their_answers_with_evidence_and_date(
    older: Questionnaire, versions: list[Framework], assessor: User, members: dict[str, User]
) -> None:
    result = carry(older, versions[1], members["administrator"])
    assert (result.carried, result.waiting, result.items_added, result.items_removed) == (2, 1, 1, 1)
    found = {answer.item.key: answer for answer in answers_of(result.questionnaire)}
    assert {key: (a.assessor, a.level, a.comment, a.revision, a.changed_at) for key, a in found.items()} == {
        "alpha.first": (assessor, 1, "alpha.first at 1", 1, LONG_AGO),
        "gamma.second": (assessor, 4, "beta.second at 4", 1, LONG_AGO),
    }
    assert found["gamma.second"].carried_from == Answer.objects.get(
        questionnaire=older, item__domain__identifier="beta", item__identifier="second"
    )
    backing = [(e.title, e.created_by, e.created_at) for e in found["alpha.first"].evidence.all()]
    assert backing == [("Paper 1", assessor, LONG_AGO), ("policy.txt", assessor, LONG_AGO)]
    file = found["alpha.first"].evidence.get(kind="file")
    opened = evidence_file_open(organisation=older.organisation, pk=file.pk)
    assert opened.file.read() == b"Our policy."
    opened.file.close()
    assert file.digest == Evidence.objects.get(answer__questionnaire=older, kind="file").digest
    revision = AnswerRevision.objects.get(answer=found["alpha.first"])
    assert (revision.revision, revision.level, revision.author) == (1, 1, members["administrator"])


def test_the_answer_to_a_changed_item_is_shown_and_counts_only_once_it_is_saved(
    older: Questionnaire, versions: list[Framework], assessor: User
) -> None:
    created = carry(older, versions[1], assessor).questionnaire
    (waiting,) = waiting_of(created)
    assert (waiting.item.key, waiting.previous.level, waiting.previous.comment) == (
        "alpha.second",
        2,
        "alpha.second at 2",
    )
    assert [piece.title for piece in waiting.previous.evidence.all()] == ["Paper 2"]
    levels = {row.key: (row.status, row.levels) for row in item_levels(created)}
    assert levels == {
        "alpha.first": ("level", [1]),
        "alpha.second": ("unanswered", []),
        "alpha.third": ("unanswered", []),
        "gamma.second": ("level", [4]),
    }
    assert [(row.total, row.answered) for row in progress_of(created)] == [(3, 1), (1, 1)]
    saved = save(created, "alpha.second", assessor, level=2)
    assert saved.carried_from == waiting.previous
    assert saved.changed_at > LONG_AGO
    assert [(e.title, e.created_at) for e in saved.evidence.all()] == [("Paper 2", LONG_AGO)]
    assert not waiting_of(created).exists()
    save(created, "alpha.second", assessor, level=4, revision=1)
    assert saved.evidence.count() == 1


def test_somebody_else_saving_settles_only_their_own(
    older: Questionnaire, versions: list[Framework], assessor: User, second_assessor: User
) -> None:
    created = carry(older, versions[1], assessor).questionnaire
    other = save(created, "alpha.second", second_assessor)
    assert other.carried_from is None
    assert other.evidence.count() == 0
    assert [waiting.previous.assessor for waiting in waiting_of(created)] == [assessor]


def test_everybody_s_answers_come_along_and_the_older_questionnaire_stays(
    older: Questionnaire, versions: list[Framework], assessor: User, second_assessor: User
) -> None:
    save(older, "alpha.first", second_assessor, level=5)
    save(older, "alpha.second", second_assessor, level=5)
    questionnaire_submit(questionnaire=older, user=assessor)
    before = list(Answer.objects.filter(questionnaire=older).order_by("pk").values())
    result = carry(older, versions[1], assessor, period="2026-Q3")
    assert (result.carried, result.waiting) == (3, 2)
    assert {row.key: row.levels for row in item_levels(result.questionnaire)}["alpha.first"] == [1, 5]
    assert list(Answer.objects.filter(questionnaire=older).order_by("pk").values()) == before
    assert result.questionnaire.submitted_at is None


def test_every_kind_of_answer_and_the_mark_of_a_sample_is_kept(
    older: Questionnaire, versions: list[Framework], assessor: User
) -> None:
    Answer.objects.filter(comment="alpha.first at 1").update(status="not_applicable", level=None, sample=True)
    Answer.objects.filter(comment="beta.second at 4").update(status="unknown", level=None)
    created = carry(older, versions[1], assessor).questionnaire
    assert [(a.status, a.level, a.sample) for a in answers_of(created)] == [
        ("not_applicable", None, True),
        ("unknown", None, False),
    ]


def test_what_waits_unconfirmed_waits_on_in_the_version_after(
    older: Questionnaire, versions: list[Framework], assessor: User, write: Callable[[dict[str, Any]], Path]
) -> None:
    middle = carry(older, versions[1], assessor).questionnaire
    document = framework_document(versions[1]) | {"version": 3, "source": "made for a test"}
    document["domains"] = document["domains"][:1]
    third = framework_load(write(document))
    assert newest_version_above(versions[0]) == third
    assert newest_version_above(third) is None
    result = carry(middle, third, assessor, period="2027-Q1")
    assert (result.carried, result.waiting, result.items_added, result.items_removed) == (1, 1, 0, 1)
    (waiting,) = waiting_of(result.questionnaire)
    assert waiting.previous == Answer.objects.get(
        questionnaire=older, item__domain__identifier="alpha", item__identifier="second"
    )


def test_it_is_written_down(older: Questionnaire, versions: list[Framework], assessor: User) -> None:
    created = carry(older, versions[1], assessor).questionnaire
    event = AuditEvent.objects.get(action="questionnaire.carry_over")
    assert (event.actor, event.organisation, event.subject) == (assessor, older.organisation, "keyed 2026-Q4")
    assert event.detail == {
        "questionnaire": created.pk,
        "from": older.pk,
        "from_version": 1,
        "version": 2,
        "carried": 2,
        "waiting": 1,
        "items_added": 1,
        "items_removed": 1,
    }


def unchanged(act: Callable[[], Any], error: type[Exception], match: str) -> None:
    """The call is refused, and nothing of it stays."""
    before = [m.objects.count() for m in (Questionnaire, Answer, AnswerRevision, Evidence, WaitingAnswer, AuditEvent)]
    with pytest.raises(error, match=match):
        act()
    after = [m.objects.count() for m in (Questionnaire, Answer, AnswerRevision, Evidence, WaitingAnswer, AuditEvent)]
    assert after == before


def test_refusals_leave_nothing_behind(
    older: Questionnaire, versions: list[Framework], framework: Framework, assessor: User
) -> None:
    unchanged(lambda: carry(older, framework, assessor), GovernError, "within one framework only")
    unchanged(lambda: carry(older, versions[0], assessor), GovernError, "Version 1 .* is not newer than version 1")
    unchanged(lambda: carry(older, versions[1], assessor, "2026-Q2"), GovernError, "carried back to 2026-Q2")
    unchanged(lambda: carry(older, versions[1], assessor, "soon"), GovernError, "is not a period")
    newer = carry(older, versions[1], assessor).questionnaire
    unchanged(lambda: carry(older, versions[1], assessor), ConflictError, "already a questionnaire")
    unchanged(lambda: carry(newer, versions[0], assessor, "2027-Q1"), GovernError, "is not newer than version 2")


@pytest.mark.parametrize("role", ["viewer", "steward", "auditor"])
def test_roles_that_may_not_answer(
    older: Questionnaire, versions: list[Framework], members: dict[str, User], role: str
) -> None:
    unchanged(lambda: carry(older, versions[1], members[role]), ForbiddenError, "does not allow|do not belong")


def test_another_organisation(older: Questionnaire, versions: list[Framework], outsider: User) -> None:
    unchanged(lambda: carry(older, versions[1], outsider), ForbiddenError, "does not allow|do not belong")


def test_the_document_of_a_loaded_version_is_that_of_its_file(small: dict[str, Any], versions: list[Framework]) -> None:
    document = framework_document(versions[0])
    assert document == {key: small[key] for key in ("id", "version", "name", "domains")}
