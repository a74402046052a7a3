"""Answering: saved as typed, nothing lost when two edit, keys and evidence."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.accounts.models import Organisation
from assessments.checklists.models import Answer, Evidence, Questionnaire
from assessments.checklists.services import SHIPPED, framework_load, questionnaire_submit

HTMX = {"HX-Request": "true"}
KEY = "strategy.planning"


def save(client: Client, shop: SimpleNamespace, key: str = KEY, *, htmx: bool = True, **data: str) -> Any:
    headers = HTMX if htmx else {}
    return client.post(f"/checklists/{shop.questionnaire.pk}/items/{key}/", data, headers=headers)


def test_the_page_opens_at_the_first_item_that_i_have_not_answered(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = client_as("assessor").get(f"/checklists/{shop.questionnaire.pk}/").content.decode()
    assert f'hx-post="/checklists/{shop.questionnaire.pk}/items/strategy.implementation/"' in text
    assert "1 of 28 answered by you" in text


def test_five_levels_are_shown_and_mine_is_chosen(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = client_as("assessor").get(f"/checklists/{shop.questionnaire.pk}/?item={KEY}").content.decode()
    assert text.count('type="radio" name="choice"') == 7
    assert '<input type="radio" name="choice" value="3" checked>' in text
    assert "There is a plan." in text
    assert "quantitatively managed" in text


def test_an_item_that_there_is_not(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    assert client_as("assessor").get(f"/checklists/{shop.questionnaire.pk}/?item=strategy.nothing").status_code == 404
    assert save(client_as("assessor"), shop, "nothing", choice="3", revision="0").status_code == 404


def test_a_change_is_saved_in_the_background_with_its_new_revision(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    response = save(client_as("assessor"), shop, choice="4", comment="Better.", revision="1")
    text = response.content.decode()
    shop.answer.refresh_from_db()
    assert (shop.answer.level, shop.answer.comment, shop.answer.revision) == (4, "Better.", 2)
    assert "✓ Saved" in text
    assert 'name="revision" id="revision" value="2"' in text
    assert 'id="domains"' in text


def test_two_people_keep_their_own_answers(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    save(client_as("administrator"), shop, choice="1", comment="I see none.", revision="0")
    assert {a.assessor.username: a.level for a in Answer.objects.all()} == {"assessor": 3, "administrator": 1}
    text = client_as("administrator").get(f"/checklists/{shop.questionnaire.pk}/?item={KEY}").content.decode()
    assert "There is a plan." in text  # what the other answered
    assert "I see none." in text


def test_a_conflict_shows_both_texts_and_loses_none(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("assessor")
    save(client, shop, choice="4", comment="From the first window.", revision="1")
    response = save(client, shop, choice="2", comment="From the <second> window.", revision="1")
    text = response.content.decode()
    assert response["HX-Retarget"] == "#item"
    assert "From the first window." in text
    assert text.count("From the &lt;second&gt; window.") == 2  # beside the other, and still in the field
    assert 'name="revision" id="revision" value="2"' in text
    shop.answer.refresh_from_db()
    assert (shop.answer.level, shop.answer.comment) == (4, "From the first window.")
    save(client, shop, choice="2", comment="Joined.", revision="2")
    shop.answer.refresh_from_db()
    assert (shop.answer.level, shop.answer.comment, shop.answer.revision) == (2, "Joined.", 3)


def test_a_conflict_without_scripts_is_shown_on_the_page(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    save(client, shop, choice="4", comment="First.", revision="1", htmx=False)
    response = save(client, shop, choice="2", comment="Second.", revision="1", htmx=False)
    assert response.status_code == 409
    assert "First." in response.content.decode()
    assert "Second." in response.content.decode()


@pytest.mark.parametrize(
    ("choice", "comment", "status", "level"),
    [
        ("unknown", "", "unknown", None),
        ("not_applicable", "We sell nothing.", "not_applicable", None),
        ("", "Only a comment.", "unknown", None),
        ("5", "", "level", 5),
    ],
)
def test_every_kind_of_answer(
    choice: str,
    comment: str,
    status: str,
    level: int | None,
    shop: SimpleNamespace,
    client_as: Callable[[str], Client],
) -> None:
    save(client_as("assessor"), shop, choice=choice, comment=comment, revision="1")
    shop.answer.refresh_from_db()
    assert (shop.answer.status, shop.answer.level, shop.answer.comment) == (status, level, comment)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"choice": "6"}, "Choose a level from 1 to 5."),
        ({"choice": "0"}, "Choose a level from 1 to 5."),
        ({"choice": "not_applicable"}, "Say in the comment why this does not apply."),
        ({"choice": "<b>"}, "is not a kind of answer"),
        ({"choice": "3", "comment": "x" * 10_001}, "10001 characters"),
    ],
)
def test_a_wrong_answer_is_said_and_not_saved(
    data: dict[str, str], said: str, shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    response = save(client_as("assessor"), shop, revision="1", **data)
    assert said in response.content.decode()
    assert "<b>" not in response.content.decode()
    shop.answer.refresh_from_db()
    assert (shop.answer.level, shop.answer.revision) == (3, 1)


def test_a_submitted_questionnaire_takes_no_changes(
    shop: SimpleNamespace, members: dict[str, Any], client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    assert client.post(f"/checklists/{shop.questionnaire.pk}/submit/").status_code == 302
    response = save(client, shop, choice="5", revision="1")
    assert "takes no more changes" in response.content.decode()
    shop.answer.refresh_from_db()
    assert shop.answer.level == 3
    page = client.get(f"/checklists/{shop.questionnaire.pk}/?item={KEY}").content.decode()
    assert "<fieldset disabled>" in page


def test_an_administrator_opens_it_again_with_a_reason(
    shop: SimpleNamespace, members: dict[str, Any], client_as: Callable[[str], Client]
) -> None:
    questionnaire_submit(questionnaire=shop.questionnaire, user=members["assessor"])
    client, address = client_as("administrator"), f"/checklists/{shop.questionnaire.pk}/reopen/"
    assert client.post(address, {"reason": " "}).status_code == 400
    assert Questionnaire.objects.get().submitted_at is not None
    assert client.post(address, {"reason": "A mistake."}).status_code == 302
    assert Questionnaire.objects.get().submitted_at is None


def test_a_file_is_attached_and_comes_back_as_a_download(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    file = SimpleUploadedFile("policy.txt", b"Our policy.")
    client.post(f"/checklists/{shop.questionnaire.pk}/items/{KEY}/evidence/", {"file": file})
    evidence = Evidence.objects.get(kind="file")
    response = client_as("viewer").get(f"/evidence/{evidence.pk}/")
    assert b"".join(response.streaming_content) == b"Our policy."
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client_as("outsider").get(f"/evidence/{evidence.pk}/").status_code == 404


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "ftp://example.org/x"])
def test_a_link_must_be_a_web_address(url: str, shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    response = client_as("assessor").post(f"/checklists/{shop.questionnaire.pk}/items/{KEY}/evidence/", {"url": url})
    assert response.status_code == 400
    assert Evidence.objects.count() == 1


def test_nothing_is_attached_to_an_item_without_an_answer(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    address = f"/checklists/{shop.questionnaire.pk}/items/strategy.implementation/evidence/"
    assert client_as("assessor").post(address, {"url": "https://example.org"}).status_code == 400
    assert Evidence.objects.count() == 1


def test_a_questionnaire_is_started_once_for_a_period(
    organisation: Organisation, home: Path, client_as: Callable[[str], Client]
) -> None:
    framework = framework_load(SHIPPED[0])
    client = client_as("assessor")
    data = {"framework": framework.pk, "period": "2026-Q4"}
    response = client.post("/checklists/new/", data)
    assert response["Location"] == f"/checklists/{Questionnaire.objects.get().pk}/"
    again = client.post("/checklists/new/", data)
    assert again.status_code == 409
    assert "There is already a questionnaire" in again.content.decode()
    assert client.post("/checklists/new/", {**data, "period": "Q4"}).status_code == 400
    assert Questionnaire.objects.count() == 1


def test_without_a_checklist_the_page_says_how_to_load_one(client_as: Callable[[str], Client]) -> None:
    assert "load_frameworks" in client_as("assessor").get("/checklists/").content.decode()


def test_what_cannot_be_attached_keeps_its_page_and_what_was_typed(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    address = f"/checklists/{shop.questionnaire.pk}/items/{KEY}/evidence/"
    before = Evidence.objects.count()
    response = client_as("assessor").post(address, {"title": "The old plan", "url": ""})
    text = response.content.decode()
    assert response.status_code == 400
    assert "Give either a file or a link." in text
    assert 'value="The old plan"' in text
    assert "There is a plan." in text  # the answer itself
    unanswered = client_as("administrator").post(address, {"url": "https://example.org/plan"})
    assert unanswered.status_code == 400
    assert "Answer the item before you attach something." in unanswered.content.decode()
    assert 'value="https://example.org/plan"' in unanswered.content.decode()
    assert Evidence.objects.count() == before


def test_the_checklist_that_counts_for_the_score_is_offered_first(
    home: Path, client_as: Callable[[str], Client]
) -> None:
    for path in SHIPPED:
        framework_load(path)
    text = client_as("assessor").get("/checklists/").content.decode()
    chosen = re.findall(r'<option value="\d+"( selected)?>(.+)</option>', text)
    assert [name for selected, name in chosen if selected] == [
        "Data management capability maturity (DCMM), version 2 (counts for the score)"
    ]
    assert len(chosen) == len(SHIPPED)
    assert sum("counts for the score" in name for _selected, name in chosen) == 1
