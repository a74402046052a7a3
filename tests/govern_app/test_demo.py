"""The demonstration on a small shop: planted defects are found, two periods published, a second call does nothing."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.accounts.models import Organisation, User
from assessments.jobs.models import Job
from assessments.scoring.models import Assessment
from assessments.scoring.seal import verify
from govern_app.demo.shop import RULE_OF, period_of
from ml.data.defects import RECIPES


def demo() -> dict:
    out = io.StringIO()
    call_command("demo", no_serve=True, users=300, items=120, json=True, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


@pytest.mark.django_db(transaction=True)
def test_demo_publishes_two_periods_and_counts_every_planted_defect(home: Path) -> None:
    document = demo()

    earlier, later = document["assessments"]
    for entry in (earlier, later):
        assert all(found["planted"] == found["found"] for found in entry["defects"].values()), entry["defects"]
        assert entry["low"] <= entry["score"] <= entry["high"]
    assert len(earlier["defects"]) == len(RECIPES)
    published = Assessment.objects.filter(state=Assessment.State.PUBLISHED).order_by("published_at")
    assert [a.pk for a in published] == [earlier["assessment"], later["assessment"]]
    assert published[1].previous_seal == published[0].seal
    assert all(verify(a.document).valid for a in published)
    assert {job.state for job in Job.objects.all()} == {Job.State.SUCCEEDED}

    organisation = Organisation.objects.get()
    assert {q.submitted_at is not None for q in organisation.questionnaires.all()} == {True}
    samples = [answer.sample for q in organisation.questionnaires.all() for answer in q.answers.all()]
    assert len(samples) == 2 * 2 * 28
    assert all(samples)

    assert User.objects.get(username="demo").check_password(document["password"])
    assert (home / "demo_password").stat().st_mode & 0o077 == 0
    assert demo()["assessments"] == document["assessments"]
    assert Assessment.objects.count() == 2


def test_every_planted_defect_has_a_rule_that_counts_it() -> None:
    assert set(RULE_OF) == set(RECIPES)


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (9, 3), (10, 4), (12, 4)])
def test_period_is_the_quarter(month: int, quarter: int) -> None:
    assert period_of(datetime(2026, month, 15, tzinfo=UTC)) == f"2026-Q{quarter}"
