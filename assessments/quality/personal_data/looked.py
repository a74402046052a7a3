"""Which snapshots a search has been through, and what of the others is better not shown."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, QuerySet

from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.datasets.selectors import roles_of, snapshot_latest
from assessments.jobs.models import Job
from assessments.quality.models import PersonalDataScan, QualityRun
from assessments.quality.personal_data.judging import NEVER_ROLES

SEARCH = "quality.personal_data"
State = PersonalDataScan.State
# Numbers and times name nobody by themselves; long numbers are masked wherever they stand.
IMPOSSIBLE = ("int", "uint", "float", "double", "decimal", "number", "bool", "date", "time", "halffloat")


def is_searched(snapshot: Snapshot) -> bool:
    return PersonalDataScan.objects.filter(snapshot=snapshot, state=State.SUCCEEDED).exists()


def search_ended_badly(snapshot: Snapshot, *, but: int | None = None) -> bool:
    """Whether a search of the snapshot failed or was cancelled, so that other work does not try again.

    A search that the job ``but`` itself began is left out: its worker was shut down in it.
    """
    ended = Job.objects.filter(kind=SEARCH, parameters__snapshot_id=snapshot.pk)
    failed = PersonalDataScan.objects.filter(snapshot=snapshot, state=State.FAILED)
    if but is not None:
        failed = failed.exclude(job_id=but)
    return failed.exists() or ended.filter(state__in=[Job.State.FAILED, Job.State.CANCELLED]).exists()


def columns_unsearched(snapshot: Snapshot, roles: Mapping[str, str] | None = None) -> frozenset[str]:
    """The columns that may be about people for all that anybody knows: no search has looked, and neither their type nor
    their role says otherwise.

    Of a table that stays in its database, a search of an earlier look serves for the columns that it saw.
    """
    if is_searched(snapshot):
        return frozenset()
    known = roles_of(snapshot) if roles is None else roles
    harmless = {column for role, column in known.items() if role in NEVER_ROLES}
    seen = _seen_in_place(snapshot) if snapshot.in_place else set()
    columns = Column.objects.filter(snapshot=snapshot).values_list("name", "type")
    return frozenset(
        name
        for name, kind in columns
        if name not in harmless and (name, kind) not in seen and not kind.startswith(IMPOSSIBLE)
    )


def columns_known(dataset: Dataset) -> frozenset[str]:
    """The columns that some search of the dataset has been through, or that by type or role need none today."""
    searched = PersonalDataScan.objects.filter(snapshot__dataset=dataset, state=State.SUCCEEDED).values("snapshot")
    known = set(Column.objects.filter(snapshot__in=searched).values_list("name", flat=True))
    newest = snapshot_latest(dataset)
    if newest is not None:
        known |= set(newest.columns.values_list("name", flat=True)) - columns_unsearched(newest)
    return frozenset(known)


def run_before_search(run: QualityRun) -> bool:
    """Whether texts in the rows that the run kept were masked because nobody had searched them yet."""
    searches = PersonalDataScan.objects.filter(snapshot=run.snapshot, state=State.SUCCEEDED)
    ended = list(searches.values_list("finished_at", flat=True))
    if not ended:
        return bool(columns_unsearched(run.snapshot))
    first = min((at for at in ended if at is not None), default=None)
    return first is not None and run.finished_at is not None and run.finished_at < first


def newest_snapshots() -> QuerySet[Snapshot]:
    """The newest snapshot of each dataset of whatever organisation, the last made first.

    Tables that stay in their database are left out: their owner decides when they are read as a whole.
    """
    later = Snapshot.objects.filter(dataset=OuterRef("dataset"), number__gt=OuterRef("number"))
    newest = Snapshot.objects.filter(~Exists(later), in_place=False)
    return newest.select_related("dataset__organisation").order_by("-pk")


def snapshots_to_search(limit: int) -> list[Snapshot]:
    """The newest snapshots that no search has been through and for which none was asked."""
    searched = PersonalDataScan.objects.filter(snapshot=OuterRef("pk"), state=State.SUCCEEDED)
    waiting = list(newest_snapshots().filter(~Exists(searched)))
    asked = jobs_for(SEARCH, waiting)
    return [snapshot for snapshot in waiting if snapshot.pk not in asked][:limit]


def jobs_for(kind: str, snapshots: list[Snapshot], *, under_way: bool = False) -> set[int]:
    """Those of the snapshots that have a job of the kind, or with ``under_way`` one that has not ended."""
    jobs = Job.objects.filter(kind=kind, parameters__snapshot_id__in=[snapshot.pk for snapshot in snapshots])
    if under_way:
        jobs = jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return set(jobs.values_list("parameters__snapshot_id", flat=True))


def _seen_in_place(snapshot: Snapshot) -> set[tuple[str, str]]:
    looked = PersonalDataScan.objects.filter(
        snapshot__dataset=snapshot.dataset_id, snapshot__in_place=True, state=State.SUCCEEDED
    )
    columns = Column.objects.filter(snapshot__in=looked.values("snapshot"))
    return set(columns.values_list("name", "type"))
