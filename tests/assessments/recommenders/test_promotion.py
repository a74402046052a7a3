"""Which run is in use for a dataset: one at a time, by whom, why, and what spoke against it."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction

from assessments.accounts.models import AuditEvent, User
from assessments.common.errors import ConflictError, GovernError, NotFoundError
from assessments.datasets.models import Dataset
from assessments.recommenders.models import Promotion, TrainingRun
from assessments.recommenders.promotions import promotion_of, promotions_of, warnings_of
from assessments.recommenders.services import run_promote

Finished = Callable[..., TrainingRun]
HIGH, LOW = [0.5, 0.6, 0.7], [0.1, 0.2, 0.3]


def test_a_better_run_takes_the_place_of_the_one_before(
    dataset: Dataset, finished: Finished, members: dict[str, User]
) -> None:
    first, second = finished(dataset, ndcg=LOW), finished(dataset, ndcg=HIGH)
    old = run_promote(run=first, user=members["steward"])
    new = run_promote(run=second, user=members["administrator"], reason="Better for newcomers.")
    old.refresh_from_db()
    assert old.ended_at is not None
    assert new.ended_at is None
    assert (new.warnings, new.bundle_digest, new.promoted_by) == ([], second.bundle.digest, members["administrator"])
    assert promotion_of(dataset) == new
    assert list(promotions_of(dataset.organisation)) == [new, old]
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.action, event.actor) == ("recommender.promote", members["administrator"])
    assert event.detail == {
        "run": second.pk,
        "dataset": dataset.pk,
        "bundle": second.bundle.digest,
        "before": first.pk,
        "warnings": [],
        "reason": "Better for newcomers.",
    }


@pytest.mark.parametrize(
    ("first", "changes", "expected"),
    [
        (None, {}, []),
        (None, {"low": 0.0}, ["not_better_than_recent"]),
        (None, {"low": -0.01}, ["not_better_than_recent"]),
        (None, {"comparisons": []}, ["not_compared_with_recent"]),
        (LOW, {"ndcg": HIGH}, []),
        (HIGH, {"ndcg": LOW}, ["worse_than_promoted"]),
        (HIGH, {"ndcg": [0.9, 0.1, 0.7]}, []),
        (HIGH, {"protocol_digest": "e" * 64}, ["other_protocol"]),
        (HIGH, {"ndcg": [0.5, 0.6]}, ["not_compared_with_promoted"]),
        (HIGH, {"ndcg": LOW, "low": -0.5}, ["not_better_than_recent", "worse_than_promoted"]),
    ],
)
def test_what_speaks_against_a_run_is_said_and_asks_for_a_reason(
    first: list[float] | None,
    changes: dict[str, Any],
    expected: list[str],
    dataset: Dataset,
    finished: Finished,
) -> None:
    if first is not None:
        run_promote(run=finished(dataset, ndcg=first), user=None)
    run = finished(dataset, **changes)
    before = promotion_of(dataset)
    assert warnings_of(run, before) == expected
    if expected:
        with pytest.raises(GovernError) as caught:
            run_promote(run=run, user=None, reason="  ")
        assert caught.value.where == "reason"
        assert promotion_of(dataset) == before
        assert not AuditEvent.objects.filter(detail__run=run.pk).exists()
    made = run_promote(run=run, user=None, reason="The others cannot be served.")
    assert made.warnings == expected


def test_a_run_without_results_or_without_its_files_is_refused(dataset: Dataset, finished: Finished) -> None:
    failed, torn, whole = finished(dataset, state="failed"), finished(dataset), finished(dataset)
    for path in (Path(settings.MEDIA_ROOT) / torn.bundle.storage_key).iterdir():
        path.unlink()
    with pytest.raises(GovernError, match="succeeded"):
        run_promote(run=failed, user=None, reason="x")
    with pytest.raises(NotFoundError, match="is not there"):
        run_promote(run=torn, user=None, reason="x")
    run_promote(run=whole, user=None)
    with pytest.raises(ConflictError, match="in use already"):
        run_promote(run=whole, user=None, reason="x")
    assert Promotion.objects.count() == 1


def test_the_database_itself_allows_one_run_in_use_for_a_dataset(dataset: Dataset, finished: Finished) -> None:
    run_promote(run=finished(dataset), user=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promotion.objects.create(dataset=dataset, run=finished(dataset), bundle_digest="a" * 64)


def test_the_command_promotes_and_explains(dataset: Dataset, finished: Finished) -> None:
    def promote(*arguments: str) -> tuple[int, dict[str, Any]]:
        out = StringIO()
        try:
            call_command("promote_recommender", *arguments, "--json", stdout=out, stderr=StringIO())
        except SystemExit as end:
            return int(end.code or 0), json.loads(out.getvalue())
        return 0, json.loads(out.getvalue())

    weak = finished(dataset, low=-0.1)
    code, said = promote(str(weak.pk))
    assert (code, said["where"]) == (1, "reason")
    code, said = promote(str(weak.pk), "--reason", "A pilot.")
    assert (code, said["run"], said["warnings"]) == (0, weak.pk, ["not_better_than_recent"])
    assert promote("999999")[0] == 1
