"""The admin panel shows keys and the log to nobody who could change them."""

import pytest
from django.test import Client
from django.urls import reverse

from assessments.accounts.models import AuditEvent, Membership, User
from assessments.accounts.services import token_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(members: dict[str, User]) -> Client:
    root = User.objects.create_superuser("root", "root@example.org", "correct horse battery")
    client = Client()
    client.force_login(root)
    return client


@pytest.mark.parametrize("model", ["user", "organisation", "membership", "apitoken", "auditevent"])
def test_lists_open(panel: Client, model: str) -> None:
    assert panel.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200


def test_a_token_is_shown_without_its_digest(panel: Client, members: dict[str, User]) -> None:
    token, key = token_create(membership=Membership.objects.get(user=members["steward"]), name="ci", scopes=["view"])
    page = panel.get(reverse("admin:accounts_apitoken_change", args=[token.pk])).content.decode()
    assert token.prefix in page
    assert token.digest not in page
    assert key not in page


def test_the_log_is_only_read(panel: Client, members: dict[str, User]) -> None:
    token_create(membership=Membership.objects.get(user=members["steward"]), name="ci", scopes=["view"])
    event = AuditEvent.objects.get()
    assert panel.get(reverse("admin:accounts_auditevent_add")).status_code == 403
    assert panel.post(reverse("admin:accounts_auditevent_delete", args=[event.pk])).status_code == 403
    assert panel.post(reverse("admin:accounts_auditevent_change", args=[event.pk]), {"action": "x"}).status_code == 403
