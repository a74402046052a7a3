"""A new snapshot is searched by itself, before anything of its texts is kept: well, badly, cancelled, killed, twice."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers
from django.utils import timezone

from assessments.common.errors import CancelledError, GovernError
from assessments.datasets.models import Snapshot
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job
from assessments.jobs.runner import job_execute
from assessments.jobs.services import job_cancel
from assessments.quality.models import PersonalDataScan, Profile, QualityRun, RuleResult, RuleSuggestion
from assessments.quality.personal_data.looked import columns_unsearched, run_before_search, snapshots_to_search
from assessments.quality.profile_selectors import snapshots_unprofiled
from assessments.quality.services import quality_run_execute, rule_save
from assessments.quality.services import searching as service
from assessments.quality.services.personal_data import personal_data_scan
from assessments.quality.services.profiles import profile_make
from assessments.quality.services.searching import searched_first
from assessments.quality.unasked import MOST_WAITING, look_at_new_snapshots, search_new_snapshots

MakeSnapshot = Callable[..., Snapshot]
NAMES = [f"{first} {last}" for first in ("Emma", "John", "Mary", "Lucas") for last in ("Smith", "Garcia", "Brown")]
ROWS: dict[str, Any] = {
    "c1": NAMES * 5,
    "colour": ["Amber", "Jade", "Ruby"] * 20,
    "n": list(range(60)),
}
SEARCH, LOOK = "quality.personal_data", "quality.profile"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.jobs.dispatch.job_enqueue", lambda job: None)
    monkeypatch.setattr("assessments.datasets.services.meanings.suggest_by_likeness", lambda columns, taken: {})


@pytest.fixture
def new(make_snapshot: MakeSnapshot) -> Snapshot:
    return make_snapshot(ROWS, searched=False)


def fail(*_given: Any, **_named: Any) -> Any:
    raise GovernError("The disk is full.")


def kept() -> str:
    models = [Profile, RuleSuggestion, RuleResult, PersonalDataScan, Job]
    return "".join(serializers.serialize("json", model._default_manager.all()) for model in models)


def wrong_everywhere(snapshot: Snapshot) -> None:
    for column in ("c1", "colour"):
        rule_save(
            dataset=snapshot.dataset, name=column, check="pattern", columns=[column], parameters={"regex": "never"}
        )


def values(column: str) -> set[str]:
    result = RuleResult.objects.filter(rule_name=column).latest("pk")
    return {row["values"][column] for row in result.sample}


def test_search_then_profile_then_suggestions(new: Snapshot) -> None:
    assert (search_new_snapshots(), look_at_new_snapshots()) == (1, 0)
    assert (search_new_snapshots(), look_at_new_snapshots()) == (0, 0)
    search = Job.objects.get()
    assert (search.kind, search.parameters) == (SEARCH, {"snapshot_id": new.pk, "automatic": True})
    job_execute(job_id=search.pk)
    job_execute(job_id=Job.objects.get(kind=LOOK).pk)
    job_execute(job_id=Job.objects.get(kind="quality.suggest").pk)
    assert set(Job.objects.values_list("state", flat=True)) == {"succeeded"}
    assert (search_new_snapshots(), look_at_new_snapshots()) == (0, 0)
    told = {one["name"]: one for one in Profile.objects.get().content["columns"]}
    assert {one["value"] for one in told["colour"]["top"]} == {"Amber", "Jade", "Ruby"}
    assert told["c1"]["personal"]
    assert Profile.objects.get().content["unsearched"] == []
    assert not any(name in kept() for name in NAMES)


def test_after_a_search_that_failed_the_profile_is_made_with_texts_masked(
    new: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    search_new_snapshots()
    with monkeypatch.context() as patched:
        patched.setattr("assessments.quality.services.personal_data.search", fail)
        job_execute(job_id=Job.objects.get(kind=SEARCH).pk)
        assert Job.objects.get(kind=SEARCH).state == "failed"
        assert look_at_new_snapshots() == 1
        job_execute(job_id=Job.objects.get(kind=LOOK).pk)
    profile = Profile.objects.get()
    assert profile.content["unsearched"] == ["c1", "colour"]
    assert "Amber" not in json.dumps(profile.content)
    assert not any(name in kept() for name in NAMES)
    job_run_here(organisation=new.dataset.organisation, kind=SEARCH, subject="x", parameters={"snapshot_id": new.pk})
    again = Job.objects.filter(kind=LOOK, state="queued").get()
    assert again.parameters["again"] is True
    job_execute(job_id=again.pk)
    profile.refresh_from_db()
    assert profile.content["unsearched"] == []
    assert "Amber" in json.dumps(profile.content)
    assert not any(name in kept() for name in NAMES)


def test_a_cancelled_search_keeps_no_snapshot_from_its_profile(new: Snapshot) -> None:
    search_new_snapshots()
    job_cancel(job=Job.objects.get())
    assert (search_new_snapshots(), look_at_new_snapshots()) == (0, 1)
    job_execute(job_id=Job.objects.get(kind=LOOK).pk)
    assert Profile.objects.get().content["unsearched"] == ["c1", "colour"]
    assert PersonalDataScan.objects.count() == 0


def test_rules_are_measured_after_a_search_of_their_own(new: Snapshot) -> None:
    wrong_everywhere(new)
    run = quality_run_execute(snapshot=new)
    assert "Amber" in values("colour")
    assert not values("c1") & set(NAMES)
    assert not run_before_search(run)
    assert quality_run_execute(snapshot=new).state == "succeeded"
    assert PersonalDataScan.objects.count() == 1
    assert (snapshots_to_search(5), snapshots_unprofiled(5)) == ([], [new])


@pytest.mark.parametrize("error", [GovernError("no"), RuntimeError("Emma Smith"), MemoryError()])
def test_rules_are_measured_though_the_search_fails(
    new: Snapshot, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: Any, **_named: Any) -> Any:
        raise error

    wrong_everywhere(new)
    with monkeypatch.context() as patched:
        patched.setattr("assessments.quality.services.personal_data.search", fails)
        run = quality_run_execute(snapshot=new)
    assert run.state == "succeeded"
    assert values("colour") == {"A••••", "J•••", "R•••"}
    assert not values("c1") & set(NAMES)
    assert run_before_search(run)
    quality_run_execute(snapshot=new)
    assert PersonalDataScan.objects.count() == 1, "what failed is not tried again on the way"
    assert snapshots_to_search(5) == [new], "but once by itself"
    personal_data_scan(snapshot=new)
    run.refresh_from_db()
    assert run_before_search(run)
    quality_run_execute(snapshot=new)
    assert "Amber" in values("colour")


def test_cancelling_a_check_in_its_search_stops_the_check_alone(new: Snapshot) -> None:
    def stop(fraction: float, message: str = "") -> None:
        raise CancelledError("stop")

    wrong_everywhere(new)
    with pytest.raises(CancelledError):
        quality_run_execute(snapshot=new, progress=stop)
    assert (QualityRun.objects.get().state, PersonalDataScan.objects.get().state) == ("failed", "failed")
    assert search_new_snapshots() == 1


def test_a_check_that_was_killed_in_its_search_goes_on_without_it(new: Snapshot) -> None:
    wrong_everywhere(new)
    job = Job.objects.create(organisation=new.dataset.organisation, kind="quality.check", subject="x")
    PersonalDataScan.objects.create(snapshot=new, job=job)  # what kill -9 leaves
    QualityRun.objects.create(snapshot=new, job=job, as_of=timezone.now())
    run = quality_run_execute(snapshot=new, job_id=job.pk)
    assert (run.state, QualityRun.objects.count()) == ("succeeded", 1)
    assert PersonalDataScan.objects.get().state == "failed"
    assert values("colour") == {"A••••", "J•••", "R•••"}


def test_a_search_that_was_killed_is_taken_up_again(new: Snapshot) -> None:
    search_new_snapshots()
    job = Job.objects.get()
    PersonalDataScan.objects.create(snapshot=new, job=job)
    assert look_at_new_snapshots() == 0
    job_execute(job_id=job.pk)
    scan = PersonalDataScan.objects.get()
    assert (scan.state, scan.hits.count()) == ("succeeded", 1)


def test_a_newer_snapshot_is_searched_in_place_of_the_one_before(new: Snapshot, make_snapshot: MakeSnapshot) -> None:
    search_new_snapshots()
    newer = make_snapshot(ROWS, searched=False)
    assert search_new_snapshots() == 1
    old_job, new_job = Job.objects.order_by("pk")
    job_execute(job_id=old_job.pk)
    job_execute(job_id=new_job.pk)
    old_job.refresh_from_db()
    assert old_job.result["scan"] is None
    assert PersonalDataScan.objects.get().snapshot == newer
    assert Job.objects.get(kind=LOOK).parameters == {"snapshot_id": newer.pk}


def test_a_job_that_reads_first_searches_what_it_read_last(new: Snapshot, make_snapshot: MakeSnapshot) -> None:
    job = Job.objects.create(organisation=new.dataset.organisation, kind="quality.watch", subject="x")
    first = personal_data_scan(snapshot=new, job_id=job.pk)
    newer = make_snapshot(ROWS, searched=False)
    second = personal_data_scan(snapshot=newer, job_id=job.pk)
    first.refresh_from_db()
    assert (first.state, first.job, first.hits.count()) == ("succeeded", None, 1)
    assert (second.snapshot, second.job_id, second.hits.count()) == (newer, job.pk, 1)


def test_a_search_under_way_is_waited_for_while_it_lives(new: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Job.objects.create(
        organisation=new.dataset.organisation,
        kind=SEARCH,
        subject="x",
        state="running",
        lease_expires_at=timezone.now() + timedelta(minutes=1),
    )
    scan = PersonalDataScan.objects.create(snapshot=new, job=other)
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            PersonalDataScan.objects.filter(pk=scan.pk).update(state="succeeded", finished_at=timezone.now())

    monkeypatch.setattr(service, "sleep", pause)
    wrong_everywhere(new)
    quality_run_execute(snapshot=new)
    assert (len(waited), PersonalDataScan.objects.count()) == (2, 1)
    PersonalDataScan.objects.filter(pk=scan.pk).update(state="running", finished_at=None)
    Job.objects.filter(pk=other.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    quality_run_execute(snapshot=new)
    assert (len(waited), PersonalDataScan.objects.filter(state="succeeded").count()) == (2, 1)


def test_a_table_in_place_is_searched_only_when_asked(new: Snapshot) -> None:
    Snapshot.objects.filter(pk=new.pk).update(in_place=True)
    new.refresh_from_db()
    assert (search_new_snapshots(), look_at_new_snapshots()) == (0, 0)
    untouched = searched_first(snapshot=new, job_id=None, progress=fail, fence=suppress)
    assert untouched is fail
    assert columns_unsearched(new) == {"c1", "colour"}
    assert columns_unsearched(new, {"category": "colour"}) == {"c1"}
    PersonalDataScan.objects.create(snapshot=new, state="succeeded", finished_at=timezone.now())
    later = Snapshot.objects.create(
        dataset=new.dataset, number=2, digest="1" * 64, rows=60, bytes=1, storage_key="x", in_place=True
    )
    for column in new.columns.all():
        column.pk, column.snapshot = None, later
        column.save()
    assert columns_unsearched(later) == frozenset()
    later.columns.filter(name="colour").update(type="list<string>")
    assert columns_unsearched(later) == {"colour"}


def test_few_are_started_at_once(make_snapshot: MakeSnapshot) -> None:
    for at in range(MOST_WAITING + 2):
        make_snapshot({"n": [1, 2]}, name=f"d{at}", searched=False)
    assert (search_new_snapshots(), search_new_snapshots()) == (MOST_WAITING, 0)
    Job.objects.filter(pk__in=Job.objects.values("pk")[:3]).update(state="succeeded")
    assert search_new_snapshots() == 2


def test_a_profile_that_was_asked_for_at_once_searches_first(new: Snapshot) -> None:
    content = profile_make(snapshot=new).content
    assert content["unsearched"] == []
    assert PersonalDataScan.objects.get().state == "succeeded"
    assert not any(name in json.dumps(content) for name in NAMES)
