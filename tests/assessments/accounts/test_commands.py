"""create_organisation and create_member."""

import json

import pytest
from django.core.management import CommandError, call_command

from assessments.accounts.models import Membership, Organisation

pytestmark = pytest.mark.django_db


def test_first_steps(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("create_organisation", "Harbour Shop", "--json")
    assert json.loads(capsys.readouterr().out) == {"organisation": "Harbour Shop", "slug": "harbour-shop"}
    monkeypatch.setenv("FIRST_PASSWORD", "correct horse battery")
    call_command("create_member", "mia", "--role", "administrator", "--password-env", "FIRST_PASSWORD", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document == {"username": "mia", "organisation": "harbour-shop", "role": "administrator"}
    assert Membership.objects.get().user.check_password("correct horse battery")


def test_failures_exit_with_1_and_say_why(capsys: pytest.CaptureFixture[str], organisation: Organisation) -> None:
    for arguments, hint in (
        (["create_organisation", "Harbour"], ""),
        (["create_member", "mia", "--role", "viewer", "--password-env", "NOT_SET"], "Set it"),
        (["create_member", "mia", "--role", "viewer", "--organisation", "none"], ""),
    ):
        with pytest.raises(SystemExit) as ended:
            call_command(*arguments, "--json")
        assert ended.value.code == 1
        document = json.loads(capsys.readouterr().out)
        assert document["error"]
        assert hint in document["hint"]
    assert not Membership.objects.exists()


def test_a_role_that_is_none(organisation: Organisation) -> None:
    with pytest.raises(CommandError, match="emperor"):
        call_command("create_member", "mia", "--role", "emperor")
