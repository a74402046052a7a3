"""The admin panel: superusers see the server, an administrator one organisation, everybody else nothing."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from assessments.accounts.models import AuditEvent, Membership, Organisation, User
from assessments.accounts.panel import OrganisationRows, ServerRows
from assessments.accounts.roles import Role
from assessments.checklists.models import Framework

PANELS = sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
OWNED = [model for model, panel in PANELS if isinstance(panel, OrganisationRows)]
SHARED = [model for model, panel in PANELS if isinstance(panel, ServerRows)]
CHANGED_HERE = {"Rule"}  # what an administrator may change in the panel


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def rows_of(model: type[Model], organisation: Organisation) -> list[Model]:
    path = admin.site._registry[model].organisation_path  # type: ignore[attr-defined]
    return list(model._default_manager.filter(**{path: organisation}))


def test_every_class_says_whose_rows_it_shows() -> None:
    assert {model for model, _panel in PANELS} == {*OWNED, *SHARED}
    assert {"Rule", "Job", "AuditEvent", "Assessment"} <= {model.__name__ for model in OWNED}
    assert {"User", "Organisation", "Framework", "ScoringModel"} <= {model.__name__ for model in SHARED}


def test_an_administrator_sees_the_rows_of_the_organisation(
    shop: SimpleNamespace, client_as: Callable[[str], Client], organisation: Organisation
) -> None:
    client, seen = client_as("administrator"), 0
    assert client.get("/admin/").status_code == 200
    for model in OWNED:
        assert client.get(address(model, "changelist")).status_code == 200, model
        for row in rows_of(model, organisation):
            assert client.get(address(model, "change", row.pk)).status_code == 200, model
            seen += 1
    assert seen > 10


def test_an_administrator_of_another_organisation_sees_and_changes_none_of_them(
    shop: SimpleNamespace, client_as: Callable[[str], Client], organisation: Organisation
) -> None:
    client = client_as("outsider")
    for model in OWNED:
        before = list(model._default_manager.order_by("pk").values())
        listed = client.get(address(model, "changelist"))
        assert listed.status_code == 200, model
        assert not set(listed.context["cl"].queryset) & set(rows_of(model, organisation)), model
        for secret in ("Harbour Shop", "orders", "price is positive", "reader"):
            assert secret not in listed.content.decode(), (model, secret)
        for row in rows_of(model, organisation):
            for page in ("change", "delete", "history"):
                # The panel sends those who ask for a row that is not there to its first page.
                for answer in (client.get(address(model, page, row.pk)), client.post(address(model, page, row.pk))):
                    assert answer.status_code in {302, 403}, (model, page)
        assert list(model._default_manager.order_by("pk").values()) == before, model


def test_an_administrator_changes_rules_only(
    shop: SimpleNamespace, client_as: Callable[[str], Client], organisation: Organisation
) -> None:
    client = client_as("administrator")
    for model in OWNED:
        if model.__name__ in CHANGED_HERE:
            continue
        before = list(model._default_manager.order_by("pk").values())
        assert client.get(address(model, "add")).status_code == 403, model
        for row in rows_of(model, organisation):
            assert client.post(address(model, "change", row.pk), {}).status_code == 403, model
            assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
        assert list(model._default_manager.order_by("pk").values()) == before, model


def test_what_all_organisations_share_is_for_superusers(
    shop: SimpleNamespace, client_as: Callable[[str], Client], members: dict[str, User]
) -> None:
    client = client_as("administrator")
    for model in SHARED:
        for page in ("changelist", "add"):
            assert client.get(address(model, page)).status_code == 403, model
    names = {"app_label": "accounts", "model_name": "membership", "field_name": "user"}
    assert client.get("/admin/autocomplete/", {**names, "term": ""}).status_code == 403
    framework = Framework.objects.first()
    assert framework is not None
    assert client.get(address(Framework, "change", framework.pk)).status_code == 403


@pytest.mark.parametrize("role", [role.value for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_do_not_enter(role: str, shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as(role)
    for page in ("/admin/", "/admin/login/", address(AuditEvent, "changelist")):
        answer = client.get(page, follow=True)
        assert answer.status_code == 403, page
        assert "You administer no organisation." in answer.content.decode()
    assert "/admin/" not in client.get(reverse("account")).content.decode()


def test_who_has_lost_the_role_or_the_account_is_out(
    shop: SimpleNamespace, client_as: Callable[[str], Client], members: dict[str, User]
) -> None:
    client, rules = client_as("administrator"), "/admin/quality/rule/"
    assert client.get(rules).status_code == 200
    Membership.objects.filter(user=members["administrator"]).update(role=Role.VIEWER)
    assert client.get(rules, follow=True).status_code == 403
    Membership.objects.filter(user=members["administrator"]).update(role=Role.ADMINISTRATOR)
    User.objects.filter(pk=members["administrator"].pk).update(is_active=False, is_superuser=True)
    assert client.get(rules, follow=True).redirect_chain[-1][0] == "/sign-in/?next=/admin/quality/rule/"


def test_the_panel_has_no_door_of_its_own(client: Client, members: dict[str, User]) -> None:
    sent = {"username": "administrator", "password": "correct horse battery", "next": "/admin/"}
    answer = client.post("/admin/login/?next=https://evil.example/", sent)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")
    assert "_auth_user_id" not in client.session
    answer = client.post(answer["Location"], {**sent, "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert client.get("/admin/login/")["Location"] == "/admin/"


def test_a_browser_that_asks_for_an_icon_gets_one(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/img/mark.svg")
