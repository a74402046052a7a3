"""What was measured on the page of an item: proposed, accepted, overridden with a reason, and kept."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from assessments.accounts.models import User
from assessments.checklists.framework_file import digest_of
from assessments.checklists.models import Answer, Evidence
from assessments.checklists.services import questionnaire_submit
from assessments.datasets.models import Dataset
from assessments.quality.models import QualityRun
from assessments.recommenders.models import TrainingRun, TuningRun

HTMX = {"HX-Request": "true"}
KEY = "quality.checks"
REFUSED = "What was measured proposes level 5; say in the comment why it is level 2."


def page(client: Client, shop: SimpleNamespace, key: str = KEY) -> str:
    return client.get(f"/checklists/{shop.questionnaire.pk}/?item={key}").content.decode()


def save(client: Client, shop: SimpleNamespace, *, htmx: bool = True, **data: str) -> Any:
    address = f"/checklists/{shop.questionnaire.pk}/items/{KEY}/"
    return client.post(address, {"revision": "0"} | data, headers=HTMX if htmx else {})


def saved() -> list[tuple[str, int | None, str, int]]:
    return [(a.status, a.level, a.comment, a.revision) for a in Answer.objects.filter(item__identifier="checks")]


def kept() -> list[Evidence]:
    return list(Evidence.objects.filter(kind="measured").order_by("pk"))


def test_the_page_shows_value_level_cuts_and_sources(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = page(client_as("assessor"), shop)
    assert "100.0 % · datasets in use whose newest snapshot was checked → proposes level 5 · optimising" in text
    assert "level 2: ≥ 10 %" in text
    assert "level 4: ≥ 95 %" in text
    assert f'<a href="/checks/{shop.run.pk}/#rules">orders #1</a>' in text
    assert f"({shop.run.finished_at:%Y-%m-%d})" in text
    assert "Accept level 5" in text
    assert "differs from the proposed" not in text


def test_fewer_days_are_better(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    text = page(client_as("assessor"), shop, "lifecycle.operation")
    assert "0 days · since the dataset that waits longest was checked → proposes level 5" in text
    assert "level 2: ≤ 90 days" in text
    assert "level 5: ≤ 1 day<" in text


def test_in_chinese(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("assessor")
    client.cookies["django_language"] = "zh-hans"
    assert "最新快照已检查的在用数据集占比" in page(client, shop)


def test_an_item_that_nothing_measures_shows_nothing(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    assert 'id="measured"' not in page(client_as("assessor"), shop, "strategy.planning")


def test_accepting_saves_the_level_and_keeps_what_was_proposed(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    response = save(client, shop, accept="5", choice="2", comment="As measured.")
    assert response["HX-Redirect"] == f"/checklists/{shop.questionnaire.pk}/?item={KEY}"
    assert saved() == [("level", 5, "As measured.", 1)]
    (piece,) = kept()
    assert (piece.revision, piece.document["level"], piece.document["value"]) == (1, 5, 1.0)
    assert piece.document["sources"][0]["id"] == shop.run.pk
    assert piece.digest == digest_of(piece.document)
    text = page(client, shop)
    assert "Measured: 100.0 % · datasets in use whose newest snapshot was checked → level 5" in text
    assert "Accept level" not in text


def test_accepting_without_scripts(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    response = save(client_as("assessor"), shop, htmx=False, accept="5", comment="")
    assert (response.status_code, response["Location"]) == (302, f"/checklists/{shop.questionnaire.pk}/?item={KEY}")
    assert saved() == [("level", 5, "", 1)]


def test_another_level_without_a_reason_is_refused_and_nothing_typed_is_lost(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    assert REFUSED in save(client, shop, choice="2", comment=" ").content.decode()
    whole = save(client, shop, htmx=False, choice="2", comment="")
    assert whole.status_code == 400
    assert '<input type="radio" name="choice" value="2" checked>' in whole.content.decode()
    assert saved() == []
    assert kept() == []


def test_another_level_with_a_reason_is_saved_beside_the_proposal(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = save(client_as("assessor"), shop, choice="2", comment="Only one table is checked.").content.decode()
    assert saved() == [("level", 2, "Only one table is checked.", 1)]
    assert "Your level 2 differs from the proposed 5: your comment is the reason." in text
    assert [(piece.revision, piece.document["level"]) for piece in kept()] == [(1, 5)]


def test_dont_know_needs_no_reason(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    save(client_as("assessor"), shop, choice="unknown", comment="")
    assert saved() == [("unknown", None, "", 1)]


def test_the_same_proposal_is_kept_once_and_another_one_again(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    save(client, shop, choice="5", comment="a")
    save(client, shop, choice="5", comment="ab", revision="1")
    assert [piece.revision for piece in kept()] == [1]
    QualityRun.objects.update(state="failed")
    save(client, shop, choice="5", comment="Checked until yesterday.", revision="2")
    assert [(piece.revision, piece.document["level"]) for piece in kept()] == [(1, 5), (3, 1)]


def test_what_is_no_longer_proposed_cannot_be_accepted(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    QualityRun.objects.update(state="failed")
    response = save(client_as("assessor"), shop, accept="5", comment="Typed before.")
    text = response.content.decode()
    assert response["HX-Retarget"] == "#item"
    assert "What was measured has changed since you opened the page." in text
    assert "Typed before." in text
    assert saved() == []


def test_what_was_kept_is_shown_when_the_data_are_gone(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("assessor")
    save(client, shop, accept="5", comment="")
    TrainingRun.objects.all().delete()
    TuningRun.objects.all().delete()
    Dataset.objects.all().delete()
    for role in ("assessor", "viewer"):
        text = page(client_as(role), shop)
        assert "Measured: 100.0 % · datasets in use whose newest snapshot was checked → level 5" in text
        assert "proposes level" not in text


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_who_may_not_answer_sees_the_proposal_but_cannot_accept(
    role: str, shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    assert "proposes level 5" in page(client_as(role), shop)
    assert "Accept level" not in page(client_as(role), shop)
    assert save(client_as(role), shop, accept="5").status_code == 403
    assert saved() == []


def test_another_organisation_finds_nothing(shop: SimpleNamespace, outsider: User, client: Client) -> None:
    client.force_login(outsider)
    assert save(client, shop, accept="5").status_code == 404
    assert saved() == []


def test_a_submitted_questionnaire_takes_no_acceptance(
    shop: SimpleNamespace, members: dict[str, User], client_as: Callable[[str], Client]
) -> None:
    questionnaire_submit(questionnaire=shop.questionnaire, user=members["assessor"])
    assert "Accept level" not in page(client_as("assessor"), shop)
    assert "takes no more changes" in save(client_as("assessor"), shop, accept="5").content.decode()
    assert saved() == []
