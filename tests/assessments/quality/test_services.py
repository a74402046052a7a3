"""Rules, runs and findings as the rest of Govern sees them."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.accounts.models import AuditEvent, Organisation, User
from assessments.common.errors import CancelledError, ConflictError, GovernError, NotFoundError
from assessments.datasets.models import Snapshot
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job
from assessments.quality.models import Dimension, Finding, QualityRun, Rule, RuleResult
from assessments.quality.selectors import (
    dimension_scores,
    finding_get,
    findings_of,
    rule_get,
    rules_of,
    run_get,
    run_latest,
    runs_of,
)
from assessments.quality.services import (
    finding_accept,
    quality_run_execute,
    rule_delete,
    rule_save,
    rules_load,
)

MakeSnapshot = Callable[..., Snapshot]
PACK = {
    "rules": [
        {"name": "user", "check": "completeness", "columns": ["user"], "severity": "error"},
        {"name": "price", "check": "range", "columns": ["price"], "parameters": {"min": 0}},
    ]
}
BAD = {"user": ["u1", None, "u3"], "price": [1.0, 2.0, 3.0]}
GOOD = {"user": ["u1", "u2", "u3"], "price": [1.0, 2.0, 3.0]}


def test_loading_a_pack_again_changes_nothing(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(BAD).dataset
    first = rules_load(dataset=dataset, pack=PACK)
    assert [rule.name for rule in first] == ["user", "price"]
    assert [rule.dimension for rule in first] == ["completeness", "validity"]
    before = list(rules_of(dataset).values())
    rules_load(dataset=dataset, pack=PACK)
    assert list(rules_of(dataset).values()) == before
    assert AuditEvent.objects.filter(action="rules.load").count() == 1


def test_a_pack_changes_rules_by_name_and_replace_takes_the_others_out_of_use(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(BAD).dataset
    rules_load(dataset=dataset, pack=PACK)
    other = {"rules": [{**PACK["rules"][1], "parameters": {"min": 5}}]}
    rules_load(dataset=dataset, pack=other)
    assert rules_of(dataset).get(name="price").parameters == {"min": 5}
    assert rules_of(dataset).get(name="user").enabled
    rules_load(dataset=dataset, pack=other, replace=True)
    assert not rules_of(dataset).get(name="user").enabled


def test_a_refused_pack_keeps_what_was_there(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(BAD).dataset
    rules_load(dataset=dataset, pack=PACK)
    wrong = {"rules": [{**PACK["rules"][1], "parameters": {"min": 5}}, {"name": "x", "check": "rnge"}]}
    with pytest.raises(GovernError):
        rules_load(dataset=dataset, pack=wrong)
    assert rules_of(dataset).get(name="price").parameters == {"min": 0}


def test_rule_save_refuses_a_column_that_is_not_there_and_a_name_that_is_taken(make_snapshot: MakeSnapshot) -> None:
    dataset = make_snapshot(BAD).dataset
    with pytest.raises(GovernError, match="Did you mean “price”"):
        rule_save(dataset=dataset, name="a", check="range", columns=["pricee"], parameters={"min": 0})
    rule = rule_save(dataset=dataset, name="a", check="range", columns=["price"], parameters={"min": 0})
    with pytest.raises(ConflictError):
        rule_save(dataset=dataset, name="a", check="duplicate_rows")
    rule_save(dataset=dataset, name="a", check="duplicate_rows", rule=rule)
    assert Rule.objects.get().check_name == "duplicate_rows"


def test_a_run_stores_a_result_for_each_rule_and_masks_people(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot({"user": ["anna", "bert", "anna"], "price": [1.0, -2.0, 3.0]}, user="user")
    pack = {
        "rules": [
            *PACK["rules"],
            {"name": "once", "check": "unique_key", "columns": ["user"]},
            {"name": "gone", "check": "range", "columns": ["pricee"], "parameters": {"min": 0}},
        ]
    }
    rules_load(dataset=snapshot.dataset, pack=pack)
    run = quality_run_execute(snapshot=snapshot)
    assert (run.state, run.rows) == ("succeeded", 3)
    user, price, once, gone = run.results.order_by("pk")
    assert (user.rows_checked, user.rows_failing, user.fraction, user.passed) == (3, 0, 1.0, True)
    assert price.sample == [{"row": 2, "values": {"price": -2, "user": "b•••"}}]
    assert once.sample == [{"row": 3, "values": {"user": "a•••"}, "same_as": 1}]
    assert gone.passed is None
    assert "“price”" in gone.error
    assert "anna" not in str(list(RuleResult.objects.values()))
    scores = {score.dimension: score for score in dimension_scores(run)}
    assert list(scores) == Dimension.values
    assert scores["completeness"].value == 1.0
    assert scores["validity"].value == pytest.approx(2 / 3)
    assert scores["validity"].coverage == 0.5
    assert scores["timeliness"].value is None


def test_a_dataset_without_rules_says_what_to_do(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot(BAD)
    with pytest.raises(GovernError, match="no rules in use"):
        quality_run_execute(snapshot=snapshot)
    assert not QualityRun.objects.exists()


def test_findings_open_stay_resolve_and_open_again(make_snapshot: MakeSnapshot, organisation: Organisation) -> None:
    bad = make_snapshot(BAD)
    rules_load(dataset=bad.dataset, pack=PACK)
    quality_run_execute(snapshot=bad)
    first = findings_of(organisation).get()
    assert (first.title, first.state, first.severity) == ("user", "open", "error")
    second_run = quality_run_execute(snapshot=bad)
    again = findings_of(organisation).get()
    assert again.pk == first.pk
    assert again.first_result == first.first_result
    assert again.last_result is not None
    assert again.last_result.run == second_run

    quality_run_execute(snapshot=make_snapshot(GOOD))
    first.refresh_from_db()
    assert (first.state, first.resolved_at is not None) == ("resolved", True)
    quality_run_execute(snapshot=bad)
    assert sorted(findings_of(organisation).values_list("state", flat=True)) == ["open", "resolved"]


def test_a_rule_that_cannot_be_measured_leaves_its_finding(
    make_snapshot: MakeSnapshot, organisation: Organisation
) -> None:
    bad = make_snapshot(BAD)
    rules_load(dataset=bad.dataset, pack=PACK)
    quality_run_execute(snapshot=bad)
    quality_run_execute(snapshot=make_snapshot({"price": [1.0]}))
    assert findings_of(organisation).get().state == "open"


def test_a_rule_out_of_use_or_deleted_expects_nothing(make_snapshot: MakeSnapshot, organisation: Organisation) -> None:
    bad = make_snapshot(BAD)
    rules_load(dataset=bad.dataset, pack=PACK)
    quality_run_execute(snapshot=bad)
    rules_load(dataset=bad.dataset, pack={"rules": PACK["rules"][1:]}, replace=True)
    quality_run_execute(snapshot=bad)
    assert findings_of(organisation).get().state == "resolved"
    rules_load(dataset=bad.dataset, pack=PACK)
    quality_run_execute(snapshot=bad)
    rule_delete(rule=Rule.objects.get(name="user"))
    assert not findings_of(organisation).exclude(state="resolved").exists()
    assert RuleResult.objects.filter(rule_name="user").count() == 2


def test_a_finding_is_accepted_with_a_reason_until_a_day(make_snapshot: MakeSnapshot, members: dict[str, User]) -> None:
    bad = make_snapshot(BAD)
    rules_load(dataset=bad.dataset, pack=PACK)
    quality_run_execute(snapshot=bad)
    finding, today = Finding.objects.get(), timezone.localdate()
    user = members["steward"]
    for reason, until in (("", today), ("legacy", today - timedelta(1)), ("legacy", today + timedelta(400))):
        with pytest.raises(GovernError):
            finding_accept(finding=finding, user=user, reason=reason, until=until)
    finding.refresh_from_db()
    assert finding.state == "open"
    finding_accept(finding=finding, user=user, reason="guests may buy", until=today)
    quality_run_execute(snapshot=bad)
    finding.refresh_from_db()
    assert (finding.state, finding.accepted_by, finding.accepted_reason) == ("accepted", user, "guests may buy")

    Finding.objects.update(accepted_until=today - timedelta(1))
    quality_run_execute(snapshot=bad)
    finding.refresh_from_db()
    assert finding.state == "open"
    quality_run_execute(snapshot=make_snapshot(GOOD))
    with pytest.raises(ConflictError):
        finding_accept(finding=finding, user=user, reason="too late", until=today)


def test_only_one_finding_of_a_rule_can_stand(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot(BAD)
    (rule, _other) = rules_load(dataset=snapshot.dataset, pack=PACK)
    Finding.objects.create(dataset=snapshot.dataset, rule=rule, title="a", severity="info")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(dataset=snapshot.dataset, rule=rule, title="b", severity="info")


def test_a_cancelled_run_is_marked_and_stores_nothing(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot(BAD)
    rules_load(dataset=snapshot.dataset, pack=PACK)

    def cancel(fraction: float, message: str = "") -> None:
        raise CancelledError("stop")

    bad = make_snapshot({**BAD, "user": [None] * 3})
    with pytest.raises(CancelledError):
        quality_run_execute(snapshot=bad, progress=cancel)
    assert QualityRun.objects.get().state == "failed"
    assert not RuleResult.objects.exists()


def test_a_job_that_runs_again_takes_up_its_own_run(make_snapshot: MakeSnapshot, organisation: Organisation) -> None:
    snapshot = make_snapshot(BAD)
    rules_load(dataset=snapshot.dataset, pack=PACK)
    job = job_run_here(
        organisation=organisation, kind="quality.check", subject="x", parameters={"snapshot_id": snapshot.pk}
    )
    run = quality_run_execute(snapshot=snapshot, job_id=job.pk)
    assert run.pk == job.result["run"]
    assert QualityRun.objects.count() == 1

    QualityRun.objects.update(state="running")
    again = quality_run_execute(snapshot=snapshot, job_id=job.pk)
    assert (again.pk, again.state) == (run.pk, "succeeded")
    assert RuleResult.objects.count() == 2


def test_a_run_that_died_is_taken_up_on_the_snapshot_that_is_there_by_now(
    make_snapshot: MakeSnapshot, organisation: Organisation
) -> None:
    first = make_snapshot(BAD)
    rules_load(dataset=first.dataset, pack=PACK)
    job = Job.objects.create(organisation=organisation, kind="quality.watch", subject="x")
    QualityRun.objects.create(snapshot=first, job=job, as_of=timezone.now(), rows=first.rows)
    second = make_snapshot({name: cells * 2 for name, cells in BAD.items()})
    run = quality_run_execute(snapshot=second, job_id=job.pk)
    assert QualityRun.objects.count() == 1
    assert (run.snapshot, run.rows) == (second, second.rows)


def test_a_worker_that_lost_its_job_writes_nothing(make_snapshot: MakeSnapshot, organisation: Organisation) -> None:
    snapshot = make_snapshot(BAD)
    rules_load(dataset=snapshot.dataset, pack=PACK)
    job = Job.objects.create(organisation=organisation, kind="quality.check", subject="x")
    opened = []

    @contextmanager
    def fence():  # type: ignore[no-untyped-def]
        opened.append(1)
        if len(opened) > 1:
            raise GovernError("lost")
        with transaction.atomic():
            yield

    with pytest.raises(GovernError, match="lost"):
        quality_run_execute(snapshot=snapshot, job_id=job.pk, fence=fence)
    assert not RuleResult.objects.exists()
    assert not Finding.objects.exists()
    assert QualityRun.objects.get().state == "running"


def test_references_lead_to_datasets_of_the_same_organisation_only(
    make_snapshot: MakeSnapshot, other_organisation: Organisation
) -> None:
    snapshot = make_snapshot({"item": ["a", "b", None]})
    rule = {"name": "known", "check": "reference", "columns": ["item"], "parameters": {"dataset": "items"}}
    rules_load(dataset=snapshot.dataset, pack={"rules": [rule]})
    make_snapshot({"item": ["a", "b"]}, "items", other_organisation)
    assert "no dataset “items”" in quality_run_execute(snapshot=snapshot).results.get().error
    make_snapshot({"item": ["a", "c", None]}, "items")
    result = quality_run_execute(snapshot=snapshot).results.get()
    assert (result.rows_checked, result.rows_failing, result.sample) == (2, 1, [{"row": 2, "values": {"item": "b"}}])


def test_another_organisation_sees_nothing(
    make_snapshot: MakeSnapshot, organisation: Organisation, other_organisation: Organisation
) -> None:
    snapshot = make_snapshot(BAD)
    (rule, _other) = rules_load(dataset=snapshot.dataset, pack=PACK)
    run = quality_run_execute(snapshot=snapshot)
    finding = findings_of(organisation).get()
    assert run_get(organisation=organisation, pk=run.pk) == run == run_latest(snapshot.dataset)
    assert not runs_of(other_organisation).exists()
    assert not findings_of(other_organisation).exists()
    for get, pk in ((run_get, run.pk), (finding_get, finding.pk), (rule_get, rule.pk)):
        with pytest.raises(NotFoundError):
            get(organisation=other_organisation, pk=pk)


def test_a_missing_snapshot_file_is_explained(make_snapshot: MakeSnapshot, home: Path) -> None:
    snapshot = make_snapshot(BAD)
    rules_load(dataset=snapshot.dataset, pack=PACK)
    (home / "files" / snapshot.storage_key).unlink()
    with pytest.raises(NotFoundError):
        quality_run_execute(snapshot=snapshot)
