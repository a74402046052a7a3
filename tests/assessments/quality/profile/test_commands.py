"""``profile_dataset`` and ``suggest_rules`` at the command line."""

import json
from collections.abc import Callable

import pytest
from django.core.management import call_command

from assessments.datasets.models import Dataset, Snapshot
from assessments.quality.models import Rule

MakeSnapshot = Callable[..., Snapshot]


def test_profile_dataset(make_snapshot: MakeSnapshot, capsys: pytest.CaptureFixture[str]) -> None:
    make_snapshot({"sku": [f"A{n}" for n in range(30)], "size": [1, 2, None] * 10}, item="sku")
    call_command("profile_dataset", "orders", "--json")
    document = json.loads(capsys.readouterr().out)
    assert (document["dataset"], document["snapshot"], document["rows"]) == ("orders", 1, 30)
    assert document["columns"][1]["null_share"] == pytest.approx(1 / 3)
    call_command("profile_dataset", "orders")
    assert "items: 30, Gini 0.000" in capsys.readouterr().out


def test_suggest_rules_and_accept_all(make_snapshot: MakeSnapshot, capsys: pytest.CaptureFixture[str]) -> None:
    make_snapshot({"sku": [f"A{n:03d}" for n in range(100)]})
    call_command("suggest_rules", "orders", "--json")
    document = json.loads(capsys.readouterr().out)
    assert [one["check"] for one in document["suggestions"]] == ["unique_key", "pattern", "completeness"]
    assert document["accepted"] == []
    call_command("suggest_rules", "orders", "--accept", "all")
    assert "3 suggestions, 3 accepted" in capsys.readouterr().out
    assert Rule.objects.count() == 3


def test_they_explain_what_they_cannot_do(make_snapshot: MakeSnapshot, capsys: pytest.CaptureFixture[str]) -> None:
    snapshot = make_snapshot({"a": [1]})
    owner = snapshot.dataset.organisation
    Dataset.objects.create(organisation=owner, name="empty", kind="items", source_kind="path", source_location="x")
    for command in ("profile_dataset", "suggest_rules"):
        with pytest.raises(SystemExit):
            call_command(command, "empty")
        assert "has no snapshot yet" in capsys.readouterr().err
