"""The history of findings, schedules, and who is told."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.utils import timezone

from assessments.accounts.models import AuditEvent, Organisation, User
from assessments.common.errors import CancelledError, ConflictError, ForbiddenError, GovernError
from assessments.datasets.models import Snapshot
from assessments.jobs.errors import JobLostError
from assessments.jobs.models import Job
from assessments.jobs.rounds import rounds_run
from assessments.quality.cron import cron_next, cron_read
from assessments.quality.messages import content, signature, signing_key, signing_secret
from assessments.quality.models import Channel, Delivery, Finding, FindingEvent, QualityRun, Schedule
from assessments.quality.services import (
    channel_delete,
    channel_rekey,
    channel_save,
    dataset_watch,
    deliveries_send,
    finding_accept,
    finding_assign,
    finding_open,
    quality_run_execute,
    rule_delete,
    rule_save,
    rules_load,
    schedule_claim,
    schedule_save,
)

MakeSnapshot = Callable[..., Snapshot]
PACK = {"rules": [{"name": "user is known", "check": "completeness", "columns": ["user"], "severity": "error"}]}


def users(filled: int, empty: int) -> dict[str, Any]:
    return {"user": ["u"] * filled + [None] * empty}


def history(finding: Finding) -> list[tuple[str, float | None]]:
    return list(finding.events.values_list("what", "share"))


@pytest.fixture
def watched(make_snapshot: MakeSnapshot) -> Callable[[int, int], Finding]:
    """``watched(filled, empty)`` checks a new snapshot with as many filled and empty cells; the newest finding."""

    def check(filled: int, empty: int) -> Finding:
        snapshot = make_snapshot(users(filled, empty))
        rules_load(dataset=snapshot.dataset, pack=PACK)
        quality_run_execute(snapshot=snapshot)
        return Finding.objects.order_by("-pk")[0]

    return check


@pytest.fixture
def channel(organisation: Organisation) -> Channel:
    return channel_save(organisation=organisation, name="Ops", kind="email", target="ops@example.org")


def test_a_finding_opens_stays_worsens_improves_resolves_and_opens_anew(watched: Callable[..., Finding]) -> None:
    first = watched(9, 1)
    watched(90, 10)
    watched(88, 12)
    watched(95, 5)
    watched(10, 0)
    assert history(first) == [
        ("opened", 0.1),
        ("stayed", 0.1),
        ("worsened", 0.12),
        ("improved", 0.05),
        ("resolved", 0.0),
    ]
    first.refresh_from_db()
    assert first.state == "resolved"
    again = watched(9, 1)
    assert again.pk != first.pk
    assert history(again) == [("opened", 0.1)]


def test_a_share_that_grew_by_a_tenth_at_most_has_not_worsened(watched: Callable[..., Finding]) -> None:
    finding = watched(900, 100)
    watched(890, 110)
    watched(878, 122)
    assert [what for what, _share in history(finding)] == ["opened", "stayed", "worsened"]


def test_what_a_person_does_is_in_the_history(watched: Callable[..., Finding], members: dict[str, User]) -> None:
    finding, steward = watched(9, 1), members["steward"]
    finding_assign(finding=finding, owner=members["assessor"], user=steward)
    finding_assign(finding=finding, owner=members["assessor"], user=steward)
    finding_accept(finding=finding, user=steward, reason="Known since May.", until=timezone.localdate())
    assert [(e.what, e.user, e.note) for e in finding.events.all()[1:]] == [
        ("assigned", steward, "assessor"),
        ("accepted", steward, "Known since May."),
    ]
    assert AuditEvent.objects.filter(action="finding.assign").count() == 1
    Finding.objects.update(accepted_until=timezone.localdate() - timedelta(days=1))
    assert rounds_run()["quality.acceptances"] == 1
    finding.refresh_from_db()
    assert finding.state == "open"
    assert finding.events.last().what == "reopened"


def test_a_finding_is_given_to_members_alone(
    watched: Callable[..., Finding], members: dict[str, User], outsider: User
) -> None:
    finding = watched(9, 1)
    with pytest.raises(GovernError, match="not a member"):
        finding_assign(finding=finding, owner=outsider, user=members["steward"])
    finding.refresh_from_db()
    assert finding.owner is None
    watched(9, 0)
    with pytest.raises(ConflictError):
        finding_assign(finding=finding, owner=members["steward"], user=members["steward"])


def test_a_rule_that_is_gone_ends_its_finding_and_says_why(watched: Callable[..., Finding]) -> None:
    finding = watched(9, 1)
    rule_delete(rule=finding.rule)
    finding.refresh_from_db()
    assert (finding.state, finding.events.last().note) == ("resolved", "The rule was deleted.")


def test_a_finding_without_a_rule_is_one_for_each_subject(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(users(1, 0)).dataset
    about = {"dataset": dataset, "kind": "personal_data", "severity": "critical"}
    first = finding_open(subject="mail:email", title="E-mail addresses in mail", share=0.5, **about)
    assert finding_open(subject="mail:email", title="E-mail addresses in mail", share=0.9, **about) == first
    assert finding_open(subject="note:phone", title="Telephone numbers in note", share=0.1, **about) != first
    assert history(first) == [("opened", 0.5), ("worsened", 0.9)]


# The fifth is a time that the clock of Berlin skips in spring.
@pytest.mark.parametrize(
    ("cron", "after", "zone", "expected"),
    [
        ("30 6 * * 1-5", "2026-11-20T06:30:00+00:00", "UTC", "2026-11-23T06:30:00+00:00"),  # a Friday to the Monday
        ("30 6 * * 1-5", "2026-11-20T06:29:59+00:00", "UTC", "2026-11-20T06:30:00+00:00"),
        ("0 6 * * *", "2026-11-20T00:00:00+00:00", "Asia/Shanghai", "2026-11-20T22:00:00+00:00"),
        ("0 0 29 2 *", "2026-03-01T00:00:00+00:00", "UTC", "2028-02-29T00:00:00+00:00"),
        (
            "30 2 * * *",
            "2026-03-28T12:00:00+00:00",
            "Europe/Berlin",
            "2026-03-29T01:30:00+00:00",
        ),
        ("0 0 * * sun", "2026-11-20T00:00:00+00:00", "UTC", "2026-11-22T00:00:00+00:00"),
    ],
)
def test_when_a_schedule_is_due(cron: str, after: str, zone: str, expected: str) -> None:
    assert cron_next(cron, datetime.fromisoformat(after), zone) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("cron", ["", "* * *", "61 * * * *", "a b c d e", "0 0 31 2 *", "* * * * *", "*/2 * * * *"])
def test_what_is_no_time_or_too_often_is_refused(cron: str) -> None:
    with pytest.raises(GovernError):
        cron_read(cron)


def test_a_due_schedule_starts_one_job_and_moves_on(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(users(9, 1)).dataset
    schedule = schedule_save(dataset=dataset, cron="0 6 * * *", read=False)
    assert schedule.next_at > timezone.now()
    late = datetime(2026, 1, 1, tzinfo=UTC)
    Schedule.objects.update(next_at=late)
    assert rounds_run()["quality.schedules"] == 1
    assert rounds_run()["quality.schedules"] == 0
    job = Job.objects.get(kind="quality.watch")
    assert (job.kind, job.parameters) == ("quality.watch", {"dataset_id": dataset.pk, "read": False})
    schedule.refresh_from_db()
    assert schedule.next_at > timezone.now()
    assert schedule_claim(pk=schedule.pk, now=late) is None


def test_a_schedule_that_is_off_or_of_an_upload(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(users(9, 1)).dataset
    assert schedule_save(dataset=dataset, cron="0 6 * * *", enabled=False).next_at is None
    dataset.source_kind = "upload"
    with pytest.raises(GovernError, match="does not change"):
        schedule_save(dataset=dataset, cron="0 6 * * *", read=True)


def test_watching_keeps_what_went_wrong_on_the_schedule(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(users(9, 1)).dataset
    schedule = schedule_save(dataset=dataset, cron="0 6 * * *", read=False)
    with pytest.raises(GovernError, match="no rules in use"):
        dataset_watch(dataset=dataset, read=False)
    schedule.refresh_from_db()
    assert "no rules in use" in schedule.last_problem
    rule_save(dataset=dataset, name="user", check="completeness", columns=["user"])
    assert dataset_watch(dataset=dataset, read=False).state == "succeeded"
    schedule.refresh_from_db()
    assert schedule.last_problem == ""


@pytest.mark.parametrize("error", [CancelledError("Stopped."), JobLostError(1, 1)])
def test_a_watch_that_is_stopped_leaves_the_schedule_and_the_snapshots_as_they_were(
    make_snapshot: MakeSnapshot, error: Exception
) -> None:
    dataset = make_snapshot(users(9, 1)).dataset
    schedule = schedule_save(dataset=dataset, cron="0 6 * * *", read=False)
    rule_save(dataset=dataset, name="user", check="completeness", columns=["user"])

    def stop(_fraction: float, _message: str = "") -> None:
        raise error

    for before in ("", "The disk was full."):
        Schedule.objects.filter(pk=schedule.pk).update(last_problem=before)
        with pytest.raises(type(error)):
            dataset_watch(dataset=dataset, read=False, progress=stop)
        schedule.refresh_from_db()
        assert schedule.last_problem == before
    assert dataset.snapshots.count() == 1
    assert {run.state for run in QualityRun.objects.all()} == {"failed"}
    assert not Finding.objects.exists()


def test_only_grave_enough_findings_that_open_or_worsen_are_told(
    watched: Callable[..., Finding], channel: Channel, organisation: Organisation, other_organisation: Organisation
) -> None:
    channel_save(organisation=organisation, name="Board", kind="email", target="b@example.org", severity="critical")
    channel_save(organisation=organisation, name="Off", kind="email", target="o@example.org", enabled=False)
    channel_save(organisation=other_organisation, name="Ops", kind="email", target="x@example.org")
    watched(9, 1)
    watched(9, 1)
    watched(8, 2)
    watched(9, 0)
    told = list(Delivery.objects.order_by("pk").values_list("channel__target", "event"))
    assert told == [("ops@example.org", "opened"), ("ops@example.org", "worsened")]


def test_an_email_says_what_where_and_since_when(
    watched: Callable[..., Finding], channel: Channel, settings: LazySettings
) -> None:
    settings.EMAIL_SENT, settings.PUBLIC_URL = True, "https://govern.example.org"
    finding = watched(9, 1)
    assert deliveries_send() == 1
    message = mail.outbox[0]
    assert (message.to, message.subject) == (["ops@example.org"], "[Govern] Error: user is known")
    assert "Dataset: orders" in message.body
    assert "Share of rows: 10.0 %" in message.body
    assert f"https://govern.example.org/findings/{finding.pk}/" in message.body
    assert deliveries_send() == 0
    assert Delivery.objects.get().state == "sent"


def test_without_a_mail_server_it_waits_and_is_given_up_at_last(
    watched: Callable[..., Finding], channel: Channel, settings: LazySettings
) -> None:
    settings.EMAIL_SENT = False
    watched(9, 1)
    now, waits = timezone.now(), []
    for _attempt in range(7):
        assert deliveries_send(now=now) == 0
        delivery = Delivery.objects.get()
        if delivery.next_at:
            waits.append(round((delivery.next_at - now) / timedelta(minutes=1)))
            now = delivery.next_at
    assert waits == [1, 5, 30, 120, 720, 1440]
    assert (delivery.state, delivery.attempts, delivery.next_at) == ("failed", 7, None)
    assert "GOVERN_EMAIL_URL" in delivery.problem


@pytest.fixture
def receiver() -> Iterator[Any]:
    """A program that takes webhooks: ``taken`` are (headers, body), ``answers`` what it says next."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.taken.append((dict(self.headers), body))  # type: ignore[attr-defined]
            self.send_response(server.answers.pop(0) if server.answers else 204)  # type: ignore[attr-defined]
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.taken, server.answers = [], []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_webhook_is_signed_and_tried_again(
    watched: Callable[..., Finding], organisation: Organisation, receiver: Any, settings: LazySettings
) -> None:
    settings.DATASET_PRIVATE_HOSTS = ["127.0.0.1"]
    target = f"http://127.0.0.1:{receiver.server_port}/hook?key=abc"
    channel = channel_save(organisation=organisation, name="Program", kind="webhook", target=target)
    finding = watched(9, 1)
    receiver.answers[:] = [500, 302, 200]
    now = timezone.now()
    for minutes, sent in ((0, 0), (2, 0), (10, 1)):
        assert deliveries_send(now=now + timedelta(minutes=minutes)) == sent
    assert len(receiver.taken) == 3
    headers, body = receiver.taken[-1]
    key = base64.b64decode(signing_secret(channel).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == expected
    told = json.loads(body)
    assert told["type"] == "finding.opened"
    assert told["data"]["finding"] == finding.pk
    assert told["data"]["share_failing"] == 0.1
    assert {headers["webhook-id"] for headers, _body in receiver.taken} == {headers["webhook-id"]}
    assert "abc" not in str(AuditEvent.objects.get(action="channel.add").detail)


def test_an_answer_byte_by_byte_is_cut_off(
    watched: Callable[..., Finding],
    organisation: Organisation,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each byte comes well within the limit on silence, and the answer never ends."""
    settings.DATASET_PRIVATE_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr("assessments.quality.messages.TOTAL_SECONDS", 0.5)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def dribble() -> None:
            with suppress(OSError), server.accept()[0] as caller:
                while not done.wait(0.05):
                    caller.sendall(b"H")

        threading.Thread(target=dribble, daemon=True).start()
        target = f"http://127.0.0.1:{server.getsockname()[1]}/"
        channel_save(organisation=organisation, name="Slow", kind="webhook", target=target)
        watched(10, 90)
        started = time.monotonic()
        assert deliveries_send() == 0
        assert time.monotonic() - started < 5
        done.set()
    assert "does not answer" in Delivery.objects.get().problem


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the specification's reference libraries are tested with."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_new_key_signs_from_now_on(organisation: Organisation) -> None:
    channel = channel_save(organisation=organisation, name="P", kind="webhook", target="https://example.org/hook")
    before = signing_key(channel)
    channel = channel_rekey(channel=channel)
    assert signing_key(channel) != before
    assert len(signing_key(channel)) == 32


@pytest.mark.parametrize("target", ["http://127.0.0.1:9/", "http://169.254.169.254/latest", "http://[::1]/"])
def test_a_webhook_cannot_be_pointed_at_the_inside(
    watched: Callable[..., Finding], organisation: Organisation, target: str
) -> None:
    channel_save(organisation=organisation, name="P", kind="webhook", target=target)
    watched(9, 1)
    assert deliveries_send() == 0
    assert "private" in Delivery.objects.get().problem


@pytest.mark.parametrize(
    ("kind", "target", "refusal"),
    [
        ("email", "nobody", GovernError),
        ("email", "a@example.org\nBcc: b@example.org", GovernError),
        ("webhook", "ftp://example.org/", ForbiddenError),
        ("webhook", "https://user:secret@example.org/", ForbiddenError),
        ("pigeon", "x", GovernError),
    ],
)
def test_addresses_that_are_none_are_refused(
    organisation: Organisation, kind: str, target: str, refusal: type[GovernError]
) -> None:
    with pytest.raises(refusal):
        channel_save(organisation=organisation, name="P", kind=kind, target=target)
    assert not Channel.objects.exists()


def test_a_message_holds_no_row_of_data(watched: Callable[..., Finding], channel: Channel) -> None:
    watched(9, 1)
    told = content(Delivery.objects.get())
    assert set(told["data"]) == {
        *("organisation", "finding", "title", "kind", "severity", "dataset", "share_failing", "opened_at", "url"),
    }
    channel_delete(channel=channel)
    assert not Delivery.objects.exists()
    assert FindingEvent.objects.count() == 1
