"""The list of jobs and the page of one: progress, log, cancel, again, result."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.accounts.models import Organisation
from assessments.jobs.models import Job, JobLogLine

HTMX = {"HX-Request": "true"}


@pytest.fixture
def running(organisation: Organisation) -> Job:
    job = Job.objects.create(
        organisation=organisation,
        kind="quality.check",
        subject="orders",
        state="running",
        progress=0.25,
        message="Reading <rows>",
        started_at=timezone.now() - timedelta(seconds=30),
        attempt=1,
    )
    JobLogLine.objects.create(job=job, message="Began <here>")
    return job


def test_a_running_job_shows_progress_time_left_and_log(
    running: Job, client_as: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = running.started_at + timedelta(seconds=30)
    steward = client_as("steward")
    monkeypatch.setattr("assessments.dashboards.views.jobs.timezone.now", lambda: now)
    text = steward.get(f"/jobs/{running.pk}/").content.decode()
    assert 'aria-valuenow="25"' in text
    assert "Reading &lt;rows&gt;" in text
    assert "about 1 min 30 s left" in text
    assert "Began &lt;here&gt;" in text
    assert 'hx-trigger="every 1s"' in text
    assert f'action="/jobs/{running.pk}/cancel/"' in text


def test_polling_goes_on_until_the_job_has_ended(running: Job, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    part = client.get(f"/jobs/{running.pk}/", headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    Job.objects.filter(pk=running.pk).update(
        state="failed", error="It broke.", hint="Mend it.", finished_at=timezone.now()
    )
    ended = client.get(f"/jobs/{running.pk}/", headers=HTMX)
    assert ended.status_code == 286
    assert "It broke." in ended.content.decode()
    assert "Mend it." in ended.content.decode()


def test_a_trace_is_for_administrators_only(running: Job, client_as: Callable[[str], Client]) -> None:
    Job.objects.filter(pk=running.pk).update(state="failed", error="A crash.", trace="Traceback: secret path")
    assert "secret path" in client_as("administrator").get(f"/jobs/{running.pk}/").content.decode()
    for role in ("viewer", "steward", "assessor", "auditor"):
        assert "secret path" not in client_as(role).get(f"/jobs/{running.pk}/").content.decode()


def test_a_running_job_is_asked_to_stop(running: Job, client_as: Callable[[str], Client]) -> None:
    assert client_as("steward").post(f"/jobs/{running.pk}/cancel/").status_code == 302
    running.refresh_from_db()
    assert running.cancel_requested_at is not None
    text = client_as("steward").get(f"/jobs/{running.pk}/").content.decode()
    assert "asked to stop" in text
    assert "/cancel/" not in text


def test_a_job_that_has_ended_cannot_be_cancelled(running: Job, client_as: Callable[[str], Client]) -> None:
    Job.objects.filter(pk=running.pk).update(state="succeeded")
    response = client_as("steward").post(f"/jobs/{running.pk}/cancel/")
    assert response.status_code == 409
    assert "The job has already ended." in response.content.decode()


def test_a_failed_job_is_tried_once_more_as_a_new_one(
    running: Job,
    client_as: Callable[[str], Client],
    sent: list[Any],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    Job.objects.filter(pk=running.pk).update(state="failed", parameters={"snapshot_id": 7})
    with django_capture_on_commit_callbacks(execute=True):
        response = client_as("steward").post(f"/jobs/{running.pk}/retry/")
    new = Job.objects.exclude(pk=running.pk).get()
    assert response["Location"] == f"/jobs/{new.pk}/"
    assert (new.kind, new.parameters, new.state) == ("quality.check", {"snapshot_id": 7}, "queued")
    assert new.started_by is not None
    assert sent == [new.pk]


def test_a_job_leads_to_its_result(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    made = {
        "datasets.register": ({"dataset_id": shop.dataset.pk}, {}, f"/datasets/{shop.dataset.pk}/"),
        "recommenders.train": ({"run_id": shop.training_run.pk}, {}, f"/recommenders/{shop.training_run.pk}/"),
        "scoring.assess": ({}, {"assessment": shop.assessment.pk}, f"/assessments/{shop.assessment.pk}/"),
    }
    for kind, (parameters, result, address) in made.items():
        job = Job.objects.create(
            organisation=shop.organisation,
            kind=kind,
            subject="x",
            state="succeeded",
            parameters=parameters,
            result=result,
        )
        assert f'href="{address}">Open the result' in client.get(f"/jobs/{job.pk}/").content.decode()
    shop.run.job = shop.job
    shop.run.save()
    Job.objects.filter(pk=shop.job.pk).update(state="succeeded")
    assert f'href="/checks/{shop.run.pk}/">Open the result' in client.get(f"/jobs/{shop.job.pk}/").content.decode()


def test_the_list_is_filtered_by_state_in_the_address(running: Job, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    assert f"/jobs/{running.pk}/" in client.get("/jobs/?state=running").content.decode()
    assert f"/jobs/{running.pk}/" not in client.get("/jobs/?state=failed").content.decode()
    assert f"/jobs/{running.pk}/" in client.get("/jobs/?state=nonsense").content.decode()


def test_the_list_asks_again_only_while_something_runs(running: Job, client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    assert "every 3s" in client.get("/jobs/").content.decode()
    Job.objects.update(state="succeeded")
    assert "every 3s" not in client.get("/jobs/").content.decode()


def test_no_work_yet_says_what_would_make_some(client_as: Callable[[str], Client]) -> None:
    text = client_as("steward").get("/jobs/").content.decode()
    assert "No work yet" in text
    assert 'href="/datasets/new/"' in text


def test_pages_hold_25_and_wrong_numbers_give_the_nearest(
    organisation: Organisation, client_as: Callable[[str], Client]
) -> None:
    Job.objects.bulk_create(
        Job(organisation=organisation, kind="quality.check", subject=f"subject {n}") for n in range(30)
    )
    client = client_as("viewer")
    first = client.get("/jobs/").content.decode()
    assert first.count("<td><a href=") == 25
    assert "1 to 25 of 30" in first
    assert client.get("/jobs/?page=2").content.decode().count("<td><a href=") == 5
    assert client.get("/jobs/?page=99").content.decode().count("<td><a href=") == 5
    assert client.get("/jobs/?page=x").status_code == 200
