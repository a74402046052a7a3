"""Filters find rows of the asker's organisation, and tell nothing of any other."""

from types import SimpleNamespace
from typing import Any

import pytest

BASE = "/api/v1"
BY_ROW = [
    ("snapshots", "dataset", "dataset"),
    ("rules", "dataset", "dataset"),
    ("findings", "dataset", "dataset"),
    ("findings", "rule", "rule"),
    ("quality-runs", "snapshot", "snapshot"),
    ("quality-runs", "snapshot__dataset", "dataset"),
    ("training-runs", "dataset", "dataset"),
    ("training-runs", "snapshot", "snapshot"),
]


@pytest.mark.parametrize(("address", "filter_name", "row"), BY_ROW)
def test_a_row_of_another_organisation_is_like_one_that_nobody_has(
    client_as: Any, world: SimpleNamespace, address: str, filter_name: str, row: str
) -> None:
    there = getattr(world, row).pk
    ask = {name: client_as(name).get for name in ("viewer", "outsider")}
    assert ask["viewer"](f"{BASE}/{address}/?{filter_name}={there}").json()["count"] == 1
    theirs, nobodys = (ask["outsider"](f"{BASE}/{address}/?{filter_name}={pk}") for pk in (there, 987_654))
    assert theirs.status_code == nobodys.status_code == 200
    assert theirs.json() == nobodys.json()
    assert theirs.json()["count"] == 0


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "9" * 30, "9" * 5000, "\0"])
def test_what_is_no_number_of_a_row_is_refused(client_as: Any, world: SimpleNamespace, value: str) -> None:
    answer = client_as("viewer").get(f"{BASE}/rules/", {"dataset": value})
    assert (answer.status_code, answer.json()["where"]) == (400, "dataset")
