"""The page of a newer version: what it changes, carrying the answers over, confirming the old ones."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.accounts.models import AuditEvent, Organisation, User
from assessments.checklists.models import Answer, Evidence, Framework, Questionnaire, WaitingAnswer
from assessments.checklists.selectors import item_get
from assessments.checklists.services import answer_save, evidence_add, framework_load, questionnaire_create

HTMX = {"HX-Request": "true"}


def item(identifier: str, question: str, **change: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": {"en": f"Name of {identifier}", "zh": "名称"},
        "question": {"en": question, "zh": f"问题 {question}"},
        "levels": [{"en": f"Level {n} of {identifier}", "zh": f"等级 {n}"} for n in range(1, 6)],
    } | change


def version(number: int, **domains: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "kept",
        "version": number,
        "name": {"en": "Kept", "zh": "保留"},
        "source": "made for a test",
        "attribution": {"en": "After others, CC BY 4.0.", "zh": "依据他人，CC BY 4.0。"},
        "domains": [
            {"id": name, "name": {"en": name.title(), "zh": "领域"}, "items": items} for name, items in domains.items()
        ],
    }


def load(folder: Path, document: dict[str, Any]) -> Framework:
    path = folder / f"kept-{document['version']}.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    return framework_load(path)


@pytest.fixture
def kept(organisation: Organisation, members: dict[str, User], home: Path, tmp_path: Path) -> SimpleNamespace:
    """Two versions; all three items of the first are answered by the assessor, the second one with evidence."""
    explained = {
        "reference": "Act art. 7",
        "why": {"en": "Ranking <needs> it.", "zh": "排序需要它。"},
        "evidence": [{"en": f"Paper {n}", "zh": f"文件 {n}"} for n in range(4)],
    }
    old = load(tmp_path, version(1, a=[item("same", "Same?"), item("other", "Old?"), item("gone", "Gone?")]))
    changed, added = item("other", "New & better?", **explained), item("added", "Added?")
    new = load(tmp_path, version(2, a=[changed], b=[item("same", "Same?"), added]))
    assessor = members["assessor"]
    made = questionnaire_create(organisation=organisation, framework=old, period="2026-Q3", user=assessor)
    for key in ("a.same", "a.other", "a.gone"):
        answer = answer_save(
            questionnaire=made,
            item=item_get(questionnaire=made, key=key),
            assessor=assessor,
            status="level",
            level=4,
            comment=f"Said of <{key}>.",
            revision=0,
        )
        if key == "a.other":
            evidence_add(answer=answer, user=assessor, file=SimpleUploadedFile("plan.txt", b"The plan."))
    return SimpleNamespace(old=old, new=new, made=made, assessor=assessor, page=f"/checklists/{made.pk}/newer/")


def carry(client: Client, kept: SimpleNamespace, period: str = "2026-Q4", number: int = 2) -> Any:
    return client.post(f"/checklists/{kept.made.pk}/carry-over/", {"period": period, "version": number})


def carried(client: Client, kept: SimpleNamespace) -> Questionnaire:
    assert carry(client, kept).status_code == 302
    return Questionnaire.objects.get(framework=kept.new)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_older_questionnaire_points_to_the_newer_version(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = text_of(client_as("viewer").get(f"/checklists/{kept.made.pk}/"))
    assert "Version 2 of this checklist is there." in text
    assert f'href="{kept.page}"' in text
    assert "After others, CC BY 4.0." in text


def test_the_difference_names_every_item_with_what_becomes_of_its_answer(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = text_of(client_as("assessor").get(kept.page))
    groups = [text.index(f'id="{change}"') for change in ("changed", "added", "removed", "moved")]
    assert groups == sorted(groups)
    assert 'id="unchanged"' not in text
    assert "<del>Old?</del>" in text
    assert "<ins>New &amp; better?</ins>" in text
    assert "before: A" in text
    for title in ("Reads differently: 1", "New: 1", "Gone: 1", "Moved: 1"):
        assert title in text


def test_who_may_not_answer_sees_the_difference_and_no_form(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = text_of(client_as("viewer").get(kept.page))
    assert "<ins>New &amp; better?</ins>" in text
    assert "carry-over/" not in text


def test_an_assessor_carries_the_answers_over(kept: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("assessor")
    response = client.post(f"/checklists/{kept.made.pk}/carry-over/", {"period": "2026-Q4", "version": 2}, follow=True)
    created = Questionnaire.objects.get(framework=kept.new)
    assert response.redirect_chain == [(f"/checklists/{created.pk}/", 302)]
    text = text_of(response)
    assert "Answers carried over: 1. To be confirmed: 1. New items to be answered: 1." in text
    assert "1 of 3 answered by you" in text
    assert "↻ Name of other" in text
    assert {a.item.key for a in Answer.objects.filter(questionnaire=created)} == {"b.same"}
    assert AuditEvent.objects.filter(action="questionnaire.carry_over", actor=kept.assessor).count() == 1


def test_the_old_answer_stands_in_the_fields_and_is_confirmed_by_saving(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    created = carried(client, kept)
    address = f"/checklists/{created.pk}/?item=a.other"
    text = text_of(client.get(address))
    assert "Your answer to version 1 waits to be confirmed" in text
    assert '<input type="radio" name="choice" value="4" checked>' in text
    assert text.count("Said of &lt;a.other&gt;.") == 2  # in the notice and in the field
    assert "<del>Old?</del>" in text
    assert "plan.txt" in text
    assert 'name="revision" id="revision" value="0"' in text
    assert not Answer.objects.filter(questionnaire=created, item__identifier="other").exists()
    data = {"choice": "4", "comment": "Said of <a.other>.", "revision": "0"}
    answered = text_of(client.post(f"/checklists/{created.pk}/items/a.other/", data, headers=HTMX))
    assert '<div id="waiting" hx-swap-oob="true"></div>' in answered
    assert "plan.txt" in answered[answered.index('<div id="backing" hx-swap-oob="true">') :]
    answer = Answer.objects.get(questionnaire=created, item__identifier="other")
    assert (answer.level, answer.evidence.count()) == (4, 1)
    text = text_of(client.get(address))
    assert "waits to be confirmed" not in text
    assert "Your answer comes from version 1, 2026-Q3." in text
    later = text_of(
        client.post(f"/checklists/{created.pk}/items/a.other/", data | {"choice": "5", "revision": "1"}, headers=HTMX)
    )
    assert 'id="waiting"' not in later


def test_others_see_that_it_waits_and_nothing_stands_in_their_fields(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    created = carried(client_as("assessor"), kept)
    for role in ("administrator", "viewer"):
        text = text_of(client_as(role).get(f"/checklists/{created.pk}/?item=a.other"))
        assert "to version 1, to be confirmed" in text
        assert "waits to be confirmed" not in text
        assert 'name="choice" value="4" checked' not in text


def test_reason_typical_evidence_and_reference_stand_on_the_page(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    created = carried(client, kept)
    text = text_of(client.get(f"/checklists/{created.pk}/?item=a.other"))
    assert "A · Act art. 7" in text
    assert "Ranking &lt;needs&gt; it." in text
    assert '<details class="mb-3"><summary>Typical evidence</summary>' in text  # four: folded
    assert "<li>Paper 3</li>" in text
    bare = text_of(client.get(f"/checklists/{created.pk}/?item=b.added"))
    assert "Why it matters:" not in bare
    assert "Typical evidence" not in bare
    client.post("/language/", {"language": "zh-hans"})
    chinese = text_of(client.get(f"/checklists/{created.pk}/?item=a.other"))
    assert "排序需要它。" in chinese
    assert "<li>文件 3</li>" in chinese


@pytest.mark.parametrize(
    ("period", "number", "status", "said"),
    [
        ("soon", 2, 400, "Write the year and the quarter"),
        ("2026-Q2", 2, 400, "cannot be carried back to 2026-Q2"),
        ("2026-Q4", 1, 400, "is not newer than version 1"),
        ("2026-Q4", 9, 404, "There is no checklist framework"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_made(
    period: str, number: int, status: int, said: str, kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    response = carry(client_as("assessor"), kept, period, number)
    assert response.status_code == status
    assert said in text_of(response)
    assert Questionnaire.objects.count() == 1


def test_a_second_time_for_the_same_period_is_a_conflict(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    carried(client, kept)
    response = carry(client, kept)
    assert response.status_code == 409
    assert "There is already a questionnaire" in text_of(response)
    assert Questionnaire.objects.count() == 2


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("steward", 403), ("auditor", 403), ("outsider", 404)])
def test_who_may_not_carry_over_changes_nothing(
    who: str, status: int, kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    counted = (Questionnaire, Answer, Evidence, WaitingAnswer, AuditEvent)
    client = client_as(who)
    before = [model.objects.count() for model in counted]
    assert carry(client, kept).status_code == status
    assert [model.objects.count() for model in counted] == before
    assert client.get(kept.page).status_code == (404 if who == "outsider" else 200)


def test_the_newest_version_says_so(kept: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    created = carried(client_as("assessor"), kept)
    text = text_of(client_as("assessor").get(f"/checklists/{created.pk}/newer/"))
    assert "This is the newest version" in text
    assert "carry-over/" not in text


def test_versions_are_told_apart_where_a_checklist_is_chosen_and_listed(
    kept: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    carried(client_as("assessor"), kept)
    text = text_of(client_as("assessor").get("/checklists/"))
    assert text.index("Kept, version 2</option>") < text.index("Kept, version 1</option>")
    assert "version 2</span>" in text
    assert "version 1</span>" in text
