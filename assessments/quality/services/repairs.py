"""Repairing a snapshot: first previewed, then made into a new snapshot of the same dataset, never in place."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import dataset_by_name, roles_of, snapshot_latest, snapshot_path
from assessments.datasets.services.snapshots import snapshot_store
from assessments.datasets.storage import StagedTable
from assessments.quality.models import Finding, RepairRun
from assessments.quality.personal_data.selectors import masked_columns
from assessments.quality.repairs import Step, repair_named, steps_read
from assessments.quality.repairs.execution import StepOutcome, Surroundings, steps_done
from assessments.quality.services.opening import scan_limits

Given = Sequence[Mapping[str, Any] | Step]


def repair_preview(
    *,
    snapshot: Snapshot,
    steps: Given,
    finding: Finding | None = None,
    user: User | None = None,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> RepairRun:
    """Do the repairs on the whole table, keep what they would change, and throw the result away.

    A job that runs again returns its own preview.
    """
    known = RepairRun.objects.filter(job_id=job_id).first() if job_id is not None else None
    if known is not None:
        return known
    read = steps_read(steps)
    with _repaired(snapshot, read, progress) as (staged, outcomes), fence():
        return RepairRun.objects.create(
            snapshot=snapshot,
            finding=finding,
            job_id=job_id,
            steps=[step.document() for step in read],
            preview=_preview(staged, outcomes),
            created_by=user,
        )


def repair_make(
    *,
    run: RepairRun,
    force: bool = False,
    user: User | None = None,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> RepairRun:
    """Make the previewed repairs into a new snapshot; a run that is made already is returned as it is.

    ``force`` allows a result without rows. Raises GovernError when nothing would change.
    """
    run = RepairRun.objects.select_related("snapshot__dataset__organisation").get(pk=run.pk)
    if run.state == RepairRun.State.MADE:
        return run
    with _repaired(run.snapshot, steps_read(run.steps), progress) as (staged, outcomes):
        _refuse_needless(run.snapshot, staged, outcomes, force)
        with fence():
            locked = RepairRun.objects.select_for_update().get(pk=run.pk)
            if locked.state == RepairRun.State.MADE:
                raise ConflictError(_("These repairs were made meanwhile."), hint=_("Look at the newest snapshot."))
            run.result = _store(run.snapshot, staged, outcomes, user)
            run.state, run.made_at = RepairRun.State.MADE, timezone.now()
            run.preview = _preview(staged, outcomes)
            run.job_id = job_id if job_id is not None else run.job_id
            run.save(update_fields=["result", "state", "made_at", "preview", "job"])
    return run


def repair_execute(
    *,
    snapshot: Snapshot,
    steps: Given,
    finding: Finding | None = None,
    force: bool = False,
    user: User | None = None,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> RepairRun:
    """Make the repairs at once, without a preview. A job that runs again returns what it has made."""
    known = RepairRun.objects.filter(job_id=job_id).first() if job_id is not None else None
    if known is not None:
        return known
    read = steps_read(steps)
    with _repaired(snapshot, read, progress) as (staged, outcomes):
        _refuse_needless(snapshot, staged, outcomes, force)
        with fence():
            return RepairRun.objects.create(
                snapshot=snapshot,
                finding=finding,
                job_id=job_id,
                steps=[step.document() for step in read],
                preview=_preview(staged, outcomes),
                result=_store(snapshot, staged, outcomes, user),
                state=RepairRun.State.MADE,
                created_by=user,
                made_at=timezone.now(),
            )


@transaction.atomic
def repair_discard(*, run: RepairRun, user: User | None = None) -> None:
    """Throw a preview away; repairs that were made stay, since a snapshot's lineage refers to them."""
    locked = RepairRun.objects.select_for_update().get(pk=run.pk)
    if locked.state == RepairRun.State.MADE:
        raise ConflictError(_("These repairs are made; their snapshot stays."), hint=_("Go back by using its parent."))
    locked.delete()


def pseudonym_key(organisation: Organisation) -> bytes:
    """The 32 bytes with which this organisation's pseudonyms are made: derived anew each time, stored nowhere.

    From GOVERN_PSEUDONYM_KEY, else from GOVERN_SECRET_KEY, so that who changes that key changes all pseudonyms.
    """
    master = settings.PSEUDONYM_KEY or settings.SECRET_KEY
    return hmac.new(master.encode(), f"govern pseudonyms {organisation.pk}".encode(), hashlib.sha256).digest()


@contextmanager
def _repaired(
    snapshot: Snapshot, steps: Sequence[Step], progress: Progress
) -> Iterator[tuple[StagedTable, list[StepOutcome]]]:
    organisation = snapshot.dataset.organisation
    around = Surroundings(
        others=_others(snapshot, steps),
        roles=roles_of(snapshot),
        masked=masked_columns(snapshot),
        key=lambda: pseudonym_key(organisation),
        limits=scan_limits(),
        as_of=snapshot.created_at.astimezone(UTC).replace(tzinfo=None),
    )
    with steps_done(snapshot_path(snapshot), steps, around, progress) as done:
        yield done


def _others(snapshot: Snapshot, steps: Sequence[Step]) -> dict[str, Path]:
    """The files of the newest snapshots of the datasets that the steps read, by name."""
    files = {}
    for name in {name for step in steps for name in repair_named(step.repair).datasets(step)}:
        newest = snapshot_latest(dataset_by_name(organisation=snapshot.dataset.organisation, name=name))
        if newest is not None:
            files[name] = snapshot_path(newest)
    return files


def _preview(staged: StagedTable, outcomes: Sequence[StepOutcome]) -> list[dict[str, Any]]:
    documents = [outcome.document() for outcome in outcomes]
    documents[-1]["digest"] = staged.digest
    return documents


def _refuse_needless(snapshot: Snapshot, staged: StagedTable, outcomes: Sequence[StepOutcome], force: bool) -> None:
    if snapshot.rows and not staged.rows and not force:
        raise GovernError(
            _("No row would be left."),
            where=_("repair “%(repair)s”")
            % {"repair": next(o for o in outcomes if not o.found.rows_after).step.repair},
            hint=_("Look at its parameters; if no row shall be left, say so with “force”."),
        )
    if not any(_changes(outcome) for outcome in outcomes):
        raise GovernError(
            _("These repairs change nothing, so no new snapshot was made."),
            hint=_("The snapshot is already as they would leave it."),
        )


def _changes(outcome: StepOutcome) -> bool:
    found = outcome.found
    return bool(found.rows_before != found.rows_after or found.rows_changed or found.columns_removed)


def _store(snapshot: Snapshot, staged: StagedTable, outcomes: Sequence[StepOutcome], user: User | None) -> Snapshot:
    """The new snapshot, its lineage, and the line in the audit log."""
    dataset = snapshot.dataset
    lineage = {
        "repair": ", ".join(outcome.step.repair for outcome in outcomes),
        "parent": snapshot.number,
        "parent_digest": snapshot.digest,
        "rows_before": snapshot.rows,
        "rows_after": staged.rows,
        "steps": [{**outcome.step.document(), **outcome.counts()} for outcome in outcomes],
    }
    made = snapshot_store(dataset, staged, None, user, parent=snapshot, lineage=lineage)
    event_record(
        organisation=dataset.organisation,
        actor=user,
        action="dataset.repair",
        subject=dataset.name,
        detail={
            "snapshot": made.number,
            "parent": snapshot.number,
            "repairs": lineage["repair"],
            "digest": made.digest,
        },
    )
    return made
