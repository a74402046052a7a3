"""Keys for the API: shown once, limited to one's own role, revoked."""

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from assessments.accounts.models import ApiToken, User
from assessments.accounts.services import token_digest


def test_a_key_is_shown_once_and_only_its_digest_is_kept(
    members: dict[str, User], client_as: Callable[[str], Client]
) -> None:
    client = client_as("steward")
    response = client.post("/account/", {"name": "nightly", "scopes": ["view", "check"], "days": 30})
    key = response.context["key"]
    assert key in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    token = ApiToken.objects.get()
    assert (token.digest, token.scopes, token.user) == (token_digest(key), ["check", "view"], members["steward"])
    again = client.get("/account/").content.decode()
    assert key not in again
    assert key[:8] in again


def test_nobody_gives_a_key_more_than_their_own_role(
    members: dict[str, User], client_as: Callable[[str], Client]
) -> None:
    response = client_as("viewer").post("/account/", {"name": "x", "scopes": ["view", "manage"], "days": 30})
    assert response.status_code == 400
    assert not ApiToken.objects.exists()


def test_a_key_needs_scopes_and_an_end(members: dict[str, User], client_as: Callable[[str], Client]) -> None:
    client = client_as("viewer")
    assert client.post("/account/", {"name": "x", "days": 30}).status_code == 400
    assert client.post("/account/", {"name": "x", "scopes": ["view"], "days": 4000}).status_code == 400
    assert not ApiToken.objects.exists()


def test_a_key_is_revoked_by_its_owner_only(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    address = f"/account/keys/{shop.token.pk}/revoke/"
    assert client_as("administrator").post(address).status_code == 404
    shop.token.refresh_from_db()
    assert shop.token.revoked_at is None
    assert client_as("viewer").post(address).status_code == 302
    shop.token.refresh_from_db()
    assert shop.token.revoked_at is not None
