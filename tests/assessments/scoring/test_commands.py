"""The commands: one JSON document, honest exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from shop import PERIOD, Shop

from assessments.scoring.canonical import canonical
from assessments.scoring.models import Assessment

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, Any], int]:
    """The command's document and its exit code."""
    code = 0
    try:
        call_command(*arguments, "--json")
    except SystemExit as end:
        code = int(end.code or 0)
    return json.loads(capsys.readouterr().out), code


@pytest.fixture
def exported(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    found, _ = run(capsys, "assess", "--period", PERIOD, "--publish")
    run(capsys, "export_assessment", str(found["assessment"]), "--output", str(tmp_path / "a.json"))
    return tmp_path / "a.json"


def test_assess_prints_the_score_and_its_parts(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    found, code = run(capsys, "assess", "--organisation", shop.organisation.slug, "--period", PERIOD, "--publish")
    row = Assessment.objects.get(pk=found["assessment"])
    assert (code, found["seal"], found["score"], found["level"]) == (0, row.seal, row.score, row.level)
    assert found["low"] <= found["score"] <= found["high"]
    assert set(found["pillars"]) == {"maturity", "data", "recommender"}
    assert found["pillars"]["maturity"]["value"] == pytest.approx(50)


def test_publishing_nothing_fails_with_a_reason(organisation: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found, code = run(capsys, "assess", "--publish")
    assert (code, "Nothing is known" in found["error"]) == (1, True)


def test_an_export_verifies_by_file_and_by_number(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(Assessment.objects.get().pk)
    for asked in (str(exported), number):
        found, code = run(capsys, "verify_assessment", asked)
        assert (found["valid"], found["code"], code) == (True, "valid", 0)


def test_the_export_is_the_same_twice_and_canonical(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = exported.with_name("b.json")
    run(capsys, "export_assessment", str(Assessment.objects.get().pk), "--output", str(again))
    assert again.read_bytes() == exported.read_bytes()
    assert canonical(json.loads(exported.read_bytes())) == exported.read_bytes()


def test_a_file_is_verified_without_the_database(
    exported: Path, capsys: pytest.CaptureFixture[str], django_assert_num_queries: Any
) -> None:
    """An auditor has the file and the program, and a database that was never migrated or none."""
    with django_assert_num_queries(0):
        assert run(capsys, "verify_assessment", str(exported))[1] == 0


def test_a_changed_digit_is_refused_by_name(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(exported.read_bytes())
    document["result"]["score"] += 1
    exported.write_bytes(canonical(document))
    found, code = run(capsys, "verify_assessment", str(exported))
    assert (found["valid"], found["code"], found["where"], code) == (False, "node", "result.score", 1)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"a":NaN}', b'{"a":1,"a":2}', b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_assessment_is_refused(
    tmp_path: Path, text: bytes, capsys: pytest.CaptureFixture[str], db: None
) -> None:
    (tmp_path / "x.json").write_bytes(text)
    found, code = run(capsys, "verify_assessment", str(tmp_path / "x.json"))
    assert (found["valid"], found["code"], code) == (False, "structure", 1)


@pytest.mark.parametrize("asked", ["4711", "nowhere.json"])
def test_what_is_not_there_fails_with_a_reason(asked: str, capsys: pytest.CaptureFixture[str], db: None) -> None:
    found, code = run(capsys, "verify_assessment", asked)
    assert (code, bool(found["error"])) == (1, True)


def test_a_file_that_cannot_be_written_is_explained(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(exported.parent / "no" / "such" / "folder.json")
    found, code = run(capsys, "export_assessment", str(Assessment.objects.get().pk), "--output", target)
    assert (code, found["where"]) == (1, target)


def test_scoring_models_load_twice_without_change(capsys: pytest.CaptureFixture[str], db: None) -> None:
    first, second = (run(capsys, "load_scoring_models") for _ in range(2))
    assert first == second
    assert first[0]["models"][0]["id"] == "governance"
