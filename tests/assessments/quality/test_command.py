"""``check_quality`` at the command line."""

import json
from collections.abc import Callable

import pytest
from django.core.management import call_command

from assessments.datasets.models import Dataset, Snapshot
from assessments.quality.checks.document import documentation
from assessments.quality.checks.registry import all_checks
from assessments.quality.services import rules_load

RULES = [
    {"name": "price", "check": "range", "columns": ["price"], "parameters": {"min": 0}},
    {"name": "gone", "check": "completeness", "columns": ["prise"]},
]


def test_it_prints_one_document(make_snapshot: Callable[..., Snapshot], capsys: pytest.CaptureFixture[str]) -> None:
    snapshot = make_snapshot({"price": [1.0, -1.0]})
    rules_load(dataset=snapshot.dataset, pack={"rules": RULES})
    call_command("check_quality", "orders", "--json")
    document = json.loads(capsys.readouterr().out)
    assert (document["dataset"], document["snapshot"], document["rows"]) == ("orders", 1, 2)
    price, gone = document["results"]
    assert price["rule"] == "price"
    assert (price["rows_checked"], price["rows_failing"], price["fraction"], price["passed"]) == (2, 1, 0.5, False)
    assert gone["passed"] is None
    assert "Did you mean “price”" in gone["error"]
    call_command("check_quality", "orders")
    assert "1 of 2 rows fail" in capsys.readouterr().out


def test_it_explains_what_it_cannot_do(
    make_snapshot: Callable[..., Snapshot], capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = make_snapshot({"price": [1.0]})
    Dataset.objects.create(
        organisation=snapshot.dataset.organisation, name="empty", kind="items", source_kind="path", source_location="x"
    )
    for name, words in (("orders", "no rules"), ("absent", "no dataset"), ("empty", "no snapshot")):
        with pytest.raises(SystemExit) as exit_of:
            call_command("check_quality", name, "--json")
        assert exit_of.value.code == 1
        assert words in json.loads(capsys.readouterr().out)["error"]


def test_each_check_and_parameter_is_documented() -> None:
    text = documentation()
    for check in all_checks():
        assert f"## {check.name}\n" in text
        for parameter in check.parameters:
            assert f"| `{parameter.name}` |" in text
            assert str(parameter.help)
