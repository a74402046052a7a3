"""Rows of evidence, written directly: what the other apps would have left."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from assessments.accounts.models import Organisation, User
from assessments.checklists.models import Answer, Framework, Item, Questionnaire
from assessments.checklists.services import SHIPPED, framework_load
from assessments.datasets.models import Dataset, Snapshot
from assessments.quality.models import Finding, QualityRun, Rule, RuleResult
from assessments.recommenders.models import MetricValue, TrainingRun

PERIOD = "2026-Q3"


@dataclass
class Shop:
    organisation: Organisation
    questionnaire: Questionnaire
    orders: QualityRun
    reviews: QualityRun
    training: TrainingRun
    answers: list[Answer] = field(default_factory=list)


def shop_of(organisation: Organisation, assessor: User) -> Shop:
    for path in SHIPPED:
        framework_load(path)
    framework = Framework.objects.get(identifier="dcmm-2018")
    questionnaire = Questionnaire.objects.create(organisation=organisation, framework=framework, period=PERIOD)
    answers = [
        Answer.objects.create(questionnaire=questionnaire, item=item, assessor=assessor, status="level", level=3)
        for item in Item.objects.filter(domain__framework=framework)
    ]
    orders, reviews = quality_run(organisation, "orders"), quality_run(organisation, "reviews")
    rule_result(orders, "customer is known", "completeness", 900, 1000, severity="error")
    rule_result(orders, "date is known", "completeness", 1000, 1000, severity="warning")
    rule_result(reviews, "text is known", "completeness", 10, 10)
    rule_result(orders, "one line per key", "uniqueness", 1000, 1000)
    rule_result(reviews, "no e-mail", "validity", 10, 10, parameters={"personal_data": "email"})
    return Shop(organisation, questionnaire, orders, reviews, training_run(orders.snapshot), answers)


def quality_run(organisation: Organisation, name: str, number: int = 1) -> QualityRun:
    dataset, _ = Dataset.objects.get_or_create(
        organisation=organisation, name=name, defaults={"kind": "interactions", "source_kind": "path"}
    )
    snapshot = Snapshot.objects.create(
        dataset=dataset, number=number, digest=f"{number}" * 64, rows=1000, bytes=1, storage_key="x"
    )
    return QualityRun.objects.create(
        snapshot=snapshot, state="succeeded", as_of=timezone.now(), rows=1000, finished_at=timezone.now()
    )


def rule_result(
    run: QualityRun, name: str, dimension: str, passing: int, checked: int, *, severity: str = "warning", **more: Any
) -> RuleResult:
    """One measured rule; with failing rows, also its open finding."""
    dataset = run.snapshot.dataset
    rule, _ = Rule.objects.get_or_create(
        dataset=dataset,
        name=name,
        defaults={"check_name": "pattern", "dimension": dimension, "severity": severity},
    )
    result = RuleResult.objects.create(
        run=run,
        rule=rule,
        rule_name=name,
        check_name="pattern",
        dimension=dimension,
        severity=severity,
        threshold=1.0,
        rows_checked=checked,
        rows_failing=checked - passing,
        fraction=passing / checked,
        passed=passing == checked,
        **more,
    )
    if passing < checked:
        wrong = {"title": name, "severity": severity, "last_result": result}
        Finding.objects.update_or_create(dataset=dataset, rule=rule, defaults=wrong)
    return result


def training_run(snapshot: Snapshot, model: str = "ease", ndcg: float = 0.13, protocol: str = "p" * 64) -> TrainingRun:
    """A run whose model has this NDCG@10 against 0.10 for what is popular lately."""
    run = TrainingRun.objects.create(
        dataset=snapshot.dataset,
        snapshot=snapshot,
        model_name=model,
        split="time:2026-06-01,28d",
        state="succeeded",
        protocol_digest=protocol,
        finished_at=timezone.now(),
        comparisons=[
            {
                "model": model,
                "baseline": "recent_popular",
                "metric": "ndcg@10",
                "difference": ndcg - 0.10,
                "low": ndcg - 0.10 - 0.0098,
                "high": ndcg - 0.10 + 0.0098,
                "users": 500,
            }
        ],
    )
    values = [(model, "ndcg@10", ndcg), (model, "auc", 0.85), (model, "coverage@10", 0.3)]
    for name, metric, value in [*values, ("recent_popular", "ndcg@10", 0.10)]:
        MetricValue.objects.create(
            run=run, model=name, name=metric, value=value, low=value - 0.01, high=value + 0.01,
            standard_error=0.005, users=500,
        )  # fmt: skip
    return run
