"""A finding's own page, schedules and channels as people use them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.utils import timezone

from assessments.accounts.models import User
from assessments.datasets.models import Dataset
from assessments.quality.models import Channel, Delivery, FindingEvent, Schedule
from assessments.quality.services import quality_run_execute

ClientAs = Callable[[str], Client]


def test_a_finding_shows_its_history_and_who_was_told(shop: SimpleNamespace, client_as: ClientAs) -> None:
    Delivery.objects.create(channel=shop.channel, finding=shop.finding, event="opened")
    page = client_as("viewer").get(f"/findings/{shop.finding.pk}/")
    assert [event.what for event in page.context["events"]] == ["opened"]
    text = page.content.decode()
    assert "a line needs two checks" in text
    assert "Program" in text
    assert "Assign" not in text
    quality_run_execute(snapshot=shop.snapshot)
    page = client_as("viewer").get(f"/findings/{shop.finding.pk}/")
    assert [event.what for event in page.context["events"]] == ["stayed", "opened"]
    assert [row[1] for row in page.context["chart"].rows] == ["25.0 %", "25.0 %"]


def test_a_finding_is_given_to_a_member_and_back(
    shop: SimpleNamespace, client_as: ClientAs, members: dict[str, User], outsider: User
) -> None:
    client, address = client_as("steward"), f"/findings/{shop.finding.pk}/assign/"
    client.post(address, {"owner": members["assessor"].pk})
    shop.finding.refresh_from_db()
    assert shop.finding.owner == members["assessor"]
    assert "assessor" in client.get("/findings/").content.decode()
    client.post(address, {"owner": outsider.pk})
    shop.finding.refresh_from_db()
    assert shop.finding.owner == members["assessor"]
    client.post(address, {"owner": ""})
    shop.finding.refresh_from_db()
    assert shop.finding.owner is None


def test_a_schedule_is_set_changed_and_removed(shop: SimpleNamespace, client_as: ClientAs) -> None:
    client, address = client_as("steward"), f"/datasets/{shop.dataset.pk}/schedule/"
    data = {"usual": "own", "cron": " 30  6 * * 1-5 ", "enabled": "on"}
    assert client.post(f"{address}change/", data).status_code == 302
    schedule = Schedule.objects.get()
    assert (schedule.cron, schedule.read, schedule.enabled) == ("30 6 * * 1-5", False, True)
    assert "30 6 * * 1-5" in client.get(address).content.decode()
    refused = client.post(f"{address}change/", {"usual": "own", "cron": "soon"})
    assert refused.status_code == 400
    assert "no time of cron" in refused.content.decode()
    client.post(f"{address}remove/")
    assert not Schedule.objects.exists()
    assert "when somebody asks for it" in client_as("viewer").get(address).content.decode()


def test_an_upload_is_not_read_again(shop: SimpleNamespace, client_as: ClientAs) -> None:
    Dataset.objects.update(source_kind="upload")
    client_as("steward").post(f"/datasets/{shop.dataset.pk}/schedule/change/", {"usual": "0 * * * *", "read": "on"})
    # A field that is switched off in the form keeps what it was, whatever is sent.
    assert Schedule.objects.get().cron == "0 6 * * *"


def test_channels_are_kept_by_administrators(shop: SimpleNamespace, client_as: ClientAs) -> None:
    client = client_as("administrator")
    data: dict[str, Any] = {"name": "Ops", "kind": "email", "target": "ops@example.org", "severity": "error"}
    added = client.post("/channels/new/", {**data, "enabled": "on"})
    channel = Channel.objects.get(name="Ops")
    assert added["Location"] == f"/channels/{channel.pk}/"
    assert client.post("/channels/new/", data).status_code == 409
    wrong = client.post(f"/channels/{channel.pk}/", {**data, "target": "nobody"})
    assert (wrong.status_code, "no e-mail address" in wrong.content.decode()) == (400, True)
    listed = client.get("/channels/").content.decode()
    assert "ops@example.org" in listed
    assert "?k=1" not in listed
    client.post(f"/channels/{channel.pk}/remove/")
    assert not Channel.objects.filter(name="Ops").exists()


def test_a_new_key_is_another_key(shop: SimpleNamespace, client_as: ClientAs) -> None:
    client, address = client_as("administrator"), f"/channels/{shop.channel.pk}/"
    before = client.get(address).context["secret"]
    client.post(f"{address}key/")
    after = client.get(address).context["secret"]
    assert before != after
    assert after.startswith("whsec_")


def test_old_findings_without_a_history_have_a_page(shop: SimpleNamespace, client_as: ClientAs) -> None:
    FindingEvent.objects.all().delete()
    shop.finding.opened_at = timezone.now()
    assert client_as("viewer").get(f"/findings/{shop.finding.pk}/").status_code == 200
