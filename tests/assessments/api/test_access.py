"""Every address: who may, who may not, and what another organisation sees."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from assessments.accounts.models import Organisation, User
from assessments.accounts.roles import CAPABILITIES, Capability, Role
from assessments.accounts.services import event_record

BASE = "/api/v1"
# list address -> the row of the world that its detail shows
LISTS = {
    "datasets": "dataset",
    "snapshots": "snapshot",
    "rules": "rule",
    "quality-runs": "run",
    "findings": "finding",
    "profiles": "profile",
    "rule-suggestions": "suggestion",
    "repairs": "repair",
    "personal-data-scans": "scan",
    "personal-data-hits": "hit",
    "training-runs": "training",
    "promotions": "promotion",
    "tunings": "tuning",
    "questionnaires": "questionnaire",
    "assessments": "assessment",
    "jobs": "job",
}
INNER = {
    "quality-runs/{run}/results": 1,
    "findings/{finding}/events": 1,
    "questionnaires/{questionnaire}/answers": 1,
    "assessments/{assessment}/scores": 3,
    "jobs/{job}/log": 2,
}
# method, address, body, capability: everything that changes something or needs more than VIEW
GUARDED: list[tuple[str, str, dict[str, Any], Capability]] = [
    ("post", "datasets", {"name": "new", "kind": "items", "path": "/x"}, Capability.REGISTER),
    ("post", "datasets/{dataset}/snapshots", {}, Capability.REGISTER),
    ("put", "snapshots/{snapshot}/roles", {"roles": {"item": "item"}}, Capability.REGISTER),
    ("post", "rules", {"dataset": 1, "name": "n", "check": "completeness"}, Capability.CHECK),
    ("put", "rules/{rule}", {"name": "n", "check": "completeness"}, Capability.CHECK),
    ("delete", "rules/{rule}", {}, Capability.CHECK),
    ("post", "quality-runs", {"dataset": 1}, Capability.CHECK),
    ("post", "findings/{finding}/accept", {"reason": "known", "until": "2030-01-01"}, Capability.CHECK),
    ("post", "findings/{finding}/assign", {"owner": None}, Capability.CHECK),
    ("post", "repairs", {"dataset": 1, "steps": [{"repair": "drop_duplicates"}]}, Capability.CHECK),
    ("post", "repairs", {"dataset": 1, "steps": [{"repair": "drop_duplicates"}], "make": True}, Capability.REGISTER),
    ("post", "repairs/{repair}/make", {}, Capability.REGISTER),
    ("delete", "repairs/{repair}", {}, Capability.CHECK),
    ("post", "profiles", {"dataset": 1}, Capability.CHECK),
    ("post", "rule-suggestions", {"dataset": 1}, Capability.CHECK),
    ("post", "rule-suggestions/{suggestion}/accept", {}, Capability.CHECK),
    ("post", "rule-suggestions/{suggestion}/decline", {}, Capability.CHECK),
    ("post", "rule-suggestions/accept", {"suggestions": [1]}, Capability.CHECK),
    ("post", "personal-data-scans", {"dataset": 1}, Capability.CHECK),
    ("post", "personal-data-scans/{scan}/risk", {"columns": ["user"]}, Capability.CHECK),
    ("post", "personal-data-hits/{hit}/decide", {"decision": "confirmed"}, Capability.CHECK),
    ("post", "datasets/{dataset}/rules/import", {"yaml": "rules: []"}, Capability.CHECK),
    ("put", "datasets/{dataset}/schedule", {"cron": "0 7 * * *"}, Capability.CHECK),
    ("delete", "datasets/{dataset}/schedule", {}, Capability.CHECK),
    ("get", "channels", {}, Capability.MANAGE),
    ("get", "channels/{channel}", {}, Capability.MANAGE),
    ("post", "channels", {"name": "n", "kind": "email", "target": "a@example.org"}, Capability.MANAGE),
    ("put", "channels/{channel}", {"name": "n", "kind": "email", "target": "a@example.org"}, Capability.MANAGE),
    ("delete", "channels/{channel}", {}, Capability.MANAGE),
    ("post", "training-runs", {"dataset": 1, "model": "ease", "split": "time:2011-10-10,28d"}, Capability.TRAIN),
    ("post", "training-runs/{training}/promote", {"reason": "It is the best."}, Capability.PROMOTE),
    ("get", "training-runs/{training}/bundle", {}, Capability.TRAIN),
    ("post", "tunings", {"dataset": 1, "models": ["ease"], "split": "time:0.9"}, Capability.TRAIN),
    ("post", "tunings/{tuning}/train", {"trial": 0}, Capability.TRAIN),
    ("post", "questionnaires", {"framework": "dcmm", "period": "2026-Q4"}, Capability.ANSWER),
    ("put", "questionnaires/{questionnaire}/answers/strategy.planning", {}, Capability.ANSWER),
    ("post", "questionnaires/{questionnaire}/submit", {}, Capability.ANSWER),
    ("post", "answers/{answer}/evidence", {"url": "https://example.org"}, Capability.ANSWER),
    ("post", "assessments", {"period": "2026-Q3"}, Capability.ASSESS),
    ("post", "assessments/{assessment}/publish", {}, Capability.PUBLISH),
    ("get", "assessments/{assessment}/export", {}, Capability.EXPORT),
    ("post", "assessments/{assessment}/verify", {}, Capability.EXPORT),
    ("post", "verify", {}, Capability.EXPORT),
    ("post", "jobs/{job}/cancel", {}, Capability.CHECK),
    ("get", "audit-events", {}, Capability.AUDIT),
    ("get", "audit-events/{event}", {}, Capability.AUDIT),
]


def ask(client: Client, method: str, address: str, body: Any = None) -> Any:
    return getattr(client, method)(f"{BASE}/{address}/", body or {}, content_type="application/json")


def place(address: str, world: SimpleNamespace) -> str:
    return address.format(**{name: getattr(row, "pk", "") for name, row in vars(world).items()})


@pytest.mark.parametrize(("address", "row"), LISTS.items())
def test_a_viewer_reads_lists_and_rows(client_as: Any, world: SimpleNamespace, address: str, row: str) -> None:
    viewer = client_as("viewer")
    listed = viewer.get(f"{BASE}/{address}/").json()
    assert [one["id"] for one in listed["results"]] == [getattr(world, row).pk]
    assert listed["count"] == 1
    assert viewer.get(f"{BASE}/{address}/{getattr(world, row).pk}/").json()["id"] == getattr(world, row).pk


@pytest.mark.parametrize(("address", "expected"), INNER.items())
def test_a_viewer_reads_what_is_inside(client_as: Any, world: SimpleNamespace, address: str, expected: int) -> None:
    answer = client_as("viewer").get(f"{BASE}/{place(address, world)}/")
    assert len(answer.json()["results"]) == expected


@pytest.mark.parametrize(("address", "row"), LISTS.items())
def test_another_organisation_sees_nothing(client_as: Any, world: SimpleNamespace, address: str, row: str) -> None:
    outsider = client_as("outsider")
    assert outsider.get(f"{BASE}/{address}/").json()["results"] == []
    answer = outsider.get(f"{BASE}/{address}/{getattr(world, row).pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("address", INNER)
def test_another_organisation_sees_nothing_inside(client_as: Any, world: SimpleNamespace, address: str) -> None:
    assert client_as("outsider").get(f"{BASE}/{place(address, world)}/").status_code == 404


@pytest.mark.parametrize(("method", "address", "body", "capability"), GUARDED)
def test_roles_without_the_capability_are_refused_and_change_nothing(
    client_as: Any, world: SimpleNamespace, method: str, address: str, body: Any, capability: Capability
) -> None:
    before = rows()
    for role in Role.values:
        if capability not in CAPABILITIES[role]:
            answer = ask(client_as(role), method, place(address, world), body)
            assert (role, answer.status_code, answer.json()["status"]) == (role, 403, 403)
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["hint"]
    assert rows() == before


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [row[:3] for row in GUARDED if "{" in row[1]],
    ids=[r[1] for r in GUARDED if "{" in r[1]],
)
def test_another_organisations_administrator_changes_nothing(
    client_as: Any, world: SimpleNamespace, method: str, address: str, body: Any
) -> None:
    outsider = client_as("outsider")
    before = rows()
    assert ask(outsider, method, place(address, world), body).status_code == 404
    assert rows() == before


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("rules", {"name": "n", "check": "completeness", "columns": ["user"]}, "dataset"),
        ("quality-runs", {}, "dataset"),
        ("quality-runs", {}, "snapshot"),
        ("repairs", {"steps": [{"repair": "drop_duplicates"}]}, "dataset"),
        ("repairs", {"steps": [{"repair": "drop_duplicates"}]}, "snapshot"),
        ("personal-data-scans", {}, "dataset"),
        ("personal-data-scans", {}, "snapshot"),
        ("training-runs", {"model": "ease", "split": "time:2011-10-10,28d"}, "dataset"),
        ("tunings", {"models": ["ease"], "split": "time:2011-10-10,28d"}, "dataset"),
    ],
)
def test_rows_of_another_organisation_cannot_be_named_in_a_body(
    client_as: Any, world: SimpleNamespace, address: str, body: dict[str, Any], field: str
) -> None:
    outsider = client_as("outsider")
    before = rows()
    row = world.dataset if field == "dataset" else world.snapshot
    answer = ask(outsider, "post", address, {**body, field: row.pk})
    assert answer.status_code == 404
    assert rows() == before


def rows() -> dict[str, list[Any]]:
    """Everything that is stored, but for the times of signing in."""
    models = [one for one in apps.get_models() if one.__module__.startswith("assessments.") and one is not User]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("address", [*LISTS, "tokens", "organisations", "audit-events", "frameworks", "scoring-models"])
def test_nobody_is_let_in_without_saying_who_asks(db: None, address: str) -> None:
    answer = Client().get(f"{BASE}/{address}/")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:govern:problem:not-authenticated"


@pytest.mark.parametrize("what", ["rules.yaml", "contract.odcs.yaml", "results.csv", "results.json", "croissant.json"])
def test_exports_and_schedules_are_those_of_the_own_organisation(
    client_as: Any, world: SimpleNamespace, what: str
) -> None:
    for address in (f"datasets/{world.dataset.pk}/export/{what}", f"datasets/{world.dataset.pk}/schedule"):
        assert client_as("outsider").get(f"{BASE}/{address}/").status_code == 404
        assert ask(client_as("viewer"), "post", address).status_code == 405
    assert client_as("viewer").get(f"{BASE}/datasets/{world.dataset.pk}/export/rules.yaml/").status_code == 200


def test_a_member_of_nothing_is_refused(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("alone"))
    assert client.get(f"{BASE}/datasets/").status_code == 403


def views(resolver: URLResolver) -> list[Any]:
    found: list[Any] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += views(pattern)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "cls"):
            found.append(pattern.callback)
    return found


def test_every_action_names_its_capability_or_is_open_on_purpose() -> None:
    api = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/")
    open_views = {"RootView", "SessionView", "SchemaView", "DocsView", "MissingView"}
    unnamed = set()
    for callback in views(api):
        actions = getattr(callback, "actions", None) or {m: m for m in ("get", "post") if hasattr(callback.cls, m)}
        for action in actions.values():
            if callback.cls.__name__ not in open_views and action not in callback.cls.capabilities:
                unnamed.add((callback.cls.__name__, action))
    assert unnamed == set()


def test_an_action_without_a_capability_is_denied(
    client_as: Any, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.api.views.datasets.DatasetViewSet.capabilities", {})
    assert client_as("administrator").get(f"{BASE}/datasets/").status_code == 403


@pytest.mark.parametrize("address", [*LISTS, *INNER, "audit-events"])
def test_a_longer_list_asks_no_more_questions(
    client_as: Callable[[str], Client],
    world: SimpleNamespace,
    organisation: Organisation,
    members: dict[str, User],
    address: str,
) -> None:
    client = client_as("administrator")
    asked = [queries(client, place(address, world))]
    for number in range(3):
        more(world, organisation, members["auditor" if number else "steward"], number)
    asked.append(queries(client, place(address, world)))
    assert asked[0] == asked[1]
    assert asked[0] <= 8


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(f"{BASE}/{address}/").status_code == 200
    return len(captured)


def more(world: SimpleNamespace, organisation: Organisation, user: User, number: int) -> None:
    """One more row in every list, inner lists included, each with other neighbours."""
    from assessments.checklists.models import Answer, Item
    from assessments.jobs.models import JobLogLine
    from assessments.quality.models import RuleResult
    from assessments.scoring.models import Score

    rows = world.add.add_dataset(organisation, f"sales {number}")
    world.add.add_assessment(organisation, f"2025-Q{number + 1}")
    world.add.add_job(organisation, user, f"job {number}")
    world.add.add_questionnaire(organisation, world.framework, f"2025-Q{number + 1}")
    event_record(organisation=organisation, actor=user, action="x", subject="y")
    JobLogLine.objects.create(job=world.job, message="more")
    RuleResult.objects.filter(pk=rows.result.pk).update(run=world.run, rule_name=f"other {number}")
    Score.objects.create(
        assessment=world.assessment, path=f"p{number}", position=9 + number, name={}, method="m", weight=1, share=1
    )
    item = Item.objects.create(
        domain=world.item.domain, identifier=f"i{number}", position=5 + number, name={}, question={}, levels=[]
    )
    Answer.objects.create(questionnaire=world.questionnaire, item=item, assessor=user, status="level", level=2)
