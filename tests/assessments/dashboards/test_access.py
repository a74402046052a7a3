"""Who may open or do what: every address, every role, the other organisation, and nobody."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.accounts.models import ApiToken
from assessments.accounts.roles import CAPABILITIES, Role
from assessments.checklists.models import Answer, Evidence, Questionnaire
from assessments.dashboards.urls import urlpatterns
from assessments.datasets.models import Column, Dataset
from assessments.jobs.models import Job
from assessments.quality.models import Channel, Finding, PersonalDataHit, RepairRun, Rule, RuleSuggestion, Schedule
from assessments.recommenders.models import Promotion, TrainingRun, TuningRun
from assessments.scoring.models import Assessment

# name → (method, what of the shop is in the address, the capability, what is sent)
PAGES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "overview": ("get", "", "view", {}),
    "account": ("get", "", "view", {}),
    "assessments": ("get", "", "view", {}),
    "assess": ("post", "", "assess", {"period": "2026-Q3"}),
    "assessment": ("get", "assessment", "view", {}),
    "assessment-publish": ("post", "assessment", "publish", {}),
    "assessment-export": ("get", "assessment", "export", {}),
    "assessment-verify": ("post", "assessment", "export", {}),
    "findings": ("get", "", "view", {}),
    "finding": ("get", "finding", "view", {}),
    "finding-assign": ("post", "finding", "check", {"owner": ""}),
    "dataset-export": ("get", "dataset/rules.yaml", "view", {}),
    "rules-import": ("post", "dataset", "check", {}),
    "dataset-profile": ("get", "dataset", "view", {}),
    "profile-start": ("post", "dataset", "check", {}),
    "dataset-suggestions": ("get", "dataset", "view", {}),
    "suggestions-start": ("post", "dataset", "check", {}),
    "suggestions-accept": ("post", "dataset", "check", {}),
    "suggestion-decide": ("post", "suggestion", "check", {"decision": "accept"}),
    "dataset-personal-data": ("get", "dataset", "view", {}),
    "personal-data-search": ("post", "dataset", "check", {}),
    "personal-data-risk": ("post", "dataset", "check", {"columns": ["user"]}),
    "personal-data-decide": ("post", "hit", "check", {"decision": "confirmed"}),
    "dataset-repairs": ("get", "dataset", "view", {}),
    "repair-new": ("post", "dataset", "check", {}),
    "repair-draft": ("post", "dataset", "check", {"add": '{"repair": "drop_duplicates"}'}),
    "repair-preview": ("post", "dataset", "check", {}),
    "counts-publish": ("post", "dataset", "check", {}),
    "repair": ("get", "repair", "view", {}),
    "repair-make": ("post", "repair", "register", {}),
    "repair-discard": ("post", "repair", "check", {}),
    "dataset-schedule": ("get", "dataset", "view", {}),
    "schedule-change": ("post", "dataset", "check", {"usual": "0 6 * * 1", "read": "on", "enabled": "on"}),
    "schedule-remove": ("post", "dataset", "check", {}),
    "channels": ("get", "", "manage", {}),
    "channel-new": ("get", "", "manage", {}),
    "channel": ("get", "channel", "manage", {}),
    "channel-remove": ("post", "channel", "manage", {}),
    "channel-key": ("post", "channel", "manage", {}),
    "finding-accept": ("post", "finding", "check", {"reason": "It is known.", "until": "2027-01-01"}),
    "datasets": ("get", "", "view", {}),
    "dataset-new": ("get", "", "register", {}),
    "dataset": ("get", "dataset", "view", {}),
    "dataset-roles": ("post", "dataset", "register", {"column-0": "item"}),
    "snapshot-new": ("post", "dataset", "register", {}),
    "quality-check": ("post", "dataset", "check", {}),
    "rule-new": ("get", "dataset", "check", {}),
    "rule-change": ("post", "rule", "check", {"name": "other", "columns": "price", "severity": "info", "threshold": 5}),
    "checks": ("get", "", "view", {}),
    "quality-run": ("get", "run", "view", {}),
    "recommenders": ("get", "", "view", {}),
    "training-run-new": ("get", "", "train", {}),
    "training-run": ("get", "training_run", "view", {}),
    "training-run-live": ("get", "training_run", "view", {}),
    "training-run-stop": ("post", "training_run", "train", {}),
    "training-run-promote": ("post", "training_run", "promote", {"reason": "It is the best there is."}),
    "training-run-bundle": ("get", "training_run", "train", {}),
    "training-runs-compare": ("get", "runs", "view", {}),
    "promotions": ("get", "", "view", {}),
    "tunings": ("get", "", "view", {}),
    "tuning-new": ("get", "", "train", {}),
    "tuning": ("get", "tuning", "view", {}),
    "trial-train": ("post", "tuning/trial", "train", {}),
    "checklists": ("get", "", "view", {}),
    "questionnaire-new": ("post", "", "answer", {"period": "2027-Q1"}),
    "questionnaire": ("get", "questionnaire", "view", {}),
    "questionnaire-newer": ("get", "questionnaire", "view", {}),
    "questionnaire-carry-over": ("post", "questionnaire", "answer", {"period": "2027-Q1", "version": "99"}),
    "questionnaire-submit": ("post", "questionnaire", "answer", {}),
    "questionnaire-reopen": ("post", "questionnaire", "manage", {"reason": "A mistake."}),
    "answer-save": ("post", "questionnaire/item", "answer", {"choice": "5", "revision": "1"}),
    "mapped-level-take": ("post", "questionnaire/item", "answer", {"level": "3", "revision": "1"}),
    "evidence-add": ("post", "questionnaire/item", "answer", {"url": "https://example.org/2"}),
    "evidence-file": ("get", "evidence", "view", {}),
    "jobs": ("get", "", "view", {}),
    "job": ("get", "job", "view", {}),
    "job-cancel": ("post", "job", "check", {}),
    "job-retry": ("post", "job", "check", {}),
    "token-revoke": ("post", "token", "view", {}),
}
OPEN = {"sign-in", "sign-out", "language", "theme"}
WRITES = sorted(name for name, (method, *_rest) in PAGES.items() if method == "post")


def address(name: str, shop: SimpleNamespace) -> str:
    subject = PAGES[name][1]
    if subject == "questionnaire/item":
        return reverse(name, args=[shop.questionnaire.pk, "strategy.planning"])
    if subject == "dataset/rules.yaml":
        return reverse(name, args=[shop.dataset.pk, "rules.yaml"])
    if subject == "tuning/trial":
        return reverse(name, args=[shop.tuning.pk, 0])
    if subject == "runs":
        return reverse(name) + f"?run={shop.training_run.pk}&run={shop.other_run.pk}"
    return reverse(name, args=[getattr(shop, subject).pk] if subject else [])


def ask(client: Client, name: str, shop: SimpleNamespace) -> int:
    method, _subject, _capability, data = PAGES[name]
    return int(getattr(client, method)(address(name, shop), data).status_code)


def everything() -> dict[str, list[Any]]:
    """All rows that a page could change."""
    models = (
        Answer,
        ApiToken,
        Assessment,
        Channel,
        Column,
        Dataset,
        Evidence,
        Finding,
        Job,
        PersonalDataHit,
        Promotion,
        Questionnaire,
        RepairRun,
        Rule,
        RuleSuggestion,
        Schedule,
        TrainingRun,
        TuningRun,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_every_address_is_listed_here() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(PAGES) | OPEN


def test_signed_out_is_sent_to_sign_in(shop: SimpleNamespace, client: Client) -> None:
    before = everything()
    for name, (method, _subject, _capability, data) in PAGES.items():
        response = getattr(client, method)(address(name, shop), data)
        assert response.status_code == 302, name
        assert response["Location"].startswith("/sign-in/?next="), name
    assert everything() == before


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_role_is_refused_what_it_lacks_and_nothing_changes(
    role: str, shop: SimpleNamespace, client_as: Callable[[str], Client], sent: list[Any]
) -> None:
    before, client = everything(), client_as(role)
    for name, (_method, _subject, capability, _data) in PAGES.items():
        if capability not in CAPABILITIES[role]:
            assert ask(client, name, shop) == 403, name
    assert everything() == before
    assert sent == []


def test_another_organisation_finds_nothing_there(
    shop: SimpleNamespace, client_as: Callable[[str], Client], sent: list[Any]
) -> None:
    before, client = everything(), client_as("outsider")
    for name, (_method, subject, _capability, _data) in PAGES.items():
        if subject:
            assert ask(client, name, shop) == 404, name
    assert everything() == before
    assert sent == []


def test_lists_of_another_organisation_show_none_of_it(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("outsider")
    for name in ("overview", "assessments", "findings", "datasets", "recommenders", "checklists", "jobs", "account"):
        text = client.get(reverse(name)).content.decode()
        for secret in ("orders", "price is positive", "2026-Q3</a>", "reader", "Harbour Shop"):
            assert secret not in text, (name, secret)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_role_opens_every_page_that_it_may(
    role: str, shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as(role)
    for name, (method, _subject, capability, _data) in PAGES.items():
        if method == "get" and capability in CAPABILITIES[role]:
            # The evidence of the shop is a link: there is no file to hand out.
            # The run has ended, so that its page polls no more.
            others = {"evidence-file": 404, "training-run-live": 286}
            assert ask(client, name, shop) == others.get(name, 200), name


def test_what_changes_something_is_not_done_by_opening_an_address(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    before, client = everything(), client_as("administrator")
    forms = {"finding-accept", "dataset-roles", "rule-change", "snapshot-new", "rules-import"}
    forms |= {"repair-new", "counts-publish", "training-run-promote"}
    for name in WRITES:
        status = client.get(address(name, shop)).status_code
        assert status == (200 if name in forms else 405), name
    assert everything() == before


def test_a_form_from_another_site_is_refused(shop: SimpleNamespace, members: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(members["administrator"])
    before = everything()
    for name in WRITES:
        assert ask(client, name, shop) == 403, name
    assert everything() == before
