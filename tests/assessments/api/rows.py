"""Rows to be read through the API."""

from types import SimpleNamespace

from django.utils import timezone

from assessments.accounts.models import Organisation, User
from assessments.checklists.models import Framework, Questionnaire
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.jobs.models import Job, JobLogLine
from assessments.quality.models import (
    Channel,
    Finding,
    FindingEvent,
    PersonalDataHit,
    PersonalDataScan,
    Profile,
    QualityRun,
    RepairRun,
    Rule,
    RuleResult,
    RuleSuggestion,
    Schedule,
)
from assessments.recommenders.models import MetricValue, Promotion, TrainingRun, TuningRun
from assessments.scoring.models import Assessment, Score, ScoringModel


def add_dataset(organisation: Organisation, name: str) -> SimpleNamespace:
    """A dataset with everything that hangs on it."""
    dataset = Dataset.objects.create(
        organisation=organisation, name=name, kind="interactions", source_kind="path", source_location="/x.csv"
    )
    snapshot = Snapshot.objects.create(dataset=dataset, number=1, digest="d" * 64, rows=10, bytes=100, storage_key="k")
    for position, column in enumerate(["user", "item", "time"]):
        Column.objects.create(snapshot=snapshot, position=position, name=column, type="string", role=column)
    rule = Rule.objects.create(
        dataset=dataset, name="user is known", check_name="completeness", columns=["user"], dimension="completeness"
    )
    run = QualityRun.objects.create(snapshot=snapshot, state="succeeded", as_of=timezone.now(), rows=10)
    result = RuleResult.objects.create(
        run=run,
        rule=rule,
        rule_name=rule.name,
        check_name=rule.check_name,
        dimension="completeness",
        severity="warning",
        threshold=1.0,
        rows_checked=10,
        rows_failing=1,
        fraction=0.9,
        passed=False,
    )
    finding = Finding.objects.create(
        dataset=dataset, rule=rule, title=rule.name, severity="warning", first_result=result, last_result=result
    )
    FindingEvent.objects.create(finding=finding, what="opened", share=0.1, run=run)
    Schedule.objects.create(dataset=dataset, cron="0 6 * * *")
    channel = Channel.objects.create(
        organisation=organisation, name=f"of {name}", kind="webhook", target="https://example.org/?key=secret"
    )
    scan = PersonalDataScan.objects.create(snapshot=snapshot, state="succeeded", rows=10)
    hit = PersonalDataHit.objects.create(scan=scan, column="user", entity="email", confidence=0.9, share=0.5, rows=5)
    profile = Profile.objects.create(snapshot=snapshot, content={"version": 1, "rows": 10})
    suggestion = RuleSuggestion.objects.create(
        snapshot=snapshot, name="user is full", check_name="completeness", columns=["user"], reason="It is."
    )
    repair = RepairRun.objects.create(snapshot=snapshot, steps=[{"repair": "drop_duplicates"}])
    training = TrainingRun.objects.create(
        dataset=dataset, snapshot=snapshot, model_name="ease", split="time:2011-10-10,28d", state="succeeded"
    )
    for model in ("ease", "popular"):
        MetricValue.objects.create(run=training, model=model, name="ndcg@10", value=0.1, low=0.09, high=0.11, users=7)
    promotion = Promotion.objects.create(dataset=dataset, run=training, bundle_digest="b" * 64, reason="The first.")
    trial = {"model": "ease", "number": 0, "options": {"l2": 50.0}, "value": 0.2, "state": "complete", "seconds": 1.0}
    tuning = TuningRun.objects.create(
        dataset=dataset,
        snapshot=snapshot,
        model_names=["ease"],
        split="time:2011-10-10,28d",
        state="succeeded",
        trials=[{**trial, "message": ""}],
        best={**trial, "message": ""},
    )
    return SimpleNamespace(
        tuning=tuning,
        promotion=promotion,
        dataset=dataset,
        snapshot=snapshot,
        rule=rule,
        run=run,
        result=result,
        finding=finding,
        training=training,
        channel=channel,
        scan=scan,
        hit=hit,
        profile=profile,
        suggestion=suggestion,
        repair=repair,
    )


def add_assessment(organisation: Organisation, period: str) -> Assessment:
    model, _made = ScoringModel.objects.get_or_create(
        identifier="governance", version=1, defaults={"name": {"en": "Governance"}, "content": {}, "digest": "m" * 64}
    )
    assessment = Assessment.objects.create(
        organisation=organisation, scoring_model=model, period=period, as_of=timezone.now(), score=61.5, level=4
    )
    for position, path in enumerate(["", "maturity", "data"]):
        Score.objects.create(
            assessment=assessment,
            path=path,
            position=position,
            name={"en": path or "total"},
            method="mean",
            weight=1,
            share=1,
            value=60.0 + position,
            evidence=[{"kind": "quality_run", "id": 1}],
        )
    return assessment


def add_job(organisation: Organisation, user: User, subject: str) -> Job:
    job = Job.objects.create(
        organisation=organisation, kind="quality.check", subject=subject, started_by=user, trace="secret trace"
    )
    JobLogLine.objects.create(job=job, message="first line")
    JobLogLine.objects.create(job=job, message="second line")
    return job


def add_questionnaire(organisation: Organisation, framework: Framework, period: str) -> Questionnaire:
    return Questionnaire.objects.create(organisation=organisation, framework=framework, period=period)
