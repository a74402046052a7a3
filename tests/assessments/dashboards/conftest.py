"""A small shop with everything that pages show: read, checked, answered, trained (as stored rows) and assessed."""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from assessments.accounts.models import Membership, Organisation, User
from assessments.accounts.services import token_create
from assessments.checklists.selectors import item_get
from assessments.checklists.services import SHIPPED, answer_save, evidence_add, framework_load, questionnaire_create
from assessments.datasets.models import Snapshot
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.jobs.models import Job
from assessments.quality.models import Finding, PersonalDataHit, PersonalDataScan, RuleSuggestion
from assessments.quality.selectors import results_of
from assessments.quality.services import channel_save, quality_run_execute, rules_load, schedule_save
from assessments.quality.services.repairs import repair_preview
from assessments.recommenders.models import MetricValue, ModelBundle, TrainingRun, TuningRun
from assessments.scoring.services import assessment_compute, assessment_publish

ORDERS = "user_id,item_id,time,price\nu1,i1,2026-01-01,2.5\nu2,i2,2026-01-02,-1\nu3,i1,2026-01-03,4\n,i2,2026-01-04,5\n"
RULES = """
rules:
  - {name: user is known, check: completeness, columns: [user_id], threshold: 1.0, severity: error}
  - {name: price is positive, check: range, columns: [price], parameters: {min: 0}, severity: critical}
  - {name: no repeated row, check: duplicate_rows, parameters: {count: surplus}}
"""


