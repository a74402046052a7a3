"""What pages and the score read: exact figures, and as many queries for much as for little."""

from collections.abc import Callable
from typing import Any

import pytest

from assessments.accounts.models import User
from assessments.checklists.models import Item, Questionnaire
from assessments.checklists.selectors import (
    answers_of,
    framework_get,
    item_get,
    item_levels,
    items_of,
    next_item,
    previous_item,
    progress_of,
)
from assessments.checklists.services import (
    SAMPLE_PROFILES,
    answer_save,
    evidence_add,
    framework_load,
    sample_answers,
)
from assessments.common.errors import NotFoundError

Save = Callable[..., Any]


@pytest.fixture
def save(questionnaire: Questionnaire) -> Save:
    def saved(key: str, user: User, level: int | None, status: str = "level", **more: Any) -> Any:
        item = item_get(questionnaire=questionnaire, key=key)
        given: dict[str, Any] = {"comment": "said", "revision": 0} | more
        return answer_save(questionnaire=questionnaire, item=item, assessor=user, status=status, level=level, **given)

    return saved


def test_progress(questionnaire: Questionnaire, save: Save, assessor: User, second_assessor: User) -> None:
    save("strategy.planning", assessor, 2)
    save("strategy.planning", second_assessor, 3)
    save("strategy.assessment", second_assessor, None, "unknown")
    save("quality.checks", assessor, None, "not_applicable")
    everybody = {p.domain.identifier: (p.answered, p.known, p.total) for p in progress_of(questionnaire)}
    assert everybody == {
        "strategy": (2, 1, 3),
        "governance": (0, 0, 3),
        "architecture": (0, 0, 4),
        "application": (0, 0, 3),
        "security": (0, 0, 3),
        "quality": (1, 1, 4),
        "standards": (0, 0, 4),
        "lifecycle": (0, 0, 4),
    }
    mine = {p.domain.identifier: p.answered for p in progress_of(questionnaire, assessor=assessor)}
    assert (mine["strategy"], mine["quality"]) == (1, 1)


def test_progress_leaves_out_other_questionnaires(questionnaire: Questionnaire, save: Save, assessor: User) -> None:
    save("strategy.planning", assessor, 2)
    other = Questionnaire.objects.create(
        organisation=questionnaire.organisation, framework=questionnaire.framework, period="2026-Q4"
    )
    assert [p.answered for p in progress_of(other)] == [0] * 8
    assert {row.status for row in item_levels(other)} == {"unanswered"}


def test_item_levels(questionnaire: Questionnaire, save: Save, assessor: User, second_assessor: User) -> None:
    first = save("strategy.planning", assessor, 2, sample=True)
    evidence_add(answer=first, user=assessor, url="https://example.org/a")
    evidence_add(answer=first, user=assessor, url="https://example.org/b")
    last = save("strategy.planning", second_assessor, 4)
    save("quality.checks", assessor, None, "unknown")
    save("quality.checks", second_assessor, None, "not_applicable")
    save("quality.analysis", assessor, None, "unknown")
    save("quality.analysis", second_assessor, 5)
    rows = {row.key: row for row in item_levels(questionnaire)}
    assert len(rows) == 28
    planning = rows["strategy.planning"]
    assert (planning.status, planning.levels, planning.sample, planning.evidence) == ("level", [2, 4], True, 2)
    assert planning.changed_at == last.changed_at
    assert (rows["quality.checks"].status, rows["quality.checks"].levels) == ("not_applicable", [])
    assert (rows["quality.analysis"].status, rows["quality.analysis"].levels) == ("level", [5])
    assert rows["standards.terms"].status == "unanswered"
    assert rows["standards.terms"].changed_at is None


def test_queries_do_not_grow(
    questionnaire: Questionnaire, assessor: User, second_assessor: User, django_assert_num_queries: Any
) -> None:
    def read_all() -> None:
        with django_assert_num_queries(1):
            progress_of(questionnaire)
        with django_assert_num_queries(3):
            item_levels(questionnaire)
        with django_assert_num_queries(2):
            [
                (a.item.key, a.assessor.username, [e.created_by for e in a.evidence.all()])
                for a in answers_of(questionnaire)
            ]

    sample_answers(questionnaire=questionnaire, assessors=[assessor], seed=1, profile=SAMPLE_PROFILES["later"])
    read_all()
    sample_answers(questionnaire=questionnaire, assessors=[second_assessor], seed=1, profile=SAMPLE_PROFILES["later"])
    read_all()


def test_walking_the_items(questionnaire: Questionnaire) -> None:
    walked: list[Item] = []
    current: Item | None = items_of(questionnaire).first()
    while current is not None:
        walked.append(current)
        current = next_item(questionnaire=questionnaire, item=current)
    assert walked == list(items_of(questionnaire))
    assert (walked[0].key, walked[-1].key, len(walked)) == ("strategy.planning", "lifecycle.retirement", 28)
    assert previous_item(questionnaire=questionnaire, item=walked[0]) is None
    assert previous_item(questionnaire=questionnaire, item=walked[3]) == walked[2]


def test_what_is_not_there(questionnaire: Questionnaire, small: Any, write: Any) -> None:
    framework_load(write(small))
    for key in ("strategy", "strategy.nothing", "alpha.first", "", "a.b.c"):
        with pytest.raises(NotFoundError):
            item_get(questionnaire=questionnaire, key=key)
    with pytest.raises(NotFoundError, match="load_frameworks"):
        framework_get(identifier="nothing")
    with pytest.raises(NotFoundError):
        framework_get(identifier="small", version=2)
    assert framework_get(identifier="small").version == 1
