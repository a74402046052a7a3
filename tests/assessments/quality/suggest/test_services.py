"""Suggested rules are kept, accepted and declined one by one, and not proposed again."""

from collections.abc import Callable
from typing import Any

import pytest

from assessments.accounts.models import AuditEvent, User
from assessments.common.errors import ConflictError
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.quality.models import Rule, RuleSuggestion
from assessments.quality.services import quality_run_execute
from assessments.quality.services.suggestions import (
    suggestion_accept,
    suggestion_decline,
    suggestions_accept,
    suggestions_make,
)

MakeSnapshot = Callable[..., Snapshot]
State = RuleSuggestion.State


def shop(wrong: int = 3) -> dict[str, Any]:
    return {
        "sku": [f"S{number % 50:03d}" for number in range(500)],
        "kind": ["shoes", "shirts", "hats", "bags"] * 125,
        "size": ["N/A"] * wrong + [f"{number % 40}" for number in range(500 - wrong)],
    }


def named(snapshot: Snapshot, check: str) -> RuleSuggestion:
    return RuleSuggestion.objects.get(snapshot=snapshot, check_name=check)


@pytest.mark.django_db
def test_a_suggestion_says_what_it_flags_and_the_rule_then_flags_as_much(
    make_snapshot: MakeSnapshot, members: dict[str, User]
) -> None:
    snapshot = make_snapshot(shop())
    suggestions_make(snapshot=snapshot)
    found = named(snapshot, "disguised_missing")
    assert (found.columns, found.parameters, found.rows_flagged, found.share) == (
        ["size"],
        {"values": ["N/A"]},
        3,
        3 / 500,
    )
    assert found.repair == {"repair": "missing_to_null", "columns": ["size"], "parameters": {"values": ["N/A"]}}
    rule = suggestion_accept(suggestion=found, user=members["steward"])
    found.refresh_from_db()
    assert (found.state, found.rule, found.decided_by) == (State.ACCEPTED, rule, members["steward"])
    run = quality_run_execute(snapshot=snapshot)
    assert run.results.get(rule=rule).rows_failing == 3
    event = AuditEvent.objects.get(action="suggestion.accept")
    assert (event.actor, event.detail["rows flagged"]) == (members["steward"], 3)


@pytest.mark.django_db
def test_declined_and_accepted_rules_are_not_proposed_again(make_snapshot: MakeSnapshot) -> None:
    first = make_snapshot(shop())
    suggestions_make(snapshot=first)
    suggestion_decline(suggestion=named(first, "disguised_missing"))
    suggestion_accept(suggestion=named(first, "completeness"))
    second = make_snapshot(shop(wrong=9))
    told = suggestions_make(snapshot=second)
    assert {one.check_name for one in told}.isdisjoint({"disguised_missing", "completeness"})
    assert told
    # The open ones of the snapshot before are taken back, the decided ones stay.
    assert set(RuleSuggestion.objects.filter(snapshot=first).values_list("state", flat=True)) == {
        "accepted",
        "declined",
    }
    again = {one.name for one in suggestions_make(snapshot=second)}
    assert again == {one.name for one in told}


@pytest.mark.django_db
def test_a_decision_is_made_once(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot(shop())
    one, *others = suggestions_make(snapshot=snapshot)
    suggestion_accept(suggestion=one)
    with pytest.raises(ConflictError):
        suggestion_decline(suggestion=one)
    with pytest.raises(ConflictError):
        suggestions_accept(suggestions=[*others, one])
    assert Rule.objects.count() == 1  # all or none
    assert len(suggestions_accept(suggestions=others)) == len(others)


@pytest.mark.django_db
def test_a_rule_of_the_same_name_gets_a_number(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot(shop())
    one = suggestions_make(snapshot=snapshot)[0]
    Rule.objects.create(dataset=snapshot.dataset, name=one.name, check_name="volume")
    assert suggestion_accept(suggestion=one).name == f"{one.name} (2)"


@pytest.mark.django_db
def test_references_to_other_datasets(make_snapshot: MakeSnapshot, other_organisation: Any) -> None:
    items = {"sku": [f"S{number:03d}" for number in range(49)], "title": ["t"] * 49}
    for owner in (None, other_organisation):
        listed = make_snapshot(items, name="items" if owner is None else "secret items", owner=owner, item="sku")
        Dataset.objects.filter(pk=listed.dataset_id).update(kind="items")
        Column.objects.filter(snapshot=listed).update(type="text")
    snapshot = make_snapshot(shop(), item="sku")
    suggestions_make(snapshot=snapshot)
    found = named(snapshot, "reference")
    assert found.parameters == {"dataset": "items", "columns": ["sku"]}
    assert found.rows_flagged == 10  # S049 in 10 of 500 rows
    assert found.repair["repair"] == "drop_orphans"
