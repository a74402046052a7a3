"""Profiles are made once for a snapshot, by themselves for new ones, and compared with the one before."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from assessments.accounts.models import Organisation
from assessments.datasets.models import Column, Snapshot
from assessments.datasets.suggestion import Suggestion
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job
from assessments.quality.models import Profile, RuleSuggestion
from assessments.quality.profile.changes import Change, changes_of
from assessments.quality.profile_selectors import profile_before, snapshots_unprofiled
from assessments.quality.services.profiles import profile_make, roles_known
from assessments.quality.unasked import look_at_new_snapshots

MakeSnapshot = Callable[..., Snapshot]
AT = [datetime(2026, 1, day, tzinfo=UTC).replace(tzinfo=None) for day in (1, 2, 2, 3)]
ROWS: dict[str, Any] = {"who": ["Anna", "Anna", "Bo", None], "what": ["a", "b", "a", "a"], "at": AT, "n": [1, 2, 3, 4]}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.jobs.dispatch.job_enqueue", lambda job: None)
    # The encoder itself is tested where meanings are; here it would only be loaded.
    monkeypatch.setattr("assessments.datasets.services.meanings.suggest_by_likeness", lambda columns, taken: {})


def test_a_profile_is_made_once_and_again_when_asked(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot(ROWS, user="who", item="what", time="at")
    first = profile_make(snapshot=snapshot)
    assert first.content["rows"] == 4
    assert first.content["activity"]["users"]["count"] == 2
    assert first.content["roles"] == {"user": "who", "item": "what", "time": "at"}
    assert "Anna" not in str(first.content)
    assert profile_make(snapshot=snapshot).created_at == first.created_at
    Profile.objects.filter(pk=first.pk).update(content={"version": 0})
    assert profile_make(snapshot=snapshot).content["rows"] == 4
    assert profile_make(snapshot=snapshot, again=True).pk == first.pk


def test_suggested_roles_serve_until_others_are_confirmed(make_snapshot: MakeSnapshot) -> None:
    snapshot = make_snapshot({"a": ["x"], "b": ["y"]}, user="a")
    Column.objects.filter(snapshot=snapshot, name="a").update(suggested_role="item")
    Column.objects.filter(snapshot=snapshot, name="b").update(suggested_role="title")
    assert roles_known(snapshot) == {"user": "a", "title": "b"}


def test_the_encoder_is_asked_only_for_columns_that_are_open(
    make_snapshot: MakeSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def told(columns: Any, *, taken: Any = ()) -> dict[str, Suggestion]:
        asked.extend(column.name for column in columns)
        return {"headword": Suggestion("title", "The name is much like “item name”.", 30)}

    monkeypatch.setattr("assessments.datasets.services.meanings.suggest_by_likeness", told)
    profile_make(snapshot=make_snapshot({"user_id": ["x"], "price": [1.0]}))
    assert asked == []
    snapshot = make_snapshot({"user_id": ["x"], "headword": ["lamp"]}, name="items")
    profile_make(snapshot=snapshot)
    assert asked == ["headword"]
    assert snapshot.columns.get(name="headword").suggested_role == "title"
    asked.clear()
    snapshot = make_snapshot({"user_id": ["x"] * 20, "headword": ["lamp", *[None] * 19]}, name="shapes")
    snapshot.columns.filter(name="headword").update(nulls=19)
    profile_make(snapshot=snapshot)
    assert asked == []


def test_the_job_makes_the_profile_and_then_has_rules_suggested(
    make_snapshot: MakeSnapshot, organisation: Organisation
) -> None:
    snapshot = make_snapshot({"code": [f"A{n:03d}" for n in range(200)]})
    arguments = {"organisation": organisation, "subject": "x", "parameters": {"snapshot_id": snapshot.pk}}
    done = job_run_here(kind="quality.profile", **arguments)
    assert done.state == Job.State.SUCCEEDED
    follower = Job.objects.get(kind="quality.suggest")
    assert follower.parameters == {"snapshot_id": snapshot.pk}
    done = job_run_here(kind="quality.suggest", **arguments)
    assert done.result["suggestions"] == RuleSuggestion.objects.filter(snapshot=snapshot).count() > 0


def test_each_new_snapshot_is_looked_at_once(make_snapshot: MakeSnapshot) -> None:
    old, new = make_snapshot(ROWS), make_snapshot(ROWS)
    assert snapshots_unprofiled(limit=5) == [new]
    assert look_at_new_snapshots() == 1
    assert look_at_new_snapshots() == 0
    assert Job.objects.get(kind="quality.profile").parameters == {"snapshot_id": new.pk}
    other = make_snapshot(ROWS, name="others")
    profile_make(snapshot=other)
    assert snapshots_unprofiled(limit=5) == []
    Snapshot.objects.filter(pk=old.pk).update(in_place=True)
    profile_make(snapshot=new)
    assert profile_before(new) is None


def test_changes_from_one_profile_to_the_next(make_snapshot: MakeSnapshot) -> None:
    before = profile_make(
        snapshot=make_snapshot(
            {"same": [1, 2, 3, 4], "nulls": [1, 2, 3, 4], "mean": [1.0, 2, 3, 4], "gone": [1] * 4, "kind": ["1"] * 4}
        )
    )
    now = profile_make(
        snapshot=make_snapshot(
            {"same": [4, 3, 2, 1], "nulls": [1, 2, 3, None], "mean": [2.0, 3, 4, 5], "kind": [1] * 4, "new": [1] * 4}
        )
    )
    assert profile_before(now.snapshot) == before
    assert changes_of(before.content, now.content) == [
        Change("nulls", "nulls", 0.0, 0.25),
        Change("nulls", "mean", 2.5, 2.0),
        Change("nulls", "distinct", 4, 3),
        Change("mean", "mean", 2.5, 3.5),
        Change("kind", "type", "text", "integer"),
        Change("new", "added", None, "integer"),
        Change("gone", "gone", "integer"),
    ]