@pytest.fixture(autouse=True)
def _fresh_throttles() -> None:
    cache.clear()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The numbers of the jobs that were handed to the broker."""
    jobs: list[Any] = []

    def send(name: str, args: Iterable[Any], **options: Any) -> None:
        jobs.extend(args)

    monkeypatch.setattr("assessments.jobs.dispatch.current_app.send_task", send)
    return jobs


@pytest.fixture
def orders(organisation: Organisation, home: Path, tmp_path: Path) -> Snapshot:
    return register(organisation, tmp_path / "orders.csv", "orders")


def register(organisation: Organisation, file: Path, name: str) -> Snapshot:
    file.write_text(ORDERS, encoding="utf-8")
    roles = {"user": "user_id", "item": "item_id", "time": "time", "price": "price"}
    source = SourceSpec("path", str(file))
    return dataset_register(
        organisation=organisation, name=name, kind="interactions", source=source, roles=roles, operator=True
    )


def train(snapshot: Snapshot, model: str = "ease", digest: str = "d" * 64) -> TrainingRun:
    """A succeeded run as the training job stores it."""
    run = TrainingRun.objects.create(
        dataset=snapshot.dataset,
        snapshot=snapshot,
        model_name=model,
        split="time:2026-01-03,7d",
        state="succeeded",
        options={"l2": 200.0, "binary": True},
        protocol={
            "train_until": "2026-01-03T00:00:00Z",
            "test_until": "2026-01-10T00:00:00Z",
            "cutoffs": [10],
            "repeats": "masked",
            "digest": digest,
        },
        protocol_digest=digest,
        counts={"rows": 4, "train_rows": 2},
        epochs=[
            {"epoch": 1, "loss": 0.7, "auc_train": 0.6, "auc_validation": 0.55},
            {"epoch": 2, "loss": 0.5, "auc_train": 0.7, "auc_validation": 0.65},
        ],
        comparisons=[
            {
                "model": model,
                "baseline": "recent_popular",
                "metric": "ndcg@10",
                "difference": 0.05,
                "low": 0.01,
                "high": 0.09,
                "users": 100,
            }
        ],
        seconds=1.5,
        peak_mib=300.0,
        device="CPU (1 thread)",
        finished_at=timezone.now(),
    )
    for name, value in ((model, 0.2113), ("recent_popular", 0.1613)):
        MetricValue.objects.create(
            run=run, model=name, name="ndcg@10", value=value, low=value - 0.02, high=value + 0.02, users=100
        )
    folder = Path(settings.MEDIA_ROOT) / "bundles" / str(run.pk) / "a"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "README.md").write_text("# A recommender of the harbour shop")
    key = str(folder.relative_to(settings.MEDIA_ROOT))
    ModelBundle.objects.create(run=run, storage_key=key, digest="b" * 64, bytes=2048)
    return run


def tune(snapshot: Snapshot) -> TuningRun:
    """A finished search as the tuning job stores it."""
    common = {"model": "ease", "state": "complete", "seconds": 1.5, "message": ""}
    trials = [
        {**common, "number": 0, "options": {"l2": 200.0, "binary": True, "max_items": 20_000}, "value": 0.2},
        {**common, "number": 1, "options": {"l2": 50.0, "binary": True, "max_items": 20_000}, "value": 0.25},
        {**common, "model": "ials", "number": 0, "options": {}, "value": None, "state": "failed", "message": "No."},
    ]
    return TuningRun.objects.create(
        dataset=snapshot.dataset,
        snapshot=snapshot,
        model_names=["ease", "ials"],
        split="time:2026-01-03,7d",
        repeats="masked",
        seed=7,
        state="succeeded",
        trials=trials,
        best=trials[1],
        finished_at=timezone.now(),
    )


@pytest.fixture
def shop(organisation: Organisation, members: dict[str, User], orders: Snapshot) -> SimpleNamespace:
    """One of everything, in the first organisation. The assessment is published."""
    dataset, assessor = orders.dataset, members["assessor"]
    rules_load(dataset=dataset, pack=RULES)
    run = quality_run_execute(snapshot=orders)
    framework = framework_load(next(path for path in SHIPPED if path.name == "dcmm-2018.yaml"))
    questionnaire = questionnaire_create(
        organisation=organisation, framework=framework, period="2026-Q3", user=assessor
    )
    item = item_get(questionnaire=questionnaire, key="strategy.planning")
    answer = answer_save(
        questionnaire=questionnaire,
        item=item,
        assessor=assessor,
        status="level",
        level=3,
        comment="There is a plan.",
        revision=0,
    )
    evidence = evidence_add(answer=answer, user=assessor, url="https://example.org/plan", title="The plan")
    channel = channel_save(organisation=organisation, name="Program", kind="webhook", target="https://example.org/?k=1")
    schedule_save(dataset=dataset, cron="0 6 * * *")
    other_run, training_run = train(orders, "popular"), train(orders)
    tuning = tune(orders)
    assessment = assessment_compute(organisation=organisation, period="2026-Q3")
    assessment_publish(assessment=assessment, user=members["administrator"])
    PersonalDataScan.objects.all().delete()  # made on the way to the check
    # After the assessment, whose level is held by the finding and not by this.
    scan = PersonalDataScan.objects.create(snapshot=orders, state="succeeded", rows=orders.rows)
    hit = PersonalDataHit.objects.create(scan=scan, column="user", entity="email", confidence=0.9, share=0.5)
    job = Job.objects.create(
        organisation=organisation, kind="quality.check", subject="orders", parameters={"snapshot_id": orders.pk}
    )
    membership = Membership.objects.get(user=members["viewer"], organisation=organisation)
    token, _key = token_create(membership=membership, name="reader", scopes=["view"])
    suggestion = RuleSuggestion.objects.create(
        snapshot=orders,
        name="item is filled",
        check_name="completeness",
        columns=["item_id"],
        reason="All rows have one.",
        rows_flagged=0,
        share=0.0,
    )
    repair = repair_preview(snapshot=orders, steps=[{"repair": "drop_duplicates"}])
    return SimpleNamespace(
        channel=channel,
        hit=hit,
        repair=repair,
        suggestion=suggestion,
        organisation=organisation,
        snapshot=orders,
        dataset=dataset,
        rule=dataset.rules.get(name="price is positive"),
        run=run,
        result=results_of(run).get(rule_name="price is positive"),
        finding=Finding.objects.get(rule__name="price is positive"),
        questionnaire=questionnaire,
        item=item,
        answer=answer,
        evidence=evidence,
        training_run=training_run,
        other_run=other_run,
        tuning=tuning,
        assessment=assessment,
        job=job,
        token=token,
    )


@pytest.fixture
def trained() -> Callable[..., TrainingRun]:
    return train
