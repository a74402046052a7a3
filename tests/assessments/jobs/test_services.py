"""The rules of claiming, beating, ending and reaping, one row at a time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.accounts.models import Organisation, User
from assessments.common.errors import ConflictError, GovernError, NotFoundError
from assessments.jobs.errors import JobLostError
from assessments.jobs.models import Job
from assessments.jobs.selectors import job_get, jobs_of, log_of
from assessments.jobs.services import (
    job_cancel,
    job_claim,
    job_create,
    job_fail,
    job_finish,
    job_heartbeat,
    job_release,
    jobs_reap,
    jobs_send_again,
)

PAST = timedelta(seconds=31)


@pytest.fixture
def job(organisation: Organisation) -> Job:
    return job_create(organisation=organisation, kind="test.add", subject="sums", parameters={"a": 1, "b": 2})


def claim(job: Job) -> Job:
    claimed = job_claim(job_id=job.pk, worker="w")
    assert claimed is not None
    return claimed


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_a_job_is_claimed_once(job: Job) -> None:
    assert claim(job).attempt == 1
    assert job_claim(job_id=job.pk, worker="other") is None


def test_an_unknown_kind_is_refused_and_nothing_is_written(organisation: Organisation) -> None:
    with pytest.raises(NotFoundError, match=r"no\.such"):
        job_create(organisation=organisation, kind="no.such", subject="x")
    assert not Job.objects.exists()


def test_a_beat_renews_the_lease_and_writes_progress_and_log(job: Job) -> None:
    claimed = claim(job)
    expire(job)
    asked = job_heartbeat(job_id=job.pk, attempt=1, progress=0.25, message="reading", lines=[("info", "one")])
    claimed.refresh_from_db()
    assert (asked, claimed.progress, claimed.message) == (False, 0.25, "reading")
    assert claimed.lease_expires_at is not None
    assert claimed.lease_expires_at > timezone.now() + timedelta(seconds=25)
    assert [line.message for line in log_of(job)] == ["one"]


def test_an_expired_lease_is_handed_out_again_and_the_first_claimant_can_write_nothing(job: Job) -> None:
    claim(job)
    expire(job)
    assert [again.pk for again in jobs_reap()] == [job.pk]
    assert jobs_reap() == []
    assert claim(job).attempt == 2
    with pytest.raises(JobLostError):
        job_heartbeat(job_id=job.pk, attempt=1, progress=0.9, message="late")
    assert job_finish(job_id=job.pk, attempt=1, result={"from": "the dead"}) is False
    assert job_fail(job_id=job.pk, attempt=1, error=GovernError("late")) is False
    assert job_finish(job_id=job.pk, attempt=2, result={"url": "/x/"}) is True
    assert job_finish(job_id=job.pk, attempt=2, result={"twice": True}) is False
    job.refresh_from_db()
    assert (job.state, job.result, job.result_url, job.error) == ("succeeded", {"url": "/x/"}, "/x/", "")


def test_a_live_lease_is_left_alone(job: Job) -> None:
    claim(job)
    assert jobs_reap() == []
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


def test_the_third_lost_attempt_fails_the_job(job: Job) -> None:
    for _ in range(3):
        claim(job)
        expire(job)
        handed_out = jobs_reap()
    assert handed_out == []
    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.FAILED, 3)
    assert "3 times" in job.error


@pytest.mark.parametrize(("age", "expected"), [(timedelta(seconds=29), 0), (PAST, 1)])
def test_a_waiting_job_is_sent_again_after_a_lease(job: Job, age: timedelta, expected: int) -> None:
    Job.objects.filter(pk=job.pk).update(enqueued_at=timezone.now() - age)
    assert len(jobs_reap()) == expected
    assert jobs_reap() == []  # noted as sent


def test_a_job_whose_message_was_never_sent_is_found(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - PAST)
    assert len(jobs_reap()) == 1


@pytest.mark.parametrize(("sent_seconds_ago", "expected"), [(40, 0), (290, 0), (310, 1)])
def test_a_job_that_waits_for_long_is_sent_again_seldom(job: Job, sent_seconds_ago: int, expected: int) -> None:
    """All workers may be busy for hours: a message every half a minute would fill the broker."""
    now = timezone.now()
    sent = now - timedelta(seconds=sent_seconds_ago)
    Job.objects.filter(pk=job.pk).update(created_at=now - timedelta(hours=1), enqueued_at=sent)
    assert len(jobs_reap()) == expected


def test_a_worker_that_begins_has_waiting_jobs_sent_again_and_no_others(job: Job) -> None:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(created_at=now - timedelta(hours=1), enqueued_at=now)
    assert jobs_reap() == []
    assert jobs_send_again() == 1
    assert [again.pk for again in jobs_reap()] == [job.pk]
    claim(job)
    assert jobs_send_again() == 0
    assert jobs_reap() == []


def test_a_waiting_job_is_cancelled_at_once_and_never_begun(job: Job) -> None:
    assert job_cancel(job=job).state == Job.State.CANCELLED
    assert job_claim(job_id=job.pk, worker="w") is None


def test_a_running_job_is_asked_to_stop_and_cancelled_if_its_worker_dies(job: Job, members: dict[str, User]) -> None:
    claim(job)
    assert job_cancel(job=job, actor=members["steward"]).state == Job.State.RUNNING
    assert job_heartbeat(job_id=job.pk, attempt=1, progress=0, message="") is True
    expire(job)
    assert jobs_reap() == []
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_an_ended_job_cannot_be_cancelled(job: Job) -> None:
    claim(job)
    job_finish(job_id=job.pk, attempt=1, result={})
    with pytest.raises(ConflictError):
        job_cancel(job=job)
    job.refresh_from_db()
    assert (job.state, job.cancel_requested_at) == (Job.State.SUCCEEDED, None)


def test_a_released_job_waits_again(job: Job) -> None:
    claim(job)
    assert job_release(job_id=job.pk, attempt=1)
    again = claim(job)
    assert (again.attempt, again.max_attempts) == (2, job.max_attempts + 1)  # a shutdown is no failure
    assert not job_release(job_id=job.pk, attempt=1)


def test_jobs_are_read_by_their_own_organisation_alone(job: Job, other_organisation: Organisation) -> None:
    assert job_get(organisation=job.organisation, pk=job.pk) == job
    assert list(jobs_of(other_organisation)) == []
    with pytest.raises(NotFoundError):
        job_get(organisation=other_organisation, pk=job.pk)
