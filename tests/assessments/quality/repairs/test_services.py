"""A repair makes a new snapshot of its dataset and leaves the one that it was made of as it is."""

from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
import pytest

from assessments.accounts.models import AuditEvent, Organisation
from assessments.common.errors import CancelledError, ConflictError, GovernError, NotFoundError
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import roles_of, snapshot_path
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job
from assessments.quality.models import Finding, PersonalDataHit, PersonalDataScan, RepairRun
from assessments.quality.personal_data.selectors import masked_columns
from assessments.quality.services import quality_run_execute, rules_load
from assessments.quality.services.repairs import (
    pseudonym_key,
    repair_discard,
    repair_execute,
    repair_make,
    repair_preview,
)

ROWS = {"user": ["ann", "ann", "bob", "cy"], "item": ["i1", "i1", "i2", "i3"], "price": [2.0, 2.0, -1.0, 5.0]}
STEPS: list[dict[str, Any]] = [
    {"repair": "drop_duplicates"},
    {"repair": "clip_out_of_range", "columns": ["price"], "parameters": {"min": 0}},
]


@pytest.fixture
def orders(make_snapshot: Callable[..., Snapshot]) -> Snapshot:
    return make_snapshot(ROWS, user="user", item="item")


def rows_of(snapshot: Snapshot) -> dict[str, list[Any]]:
    return dict(pq.read_table(snapshot_path(snapshot)).to_pydict())


def test_a_preview_says_what_would_change_and_makes_nothing(orders: Snapshot) -> None:
    run = repair_preview(snapshot=orders, steps=STEPS)
    assert run.state == RepairRun.State.PREVIEWED
    assert [(step["rows_before"], step["rows_after"]) for step in run.preview] == [(4, 3), (3, 3)]
    assert run.preview[0]["dropped"] == [{"row": 2, "values": {"user": "a••", "item": "i1", "price": 2}}]
    assert run.preview[1]["cells_changed"] == {"price": 1}
    assert run.preview[1]["changed"] == [{"row": 2, "changed": {"price": [-1, 0]}}]
    assert orders.dataset.snapshots.count() == 1


def test_making_it_adds_a_snapshot_with_lineage_roles_and_an_audit_line(orders: Snapshot) -> None:
    before = snapshot_path(orders).read_bytes()
    run = repair_make(run=repair_preview(snapshot=orders, steps=STEPS))
    made = run.result
    assert made is not None
    assert rows_of(made) == {"user": ["ann", "bob", "cy"], "item": ["i1", "i2", "i3"], "price": [2.0, 0.0, 5.0]}
    assert (made.number, made.parent, made.rows) == (2, orders, 3)
    assert roles_of(made) == {"user": "user", "item": "item"}
    assert made.lineage["parent_digest"] == orders.digest
    assert made.lineage["steps"][0] == {
        "repair": "drop_duplicates",
        "columns": [],
        "parameters": {},
        "rows_before": 4,
        "rows_after": 3,
        "rows_changed": 0,
        "cells_changed": {},
        "columns_removed": [],
    }
    assert made.digest == run.preview[-1]["digest"]
    assert snapshot_path(orders).read_bytes() == before
    event = AuditEvent.objects.get(action="dataset.repair")
    assert event.detail["repairs"] == "drop_duplicates, clip_out_of_range"
    assert repair_make(run=run).result == made  # made once
    assert orders.dataset.snapshots.count() == 2


def test_the_same_repair_of_the_same_content_has_the_same_digest(make_snapshot: Callable[..., Snapshot]) -> None:
    first, second = make_snapshot(ROWS), make_snapshot(ROWS, name="again")
    digests = {repair_execute(snapshot=each, steps=STEPS).preview[-1]["digest"] for each in (first, second)}
    assert len(digests) == 1


def test_what_changes_nothing_makes_no_snapshot(orders: Snapshot) -> None:
    made = repair_execute(snapshot=orders, steps=STEPS).result
    assert made is not None
    with pytest.raises(GovernError, match="change nothing"):
        repair_execute(snapshot=made, steps=STEPS)
    assert orders.dataset.snapshots.count() == 2


def test_a_result_without_rows_must_be_asked_for(orders: Snapshot) -> None:
    steps = [{"repair": "drop_out_of_range", "columns": ["price"], "parameters": {"min": 100}}]
    run = repair_preview(snapshot=orders, steps=steps)
    with pytest.raises(GovernError, match="No row would be left"):
        repair_make(run=run)
    assert orders.dataset.snapshots.count() == 1
    made = repair_make(run=run, force=True).result
    assert made is not None
    assert made.rows == 0


def test_a_job_that_runs_again_makes_nothing_more(orders: Snapshot, organisation: Organisation) -> None:
    job = Job.objects.create(organisation=organisation, kind="quality.repair", subject="orders")
    first = repair_execute(snapshot=orders, steps=STEPS, job_id=job.pk)
    assert repair_execute(snapshot=orders, steps=STEPS, job_id=job.pk) == first
    preview = Job.objects.create(organisation=organisation, kind="quality.repair_preview", subject="orders")
    one = repair_preview(snapshot=orders, steps=STEPS, job_id=preview.pk)
    assert repair_preview(snapshot=orders, steps=STEPS, job_id=preview.pk) == one
    assert orders.dataset.snapshots.count() == 2


