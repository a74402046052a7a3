"""Sessions and tokens: who is asking, and what a key may do."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.accounts.models import ApiToken, Membership, Organisation, User
from assessments.accounts.services import token_revoke

BASE = "/api/v1"
SIGN_IN = {"username": "steward", "password": "correct horse battery"}


@pytest.fixture
def browser(members: dict[str, User]) -> Client:
    """A browser that has its CSRF cookie and is held to it."""
    client = Client(enforce_csrf_checks=True)
    assert client.get(f"{BASE}/session/").json() == {"user": None, "membership": None}
    return client


def post(client: Client, address: str, body: Any, csrf: bool = True) -> Any:
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value} if csrf else {}
    return client.post(f"{BASE}/{address}/", body, content_type="application/json", headers=headers)


def test_signing_in_and_out(browser: Client) -> None:
    assert post(browser, "session", SIGN_IN).json()["username"] == "steward"
    told = browser.get(f"{BASE}/session/").json()
    assert told["membership"]["organisation"] == "harbour"
    assert "register" in told["membership"]["capabilities"]
    token = browser.cookies["csrftoken"].value
    assert browser.delete(f"{BASE}/session/", headers={"X-CSRFToken": token}).status_code == 204
    assert browser.get(f"{BASE}/datasets/").status_code == 401


def test_a_wrong_password_and_an_unknown_name_read_the_same(browser: Client) -> None:
    wrong = post(browser, "session", {**SIGN_IN, "password": "x"})
    unknown = post(browser, "session", {**SIGN_IN, "username": "nobody"})
    assert (wrong.status_code, wrong.json()) == (401, unknown.json())


def test_signing_in_needs_the_csrf_token(browser: Client) -> None:
    refused = post(browser, "session", SIGN_IN, csrf=False)
    assert (refused.status_code, "CSRF" in refused.json()["detail"]) == (403, True)
    assert browser.get(f"{BASE}/session/").json()["user"] is None


def test_a_session_changes_nothing_without_the_csrf_token(browser: Client) -> None:
    post(browser, "session", SIGN_IN)
    made = post(browser, "rules", {}, csrf=False)
    assert (made.status_code, made["Content-Type"]) == (403, "application/problem+json")


def test_guessing_is_slowed_by_address_and_by_name(browser: Client) -> None:
    answers = [post(browser, "session", {"username": f"name{n}", "password": "x"}).status_code for n in range(11)]
    assert answers == [401] * 10 + [429]
    from django.core.cache import cache

    cache.clear()
    by_name = []
    for number in range(11):
        browser.defaults["REMOTE_ADDR"] = f"10.0.0.{number}"
        by_name.append(post(browser, "session", {**SIGN_IN, "password": "x"}).status_code)
    assert by_name == [401] * 10 + [429]


def test_a_header_does_not_change_who_is_asking(browser: Client) -> None:
    for number in range(11):
        browser.defaults["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}"
        last = post(browser, "session", {"username": f"name{number}", "password": "x"})
    assert last.status_code == 429
    assert int(last["Retry-After"]) > 0


def test_a_token_is_made_once_by_a_session_and_is_kept_as_a_digest(browser: Client) -> None:
    post(browser, "session", SIGN_IN)
    made = post(browser, "tokens", {"name": "laptop", "scopes": ["view"], "days": 7})
    key = made.json()["key"]
    assert made.status_code == 201
    assert key.startswith("gov_")
    token = ApiToken.objects.get()
    assert key not in json.dumps([str(value) for value in vars(token).values()])
    listed = browser.get(f"{BASE}/tokens/")
    assert key not in listed.content.decode()
    assert listed.json()["results"][0]["prefix"] == key[:8]


def test_a_token_cannot_ask_for_more_than_the_role_allows(browser: Client) -> None:
    post(browser, "session", SIGN_IN)
    refused = post(browser, "tokens", {"name": "n", "scopes": ["view", "publish"]})
    assert (refused.status_code, refused.json()["where"]) == (403, "publish")
    unknown = post(browser, "tokens", {"name": "n", "scopes": ["fly"], "days": 400})
    assert unknown.status_code == 400
    assert {error["field"].split(".")[0] for error in unknown.json()["errors"]} == {"scopes", "days"}
    assert not ApiToken.objects.exists()


def test_a_token_can_neither_make_nor_revoke_nor_list_tokens(key_for: Any, bearer: Any) -> None:
    client = bearer(key_for("administrator", "view", "manage"))
    token = ApiToken.objects.get()
    body = {"name": "n", "scopes": ["view"]}
    assert client.post(f"{BASE}/tokens/", body, content_type="application/json").status_code == 403
    assert client.delete(f"{BASE}/tokens/{token.pk}/").status_code == 403
    assert client.get(f"{BASE}/tokens/").status_code == 403
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


def test_one_revokes_only_ones_own_tokens(client_as: Any, key_for: Any, bearer: Any) -> None:
    key = key_for("steward", "view")
    address = f"{BASE}/tokens/{ApiToken.objects.get().pk}/"
    assert client_as("administrator").delete(address).status_code == 404
    assert bearer(key).get(f"{BASE}/datasets/").status_code == 200
    assert client_as("steward").delete(address).status_code == 204
    assert bearer(key).get(f"{BASE}/datasets/").status_code == 401


def test_what_a_token_may_do_is_what_scopes_and_role_both_allow(
    key_for: Any, bearer: Any, world: SimpleNamespace, members: dict[str, User], sent: list[Any]
) -> None:
    body = {"dataset": world.dataset.pk}

    def check(client: Client) -> int:
        return int(client.post(f"{BASE}/quality-runs/", body, content_type="application/json").status_code)

    narrow, wide = bearer(key_for("steward", "view")), bearer(key_for("steward", "view", "check"))
    assert (check(narrow), check(wide)) == (403, 202)
    assert narrow.post(f"{BASE}/quality-runs/", body, content_type="application/json").json()["hint"].endswith("check.")
    Membership.objects.filter(user=members["steward"]).update(role="viewer")
    assert check(wide) == 403
    assert wide.get(f"{BASE}/datasets/").status_code == 200
    Membership.objects.filter(user=members["steward"]).delete()
    assert wide.get(f"{BASE}/datasets/").status_code == 403


def test_a_token_sees_its_own_organisation_alone(
    key_for: Any, bearer: Any, world: SimpleNamespace, members: dict[str, User], other_organisation: Organisation
) -> None:
    """Its owner belongs to two; what the address asks for changes nothing."""
    Membership.objects.create(user=members["steward"], organisation=other_organisation, role="administrator")
    client = bearer(key_for("steward", "view"))
    assert client.get(f"{BASE}/datasets/?organisation=other").json()["count"] == 1
    assert [one["organisation"] for one in client.get(f"{BASE}/organisations/").json()] == ["harbour"]


@pytest.mark.parametrize("case", ["expired", "revoked", "inactive", "unknown", "no prefix", "empty", "long"])
def test_keys_that_are_not_valid_read_the_same(
    case: str, key_for: Callable[..., str], bearer: Callable[[str], Client], members: dict[str, User]
) -> None:
    key = key_for("viewer", "view")
    token = ApiToken.objects.get()
    if case == "expired":
        ApiToken.objects.update(expires_at=timezone.now())
    elif case == "revoked":
        token_revoke(token=token, actor=members["viewer"])
    elif case == "inactive":
        User.objects.update(is_active=False)
    else:
        key = {"unknown": key + "x", "no prefix": key[4:], "empty": "", "long": "gov_" + "x" * 10_000}[case]
    answer = bearer(key).get(f"{BASE}/datasets/")
    assert answer.status_code == 401
    assert answer.json()["detail"] == "This token is not valid: unknown, expired or revoked."


def test_the_last_use_is_noted_at_most_once_a_minute(key_for: Any, bearer: Any) -> None:
    client = bearer(key_for("viewer", "view"))
    client.get(f"{BASE}/datasets/")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    client.get(f"{BASE}/datasets/")
    assert ApiToken.objects.get().last_used_at == first
    earlier = first - timedelta(seconds=61)
    ApiToken.objects.update(last_used_at=earlier)
    client.get(f"{BASE}/datasets/")
    assert ApiToken.objects.get().last_used_at > earlier


def test_a_token_needs_no_csrf_token(key_for: Any, world: SimpleNamespace, sent: list[Any]) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {key_for('steward', 'check')}"})
    body = {"dataset": world.dataset.pk}
    assert client.post(f"{BASE}/quality-runs/", body, content_type="application/json").status_code == 202
