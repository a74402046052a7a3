"""Every command: one JSON document out, progress on standard error, exit codes 0, 1 and 2."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from assessments.common import command as module
from assessments.common.command import GovernCommand, json_text
from assessments.common.errors import GovernError

ROOT = Path(__file__).resolve().parents[3]


class Sample(GovernCommand):
    document: dict[str, Any] = {"name": "商品", "value": float("nan"), "nested": {"high": [float("inf"), 1.5]}}
    error: BaseException | None = None

    def run(self, **options: Any) -> dict[str, Any]:
        for step in range(100):
            self.progress(step / 100, "working")
        self.progress(1.0, "working")
        if self.error:
            raise self.error
        return self.document


@pytest.fixture
def outputs() -> tuple[io.StringIO, io.StringIO]:
    return io.StringIO(), io.StringIO()


@pytest.mark.django_db
def test_one_json_document_goes_out_and_progress_beside_it(outputs: tuple[io.StringIO, io.StringIO]) -> None:
    out, err = outputs
    call_command(Sample(), "--json", stdout=out, stderr=err)
    assert json.loads(out.getvalue()) == {"name": "商品", "value": None, "nested": {"high": [None, 1.5]}}
    assert err.getvalue().splitlines() == ["  0% working", "100% working"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (GovernError("No such file.", where="a.csv", hint="Check the name."), "No such file. (a.csv) Check the name."),
        (KeyboardInterrupt(), "Stopped before the end."),
    ],
)
def test_an_explained_failure_exits_with_one(
    error: BaseException, message: str, outputs: tuple[io.StringIO, io.StringIO]
) -> None:
    out, err = outputs
    sample = Sample()
    sample.error = error
    with pytest.raises(SystemExit) as ended:
        call_command(sample, "--json", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["error"] == getattr(error, "message", "Stopped before the end.")
    assert err.getvalue().splitlines()[-1] == message


@pytest.mark.django_db
def test_what_is_found_invalid_exits_with_one(outputs: tuple[io.StringIO, io.StringIO]) -> None:
    sample = Sample()
    sample.document = {"valid": False, "reason": "changed"}
    with pytest.raises(SystemExit) as ended:
        call_command(sample, stdout=outputs[0], stderr=outputs[1])
    assert ended.value.code == 1
    assert outputs[0].getvalue().splitlines() == ["valid: False", "reason: changed"]


def test_json_is_readable_by_every_parser() -> None:
    assert json_text({1: (float("-inf"), True, None)}) == '{"1": [null, true, null]}'


def serve(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GOVERN_")} | {"GOVERN_HOME": str(home)}
    command = [sys.executable, "manage.py", "serve", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_database_that_is_not_migrated_is_said_and_left_alone(tmp_path: Path) -> None:
    done = serve(tmp_path, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["hint"] == "Run: python manage.py migrate"
    assert "Traceback" not in done.stderr


def test_wrong_usage_exits_with_two(tmp_path: Path) -> None:
    done = serve(tmp_path, "--port", "many")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--port" in done.stderr


def test_a_database_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(connection: object) -> None:
        raise module.OperationalError("unable to open database file")

    monkeypatch.setattr(module, "MigrationExecutor", refuse)
    with pytest.raises(GovernError, match="does not answer"):
        module.require_migrated()
