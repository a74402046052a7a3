"""One row of every resource in the first organisation, and keys for the API."""

import runpy
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from assessments.accounts.models import Membership, Organisation, User
from assessments.accounts.services import event_record, token_create
from assessments.checklists.models import Answer, Domain, Framework, Item

ROWS = runpy.run_path(str(Path(__file__).parent / "rows.py"))


@pytest.fixture(autouse=True)
def _fresh_throttles() -> None:
    cache.clear()


@pytest.fixture
def key_for(members: dict[str, User], organisation: Organisation) -> Callable[..., str]:
    """``key_for("steward", "view", "check")``: the key of a token with these scopes."""

    def make(role: str, *scopes: str, days: int = 30) -> str:
        membership = Membership.objects.get(user=members[role], organisation=organisation)
        return token_create(membership=membership, name=f"of {role}", scopes=scopes, days=days)[1]

    return make


@pytest.fixture
def bearer() -> Callable[[str], Client]:
    return lambda key: Client(headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def world(organisation: Organisation, members: dict[str, User]) -> SimpleNamespace:
    rows = ROWS["add_dataset"](organisation, "sales")
    framework = Framework.objects.create(identifier="dcmm", version=1, name={"en": "DCMM"}, digest="f" * 64)
    domain = Domain.objects.create(framework=framework, identifier="strategy", position=0, name={"en": "Strategy"})
    rows.item = Item.objects.create(
        domain=domain, identifier="planning", position=0, name={"en": "Planning"}, question={"en": "?"}, levels=[]
    )
    rows.framework = framework
    rows.questionnaire = ROWS["add_questionnaire"](organisation, framework, "2026-Q3")
    rows.answer = Answer.objects.create(
        questionnaire=rows.questionnaire, item=rows.item, assessor=members["assessor"], status="level", level=3
    )
    rows.assessment = ROWS["add_assessment"](organisation, "2026-Q3")
    rows.job = ROWS["add_job"](organisation, members["steward"], "sales")
    rows.event = event_record(organisation=organisation, actor=members["steward"], action="x", subject="y")
    rows.add = SimpleNamespace(**{name: value for name, value in ROWS.items() if name.startswith("add_")})
    return rows


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The numbers of the jobs that were handed to the broker."""
    jobs: list[Any] = []

    def send(name: str, args: Iterable[Any], **options: Any) -> None:
        jobs.extend(args)

    monkeypatch.setattr("assessments.jobs.dispatch.current_app.send_task", send)
    return jobs
