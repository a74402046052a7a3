"""How an attempt ends: well, refused, crashed, cancelled, lost; and who is shown what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from assessments.accounts.models import Organisation, User
from assessments.common.errors import CancelledError, GovernError
from assessments.jobs.context import JobContext
from assessments.jobs.dispatch import job_run_here, job_start, jobs_recover
from assessments.jobs.errors import JobLostError, disk_full
from assessments.jobs.models import Job
from assessments.jobs.registry import job_task
from assessments.jobs.reporter import Reporter
from assessments.jobs.runner import job_execute, trace_of
from assessments.jobs.selectors import log_of
from assessments.jobs.services import job_cancel, job_claim, job_create, jobs_reap


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, str]]:
    """The messages handed to the broker: (arguments, queue)."""
    messages: list[tuple[Any, str]] = []

    def send(name: str, args: Any, queue: str, **options: Any) -> None:
        assert name == "jobs.run"
        messages.append((args, queue))

    monkeypatch.setattr("assessments.jobs.dispatch.current_app.send_task", send)
    return messages


def test_a_job_is_sent_on_commit_to_the_queue_of_its_kind(
    organisation: Organisation, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = job_start(organisation=organisation, kind="test.sleep_gpu", subject="x", parameters={})
        assert sent == []
    assert sent == [([job.pk], "gpu")]


def test_a_broker_that_is_away_loses_nothing(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(*args: Any, **options: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr("assessments.jobs.dispatch.current_app.send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = job_start(organisation=organisation, kind="test.add", subject="x", parameters={"a": 1, "b": 1})
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert job.enqueued_at is not None
    Job.objects.update(enqueued_at="2020-01-01T00:00Z")
    assert jobs_recover() == 1


def test_work_that_ends_well_keeps_its_result_log_and_link(organisation: Organisation) -> None:
    heard: list[tuple[float, str]] = []
    job = job_run_here(
        organisation=organisation,
        kind="test.add",
        subject="sums",
        parameters={"a": 2, "b": 3},
        progress=lambda fraction, message="": heard.append((fraction, message)),
    )
    assert (job.state, job.progress, job.result["sum"], job.result_url) == ("succeeded", 1.0, 5, "/sums/1/")
    assert heard == [(0.5, "adding")]
    assert [line.message for line in log_of(job)] == ["2 + 3"]


def test_an_expected_failure_is_kept_with_its_hint_and_without_a_trace(organisation: Organisation) -> None:
    with pytest.raises(GovernError, match="The column is gone"):
        job_run_here(organisation=organisation, kind="test.refuse", subject="x", parameters={})
    job = Job.objects.get()
    assert (job.state, job.error, job.hint, job.trace) == (
        "failed",
        "The column is gone. (price)",
        "Take a new snapshot.",
        "",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said(organisation: Organisation) -> None:
    job = job_create(organisation=organisation, kind="test.fill", subject="x")
    job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, "no room left" in job.error, "make room" in job.hint) == (Job.State.FAILED, True, True)


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(28, "No space left on device"), True),
        (RuntimeError("the training process ended with code 1\nOSError: [Errno 28] No space left on device"), True),
        (OperationalError("database or disk is full"), True),
        (OSError(2, "No such file or directory"), False),
    ],
)
def test_libraries_say_in_their_own_words_that_the_disk_is_full(error: Exception, full: bool) -> None:
    assert disk_full(error) is full


def test_a_crash_is_logged_with_its_trace_which_people_are_not_told(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    job = job_create(organisation=organisation, kind="test.crash", subject="x")
    job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "secret detail" in job.trace
    assert "secret detail" not in job.error + job.hint
    assert "secret detail" in caplog.text


def test_a_trace_quotes_no_cell() -> None:
    try:
        try:
            raise ValueError("Could not convert string 'Ottoline Bagshaw' to DOUBLE at 4111111111111111")
        except ValueError as error:
            raise RuntimeError("row of ottoline@planted.example") from error
    except RuntimeError as error:
        trace = trace_of(error)
    last = trace.splitlines()[-1]
    assert "ValueError: Could not convert string 'O•••••••••••••••' to DOUBLE at 4•••••••••••••••\n" in trace
    assert last == f"RuntimeError: row of o{'•' * 23}"
    assert "test_runner.py" in trace


def test_a_message_that_comes_twice_does_the_work_once(organisation: Organisation) -> None:
    job = job_create(organisation=organisation, kind="test.add", subject="x", parameters={"a": 1, "b": 1})
    job_execute(job_id=job.pk)
    job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.SUCCEEDED, 1)


def test_what_is_written_behind_the_fence_is_undone_when_the_claim_is_lost(organisation: Organisation) -> None:
    job = job_create(organisation=organisation, kind="test.add", subject="x")
    claimed = job_claim(job_id=job.pk, worker="w")
    assert claimed is not None
    context = JobContext(job=claimed, reporter=Reporter(job_id=job.pk, attempt=1))
    with context.fence():
        Organisation.objects.create(name="Written", slug="written")
    Job.objects.filter(pk=job.pk).update(lease_expires_at="2020-01-01T00:00Z")
    jobs_reap()
    with pytest.raises(JobLostError), context.fence():
        Organisation.objects.create(name="Late", slug="late")
    assert list(Organisation.objects.filter(slug__in=["written", "late"]).values_list("slug", flat=True)) == ["written"]


def test_progress_stops_work_that_was_cancelled_and_work_that_was_taken_over(organisation: Organisation) -> None:
    job = job_create(organisation=organisation, kind="test.add", subject="x")
    claimed = job_claim(job_id=job.pk, worker="w")
    assert claimed is not None
    reporter = Reporter(job_id=job.pk, attempt=1)
    context = JobContext(job=claimed, reporter=reporter)
    context.progress(0.1, "begun")
    job_cancel(job=job)
    reporter.flush()
    with pytest.raises(CancelledError):
        context.progress(0.2)
    reporter.lost.set()
    with pytest.raises(JobLostError):
        context.progress(0.3)


def test_callbacks_for_stopping_are_called_once_even_when_one_fails(organisation: Organisation) -> None:
    job = job_create(organisation=organisation, kind="test.add", subject="x")
    job_claim(job_id=job.pk, worker="w")
    job_cancel(job=job)
    reporter, called = Reporter(job_id=job.pk, attempt=1), []
    reporter.on_cancel(lambda: 1 / 0)  # type: ignore[arg-type]
    reporter.on_cancel(lambda: called.append("child ended"))
    reporter.flush()
    reporter.flush()
    reporter.on_cancel(lambda: called.append("too late to wait"))
    assert called == ["child ended", "too late to wait"]


def test_two_modules_cannot_register_one_kind() -> None:
    with pytest.raises(ValueError, match=r"test\.add"):
        job_task("test.add", label="Other")(lambda context: None)


def test_the_admin_shows_the_trace_to_superusers_alone(
    organisation: Organisation, client_as: Callable[[str], Client], members: dict[str, User]
) -> None:
    job = job_create(organisation=organisation, kind="test.crash", subject="x")
    job_execute(job_id=job.pk)
    members["auditor"].is_superuser = True
    members["auditor"].save()
    address = f"/admin/jobs/job/{job.pk}/change/"
    assert b"secret detail" in client_as("auditor").get(address).content
    answer = client_as("administrator").get(address)
    assert answer.status_code == 200
    assert b"secret detail" not in answer.content
    assert client_as("administrator").post(address, {"state": "succeeded"}).status_code == 403
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_the_reporter_keeps_what_it_could_not_write(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    job = job_create(organisation=organisation, kind="test.add", subject="x")
    job_claim(job_id=job.pk, worker="w")
    reporter = Reporter(job_id=job.pk, attempt=1)
    reporter.log("kept", "info")
    with monkeypatch.context() as broken:
        broken.setattr("assessments.jobs.reporter.job_heartbeat", _broken(OperationalError("away")))
        with pytest.raises(OperationalError):
            reporter.flush()
    reporter.flush()
    assert [line.message for line in log_of(job)] == ["kept"]


def _broken(error: Exception) -> Callable[..., bool]:
    def fail(**_: Any) -> bool:
        raise error

    return fail
