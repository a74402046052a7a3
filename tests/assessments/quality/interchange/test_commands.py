"""``export_dataset`` and ``import_rules`` at the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.datasets.models import Snapshot
from assessments.quality.models import Rule
from assessments.quality.services import rule_save


def test_rules_travel_through_a_file(
    make_snapshot: Callable[..., Snapshot], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = make_snapshot({"price": [1.0]}).dataset
    second = make_snapshot({"price": [1.0]}, name="other").dataset
    rule_save(dataset=first, name="price", check="range", columns=["price"], parameters={"min": 0})
    file = tmp_path / "contract.yaml"
    call_command("export_dataset", "orders", "contract.odcs.yaml", "--out", str(file))
    assert "written to" in capsys.readouterr().out
    call_command("import_rules", "other", str(file))
    assert capsys.readouterr().out == "rule: price\n"
    assert Rule.objects.get(dataset=second).parameters == {"min": 0}
    call_command("export_dataset", "other", "rules.yaml")
    assert capsys.readouterr().out.startswith("rules:\n- name: price\n")


def test_what_cannot_be_done_is_explained(
    make_snapshot: Callable[..., Snapshot], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_snapshot({"price": [1.0]})
    for arguments, words in (
        (["export_dataset", "orders", "results.csv"], "not been checked yet"),
        (["import_rules", "orders", str(tmp_path / "gone.yaml")], "cannot be read"),
    ):
        with pytest.raises(SystemExit) as exit_of:
            call_command(*arguments, "--json")
        assert exit_of.value.code == 1
        assert words in json.loads(capsys.readouterr().out)["error"]