def test_a_cancelled_repair_leaves_nothing(orders: Snapshot) -> None:
    def stop(fraction: float, message: str = "") -> None:
        if fraction > 0.5:
            raise CancelledError("stop")

    with pytest.raises(CancelledError):
        repair_execute(snapshot=orders, steps=STEPS, progress=stop)
    assert orders.dataset.snapshots.count() == 1
    assert not RepairRun.objects.exists()
    assert not list((snapshot_path(orders).parent / "staging").iterdir())


def test_the_job_checks_the_new_snapshot_so_that_its_finding_resolves(
    orders: Snapshot, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.jobs.dispatch.current_app.send_task", lambda *args, **options: None)
    rules_load(
        dataset=orders.dataset,
        pack={
            "rules": [{"name": "price is positive", "check": "range", "columns": ["price"], "parameters": {"min": 0}}]
        },
    )
    quality_run_execute(snapshot=orders)
    finding = Finding.objects.get()
    parameters = {"snapshot_id": orders.pk, "steps": STEPS[1:], "check": True, "finding_id": finding.pk}
    job = job_run_here(organisation=organisation, kind="quality.repair", subject="orders", parameters=parameters)
    made = RepairRun.objects.get(pk=job.result["repair"]).result
    assert made is not None
    check = Job.objects.get(kind="quality.check")
    assert check.parameters == {"snapshot_id": made.pk}
    quality_run_execute(snapshot=made, job_id=check.pk)
    finding.refresh_from_db()
    assert finding.state == Finding.State.RESOLVED


def test_another_organisations_snapshot_is_not_there(
    orders: Snapshot, other_organisation: Organisation, make_snapshot: Callable[..., Snapshot]
) -> None:
    parameters = {"snapshot_id": orders.pk, "steps": STEPS}
    for kind in ("quality.repair", "quality.repair_preview"):
        with pytest.raises(NotFoundError):
            job_run_here(organisation=other_organisation, kind=kind, subject="x", parameters=parameters)
    orphans = [{"repair": "drop_orphans", "columns": ["item"], "parameters": {"dataset": "items"}}]
    make_snapshot({"item": ["i1"]}, name="items", owner=other_organisation)
    with pytest.raises(NotFoundError):
        repair_execute(snapshot=orders, steps=orphans)
    assert orders.dataset.snapshots.count() == 1


def test_a_table_that_stays_in_its_database_cannot_be_repaired(orders: Snapshot) -> None:
    orders.in_place = True
    orders.save(update_fields=["in_place"])
    with pytest.raises(GovernError, match="stay in their database"):
        repair_preview(snapshot=orders, steps=STEPS)


def test_pseudonyms_differ_between_organisations_and_join_within_one(
    make_snapshot: Callable[..., Snapshot], organisation: Organisation, other_organisation: Organisation
) -> None:
    steps = [{"repair": "pseudonymise", "columns": ["user"]}]
    ours = [make_snapshot({"user": ["17850"]}), make_snapshot({"user": [17850.0, None]}, name="floats")]
    theirs = make_snapshot({"user": ["17850"]}, owner=other_organisation)
    made = [repair_execute(snapshot=each, steps=steps).result for each in (*ours, theirs)]
    texts, floats, foreign = (rows_of(each)["user"] for each in made if each is not None)
    assert texts[0] == floats[0] != foreign[0]
    assert floats[1] is None
    assert pseudonym_key(organisation) != pseudonym_key(other_organisation)
    assert made[0] is not None
    assert pseudonym_key(organisation).hex() not in str(made[0].lineage)


def test_columns_with_personal_data_that_was_found_are_masked(orders: Snapshot) -> None:
    scan = PersonalDataScan.objects.create(snapshot=orders)
    PersonalDataHit.objects.create(scan=scan, column="item", entity="email", confidence=1, share=1)
    dismissed = PersonalDataHit.Decision.DISMISSED
    PersonalDataHit.objects.create(scan=scan, column="price", entity="phone", confidence=1, share=1, decision=dismissed)
    assert masked_columns(orders) == {"user", "item"}


def test_a_preview_can_be_thrown_away_and_a_made_repair_cannot(orders: Snapshot) -> None:
    repair_discard(run=repair_preview(snapshot=orders, steps=STEPS))
    assert not RepairRun.objects.exists()
    made = repair_execute(snapshot=orders, steps=STEPS)
    with pytest.raises(ConflictError):
        repair_discard(run=made)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "No repair"),
        ([{"repair": "drop_everything"}], "no repair “drop_everything”"),
        ([{"repair": "drop_duplicates", "column": "a"}], "“column” is not known"),
        ([{"repair": "clip_out_of_range", "columns": ["price"]}], "needs “min”"),
        ([{"repair": "clip_out_of_range", "parameters": {"min": 1}}], "names 0 columns"),
        ([{"repair": "clip_out_of_range", "columns": ["item"], "parameters": {"min": 1}}], "not numbers"),
        ([{"repair": "normalise_case", "columns": ["prize"]}], "is not in the table"),
        ([{"repair": "drop_column", "columns": ["user", "item", "price"]}], "No column would be left"),
    ],
)
def test_wrong_steps_are_refused_by_name(orders: Snapshot, steps: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(GovernError, match=words):
        repair_preview(snapshot=orders, steps=steps)
    assert not RepairRun.objects.exists()
