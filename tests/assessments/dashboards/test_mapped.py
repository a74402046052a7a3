"""What other checklists propose, on the page of an item: paths with links, and the button that takes the level."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.accounts.models import Organisation, User
from assessments.checklists.models import Answer, Questionnaire
from assessments.checklists.selectors import item_get
from assessments.checklists.services import SHIPPED, answer_save, framework_load, questionnaire_create

KEY = "inherent.completeness"
BUTTON = "Take level 4 as my answer"
SignIn = Callable[[str], Client]


def start(organisation: Organisation, framework: str, user: User) -> Questionnaire:
    loaded = framework_load(next(path for path in SHIPPED if path.stem == framework))
    return questionnaire_create(organisation=organisation, framework=loaded, period="2026-Q3", user=user)


def say(questionnaire: Questionnaire, key: str, user: User, level: int) -> Answer:
    item = item_get(questionnaire=questionnaire, key=key)
    return answer_save(
        questionnaire=questionnaire, item=item, assessor=user, status="level", level=level, comment="", revision=0
    )


@pytest.fixture
def dcmm(organisation: Organisation, members: dict[str, User]) -> Questionnaire:
    questionnaire = start(organisation, "dcmm-2018", members["assessor"])
    say(questionnaire, "quality.checks", members["assessor"], 4)
    return questionnaire


@pytest.fixture
def quality(organisation: Organisation, members: dict[str, User]) -> Questionnaire:
    return start(organisation, "data-quality-25012", members["assessor"])


def page(client: Client, questionnaire: Questionnaire, key: str = KEY) -> str:
    return client.get(f"/checklists/{questionnaire.pk}/?item={key}").content.decode()


def take(client: Client, questionnaire: Questionnaire, level: str = "4", revision: str = "0") -> int:
    address = f"/checklists/{questionnaire.pk}/items/{KEY}/mapped/"
    return client.post(address, {"level": level, "revision": revision}).status_code


def test_the_page_shows_the_path_with_who_answered_and_links_it(
    dcmm: Questionnaire, quality: Questionnaire, client_as: SignIn
) -> None:
    text = page(client_as("assessor"), quality)
    assert "Answers to other checklists propose: level 4" in text
    assert (
        f'This item is part of (0.7) <a href="/checklists/{dcmm.pk}/?item=quality.checks">Data quality checks</a>'
        in text
    )
    assert "strength of the path 0.70" in text
    assert "Looking for missing events and fields is the check that is run most." in text
    assert "<div>assessor: level 4 · " in text
    assert BUTTON in text
    assert "Answers to other checklists propose" not in page(client_as("assessor"), quality, "inherent.accuracy")


def test_the_page_is_chinese_for_who_reads_chinese(
    dcmm: Questionnaire, quality: Questionnaire, client_as: SignIn
) -> None:
    client = client_as("assessor")
    client.cookies["django_language"] = "zh-hans"
    text = page(client, quality)
    assert "对其他检查表的回答建议：4 级" in text
    assert "本条目 属于 (0.7)" in text
    assert "查找缺失的事件和字段是执行最多的检查。" in text


def test_a_part_says_at_most(
    dcmm: Questionnaire, quality: Questionnaire, members: dict[str, User], client_as: SignIn
) -> None:
    say(quality, "inherent-and-system.understandability", members["assessor"], 3)
    text = page(client_as("assessor"), dcmm, "architecture.metadata")
    assert "Answers to other checklists propose: at most level 3" in text
    assert "a whole is no better than its weakest part" in text


def test_taking_the_level_makes_it_the_persons_answer(
    dcmm: Questionnaire, quality: Questionnaire, members: dict[str, User], client_as: SignIn
) -> None:
    client = client_as("assessor")
    assert take(client, quality) == 302
    answer = Answer.objects.get(questionnaire=quality)
    assert (answer.assessor, answer.level) == (members["assessor"], 4)
    assert "Data quality checks (dcmm-2018 quality.checks; 0.7)" in answer.comment
    text = page(client, quality)
    assert "Taken as your answer" in text
    assert BUTTON not in text


def test_after_a_save_in_the_background_the_button_knows_the_new_revision(
    dcmm: Questionnaire, quality: Questionnaire, client_as: SignIn
) -> None:
    client = client_as("assessor")
    sent = {"choice": "2", "comment": "", "revision": "0"}
    address = f"/checklists/{quality.pk}/items/{KEY}/"
    text = client.post(address, sent, headers={"HX-Request": "true"}).content.decode()
    assert '<div id="mapped" hx-swap-oob="true">' in text
    assert '<input type="hidden" name="revision" value="1">' in text
    assert take(client, quality, revision="1") == 302
    assert Answer.objects.get(questionnaire=quality).level == 4


@pytest.mark.parametrize(("level", "revision"), [("3", "1"), ("", "1"), ("x", "1"), ("4", "0")])
def test_what_changed_meanwhile_is_shown_and_nothing_saved(
    level: str, revision: str, dcmm: Questionnaire, quality: Questionnaire, members: dict[str, User], client_as: SignIn
) -> None:
    say(quality, KEY, members["assessor"], 2)
    assert take(client_as("assessor"), quality, level, revision) == 409
    assert Answer.objects.get(questionnaire=quality).level == 2


def test_a_viewer_sees_the_proposal_and_cannot_take_it(
    dcmm: Questionnaire, quality: Questionnaire, client_as: SignIn
) -> None:
    client = client_as("viewer")
    text = page(client, quality)
    assert "Answers to other checklists propose: level 4" in text
    assert BUTTON not in text
    assert take(client, quality) == 403
    assert not Answer.objects.filter(questionnaire=quality).exists()


def test_another_organisations_answers_neither_propose_nor_can_be_taken(
    dcmm: Questionnaire, quality: Questionnaire, other_organisation: Organisation, outsider: User, client_as: SignIn
) -> None:
    client, theirs = client_as("outsider"), start(other_organisation, "data-quality-25012", outsider)
    assert "Answers to other checklists propose" not in page(client, theirs)
    assert take(client, theirs) == 409
    assert take(client, quality) == 404
    assert not Answer.objects.exclude(questionnaire=dcmm).exists()


def test_the_page_asks_no_more_for_more_answers(
    dcmm: Questionnaire, quality: Questionnaire, members: dict[str, User], client_as: SignIn
) -> None:
    client = client_as("viewer")
    page(client, quality)
    counts = []
    for user in ("assessor", "administrator"):
        if user != "assessor":
            for key in ("quality.checks", "quality.requirements", "quality.analysis"):
                say(dcmm, key, members[user], 3)
        with CaptureQueriesContext(connection) as queries:
            page(client, quality)
        counts.append(len(queries))
    assert counts[0] == counts[1]
