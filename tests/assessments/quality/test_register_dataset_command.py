"""The command register_dataset: its document, its exit codes, its rules."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.accounts.models import Organisation
from assessments.datasets.models import Dataset
from assessments.quality.selectors import rules_of

pytestmark = pytest.mark.django_db
CSV = "user,item,at\nu1,007,2024-03-01 10:00:00\nu2,008,2024-03-02 11:00:00\n"
ROLES = ["--role", "user=user", "--role", "item=item", "--role", "time=at"]
RULES = "rules:\n  - {name: user is known, check: completeness, columns: [user], threshold: 1.0, severity: error}\n"


@pytest.fixture
def csv(home: Path) -> Path:
    path = home / "orders.csv"
    path.write_text(CSV)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    code = 0
    try:
        call_command("register_dataset", *arguments, "--json")
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    return code, json.loads(out), err


def test_document(capsys: pytest.CaptureFixture[str], csv: Path, organisation: Organisation) -> None:
    rules = csv.with_name("rules.yaml")
    rules.write_text(RULES)
    arguments = ["orders", str(csv), "--kind", "interactions", *ROLES, "--rules", str(rules)]
    code, document, progress = run(capsys, *arguments)
    assert code == 0
    assert document["dataset"] == "orders"
    assert document["snapshot"] == 1
    assert document["rows"] == 2
    assert document["roles"] == {"user": "user", "item": "item", "time": "at"}
    assert [column["type"] for column in document["columns"]] == ["text", "text", "timestamp"]
    assert len(document["digest"]) == 64
    assert document["notes"] == []
    assert document["rules"] == ["user is known"]
    assert "100%" in progress
    assert rules_of(Dataset.objects.get()).count() == 1
    again = run(capsys, *arguments)[1]
    assert again["snapshot"] == 1
    assert "no new one" in again["notes"][0]


def test_failures_are_explained(capsys: pytest.CaptureFixture[str], csv: Path, organisation: Organisation) -> None:
    code, document, progress = run(
        capsys, "orders", str(csv), "--kind", "interactions", "--role", "user=usr", *ROLES[2:]
    )
    assert code == 1
    assert "“usr”" in document["error"]
    assert "Did you mean “user”?" in document["hint"]
    assert "“usr”" in progress
    code, document, _progress = run(capsys, "orders", "file:///etc/passwd", "--kind", "items")
    assert (code, "http://" in document["error"]) == (1, True)
    code, document, _progress = run(capsys, "orders", str(csv), "--kind", "items", "--rules", "/no/such.yaml")
    assert (code, document["where"]) == (1, "/no/such.yaml")
    assert not Dataset.objects.exists()


def test_wrong_usage(csv: Path, organisation: Organisation) -> None:
    for arguments in (
        ["orders", str(csv), "--kind", "things"],
        ["orders", str(csv), "--kind", "items", "--role", "item"],
    ):
        with pytest.raises(CommandError):
            call_command("register_dataset", *arguments)


def test_without_an_organisation_it_says_what_to_run(capsys: pytest.CaptureFixture[str], csv: Path, db: None) -> None:
    code, document, _progress = run(capsys, "orders", str(csv), "--kind", "interactions")
    assert code == 1
    assert "create_organisation" in document["hint"]
