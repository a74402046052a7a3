"""Work that starts by itself for each new snapshot: first the search for personal data, then the profile and, with it,
the suggestions."""

from typing import Any

from django.db import transaction

from assessments.datasets.models import Snapshot
from assessments.jobs.dispatch import job_start
from assessments.jobs.models import Job
from assessments.jobs.rounds import every_round
from assessments.jobs.selectors import jobs_waiting_unasked
from assessments.quality.personal_data.looked import SEARCH, is_searched, snapshots_to_search
from assessments.quality.profile_selectors import profile_for, snapshots_unprofiled

LOOK, SUGGEST = "quality.profile", "quality.suggest"
MOST_WAITING = 5


@every_round("quality.searches")
def search_new_snapshots() -> int:
    """Have each new snapshot searched for personal data."""
    return sum(_start_once(SEARCH, snapshot, automatic=True) for snapshot in snapshots_to_search(_room()))


@every_round("quality.profiles")
def look_at_new_snapshots() -> int:
    """Have each new snapshot looked at whose search has ended, well or badly."""
    return sum(_start_once(LOOK, snapshot) for snapshot in snapshots_unprofiled(_room()))


def look_after_search(snapshot: Snapshot) -> None:
    """Look at a snapshot that was searched; again where texts are masked because nobody had searched them before."""
    if snapshot.in_place or not is_searched(snapshot):
        return
    profile = profile_for(snapshot)
    if profile is None:
        _start_once(LOOK, snapshot)
    elif profile.content.get("unsearched"):
        _start(LOOK, snapshot, again=True)


def _room() -> int:
    """How much may be started now: what people start shall not wait behind a long row of what nobody asked for."""
    return max(0, MOST_WAITING - jobs_waiting_unasked((SEARCH, LOOK, SUGGEST)))


def _start_once(kind: str, snapshot: Snapshot, **parameters: Any) -> bool:
    """Whether it was started: not where such a job is there by now, since several processes make the rounds."""
    with transaction.atomic():
        Snapshot.objects.select_for_update().get(pk=snapshot.pk)
        if Job.objects.filter(kind=kind, parameters__snapshot_id=snapshot.pk).exists():
            return False
        _start(kind, snapshot, **parameters)
    return True


def _start(kind: str, snapshot: Snapshot, **parameters: Any) -> None:
    job_start(
        organisation=snapshot.dataset.organisation,
        kind=kind,
        subject=snapshot.dataset.name,
        parameters={"snapshot_id": snapshot.pk, **parameters},
    )
