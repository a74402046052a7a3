import pytest

from assessments.accounts.models import Organisation
from assessments.common.errors import NotFoundError
from assessments.datasets.models import Dataset
from assessments.jobs.models import Job
from assessments.recommenders.models import MetricValue, TrainingRun
from assessments.recommenders.selectors import (
    metric_of,
    metrics_by_model,
    run_get,
    run_latest,
    runs_comparable,
    runs_of,
)


def make(dataset: Dataset, *, state: str = "succeeded", digest: str = "a" * 64) -> TrainingRun:
    run = TrainingRun.objects.create(
        dataset=dataset,
        snapshot=dataset.snapshots.get(),
        model_name="ease",
        split="time:0.8",
        state=state,
        protocol_digest=digest,
    )
    MetricValue.objects.create(run=run, model="popular", name="ndcg@10", value=0.1)
    MetricValue.objects.create(run=run, model="ease", name="ndcg@10", value=0.2)
    return run


def test_runs_are_seen_by_their_own_organisation_alone(
    dataset: Dataset, organisation: Organisation, other_organisation: Organisation
) -> None:
    run = make(dataset)
    assert list(runs_of(organisation)) == [run]
    assert run_get(organisation=organisation, pk=run.pk) == run
    assert not runs_of(other_organisation).exists()
    with pytest.raises(NotFoundError):
        run_get(organisation=other_organisation, pk=run.pk)


def test_the_latest_run_is_one_that_succeeded(dataset: Dataset) -> None:
    assert run_latest(dataset) is None
    good = make(dataset)
    make(dataset, state="failed")
    assert run_latest(dataset) == good


def test_only_runs_under_the_same_protocol_are_comparable(dataset: Dataset) -> None:
    run, same = make(dataset), make(dataset)
    make(dataset, digest="b" * 64)
    make(dataset, state="failed")
    assert set(runs_comparable(run)) == {run, same}
    assert not runs_comparable(make(dataset, state="running", digest="")).exists()


@pytest.mark.parametrize(
    ("run_state", "job_state", "shown"),
    [
        ("queued", "queued", "queued"),
        ("queued", "cancelled", "cancelled"),
        ("running", "failed", "failed"),
        ("running", "running", "running"),
        ("succeeded", "succeeded", "succeeded"),
        ("failed", "succeeded", "failed"),
    ],
)
def test_a_run_whose_job_ended_without_telling_it_shows_the_job(
    dataset: Dataset, run_state: str, job_state: str, shown: str
) -> None:
    run = make(dataset, state=run_state)
    run.job = Job.objects.create(
        organisation=dataset.organisation, kind="recommenders.train", subject="x", state=job_state
    )
    run.save()
    assert run_get(organisation=dataset.organisation, pk=run.pk).current.state == shown


def test_metrics_are_found_by_model(dataset: Dataset) -> None:
    run = make(dataset)
    assert list(metrics_by_model(run)) == ["ease", "popular"]
    own, baseline = metric_of(run, "ndcg@10"), metric_of(run, "ndcg@10", model="popular")
    assert own is not None
    assert baseline is not None
    assert (own.value, baseline.value) == (0.2, 0.1)
    assert metric_of(run, "recall@10") is None
