"""What the demonstration does with an edition of the shop, step by step, through the ordinary services."""

import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from assessments.accounts.models import Organisation, User
from assessments.accounts.roles import Role
from assessments.accounts.services import member_add
from assessments.checklists.models import Framework
from assessments.checklists.selectors import questionnaires_of
from assessments.checklists.services import questionnaire_create, questionnaire_submit
from assessments.checklists.services import sample_answers as answers_fill
from assessments.checklists.services.samples import SAMPLE_PROFILES
from assessments.common.progress import Progress, part
from assessments.datasets.models import Snapshot
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.jobs.dispatch import job_run_here
from assessments.quality.selectors import run_latest
from assessments.quality.services import rules_load
from assessments.recommenders.services import training_run_create
from assessments.scoring.models import Assessment
from assessments.scoring.selectors import assessments_of
from assessments.scoring.services import assessment_publish
from govern_app.demo.shop import RULE_OF, Edition

NAME, SLUG = "Nordwind (sample shop)", "nordwind"
RULES = Path(__file__).parent / "rules"
KINDS = {
    "items": ("items", {"item": "item_id", "title": "title", "category": "category", "price": "price"}),
    "users": ("users", {"user": "user_id", "email": "email", "country": "country", "age": "age_band"}),
    "events": ("interactions", {"user": "user_id", "item": "item_id", "time": "time", "event": "event"}),
    "orders": (
        "interactions",
        {
            "user": "user_id",
            "item": "item_id",
            "time": "ordered_at",
            "quantity": "quantity",
            "price": "unit_price",
            "order": "order_id",
            "country": "country",
        },
    ),
    "searches": ("queries", {"query": "query", "user": "user_id", "time": "time"}),
    "reviews": ("documents", {"text": "text", "user": "user_id", "item": "item_id", "grade": "rating"}),
}
PROFILES = ("earlier", "later")
ASSESSORS = (("lin", "Lin Yue"), ("okafor", "Ada Okafor"))


def shop_organisation() -> Organisation:
    return Organisation.objects.get_or_create(slug=SLUG, defaults={"name": NAME})[0]


def sign_in(organisation: Organisation) -> tuple[User, str]:
    """The demonstration's administrator and a password that was made for this GOVERN_HOME."""
    kept = settings.HOME / "demo_password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(9))
    password = kept.read_text()
    user, created = User.objects.get_or_create(username="demo", defaults={"first_name": "Demo"})
    if created or not user.check_password(password):
        user.set_password(password)
    user.is_staff = user.is_superuser = True
    user.save()
    member_add(organisation=organisation, user=user, role=Role.ADMINISTRATOR)
    return user, password


def assessors(organisation: Organisation) -> list[User]:
    """Two people who answer; nobody can sign in as them."""
    people = []
    for username, full_name in ASSESSORS:
        first, last = full_name.split()
        user, created = User.objects.get_or_create(username=username, defaults={"first_name": first, "last_name": last})
        if created:
            user.set_unusable_password()
            user.save()
        member_add(organisation=organisation, user=user, role=Role.ASSESSOR)
        people.append(user)
    return people


def register(organisation: Organisation, edition: Edition, user: User, progress: Progress) -> dict[str, Snapshot]:
    snapshots = {}
    for number, (name, (kind, roles)) in enumerate(KINDS.items()):
        source = SourceSpec(kind="path", location=str(edition.files[name]))
        share = part(progress, number / len(KINDS), (number + 1) / len(KINDS))
        snapshots[name] = dataset_register(
            organisation=organisation,
            name=name,
            kind=kind,
            source=source,
            roles=roles,
            user=user,
            description="Generated sample data with planted defects.",
            operator=True,
            progress=share,
        )
    for name, snapshot in snapshots.items():
        rules_load(dataset=snapshot.dataset, pack=(RULES / f"{name}.yaml").read_text(encoding="utf-8"), user=user)
    return snapshots


def check(
    organisation: Organisation, edition: Edition, snapshots: dict[str, Snapshot], user: User, progress: Progress
) -> None:
    for number, (name, snapshot) in enumerate(snapshots.items()):
        job_run_here(
            organisation=organisation,
            kind="quality.check",
            subject=name,
            parameters={"snapshot_id": snapshot.pk, "as_of": edition.end.isoformat()},
            started_by=user,
            progress=part(progress, number / len(snapshots), (number + 1) / len(snapshots)),
        )


def defects_found(edition: Edition, snapshots: dict[str, Snapshot]) -> list[tuple[str, int, int]]:
    """Each planted defect, its rows, and the failing rows of the rule that counts it."""
    found = []
    for defect in edition.truth:
        run = run_latest(snapshots[defect["dataset"]].dataset)
        result = run.results.filter(rule_name=RULE_OF[defect["name"]]).first() if run else None
        found.append((defect["name"], defect["rows"], result.rows_failing if result else 0))
    return found


def train(
    organisation: Organisation, edition: Edition, snapshots: dict[str, Snapshot], user: User, progress: Progress
) -> None:
    """EASE in both periods, the perceptron with its features beside it: the last 28 days are the test."""
    split = f"time:{(edition.end - timedelta(days=28)).date()},28d"
    for number, model in enumerate(("ease", "perceptron")):
        run = training_run_create(
            dataset=snapshots["orders"].dataset,
            model_name=model,
            split=split,
            items_dataset=snapshots["items"].dataset,
            users_dataset=snapshots["users"].dataset,
        )
        job_run_here(
            organisation=organisation,
            kind="recommenders.train",
            subject=f"{model} · orders",
            parameters={"run_id": run.pk},
            started_by=user,
            progress=part(progress, number / 2, (number + 1) / 2),
        )


def answer(organisation: Organisation, edition: Edition, number: int) -> None:
    """Fill the questionnaire of the period with plausible answers that are marked as sample."""
    framework = Framework.objects.filter(identifier="dcmm-2018").order_by("-version").first()
    assert framework is not None, "load_frameworks runs first"  # noqa: S101 - the order of steps
    people = assessors(organisation)
    questionnaire = questionnaires_of(organisation).filter(period=edition.period, framework=framework).first()
    if questionnaire is None:
        questionnaire = questionnaire_create(
            organisation=organisation, framework=framework, period=edition.period, user=people[0]
        )
    if questionnaire.submitted_at is None:
        answers_fill(questionnaire=questionnaire, assessors=people, seed=7, profile=SAMPLE_PROFILES[PROFILES[number]])
        questionnaire_submit(questionnaire=questionnaire, user=people[0])


def assess(organisation: Organisation, edition: Edition, user: User, progress: Progress) -> Assessment:
    job = job_run_here(
        organisation=organisation,
        kind="scoring.assess",
        subject=edition.period,
        parameters={"period": edition.period},
        started_by=user,
        progress=progress,
    )
    assessment = assessments_of(organisation).get(pk=job.result["assessment"])
    return assessment_publish(assessment=assessment, user=user)


def published(organisation: Organisation, period: str) -> bool:
    return assessments_of(organisation).filter(period=period, state=Assessment.State.PUBLISHED).exists()
