"""Writing datasets: registering them, taking snapshots, confirming what columns mean."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.common.leftovers import leftovers_remove
from assessments.common.progress import Fence, Progress, part, silent
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.datasets.reading import Limits, open_table
from assessments.datasets.roles import check_roles
from assessments.datasets.selectors import roles_of, snapshot_latest
from assessments.datasets.sources import SourceSpec, fetched
from assessments.datasets.sources.upload import uploads
from assessments.datasets.storage import StagedTable, place, staging, temporary_file, type_name, write_table
from assessments.datasets.suggestion import suggest_roles
from assessments.datasets.validation import check_kind, check_source, checked_name
from assessments.jobs.models import Job
from assessments.jobs.selectors import jobs_of

ROLES_OPTION = "roles"


@transaction.atomic
def dataset_create(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    source: SourceSpec,
    roles: dict[str, str] | None = None,
    user: User | None = None,
    description: str = "",
    operator: bool = False,
) -> Dataset:
    """Create the row of a dataset whose first snapshot a job will take; pages and the API begin with this.

    The roles are kept until the columns are known and are checked then. A name whose data could never be read is
    free for another try: its row takes the new source.
    """
    name = checked_name(name)
    check_kind(kind)
    check_source(source, operator=operator)
    options = {**source.options, ROLES_OPTION: roles} if roles else dict(source.options)
    # Created at once where the name is free, so that two people cannot both find it free.
    dataset, created = Dataset.objects.get_or_create(
        organisation=organisation,
        name=name,
        defaults={
            "kind": kind,
            "description": description,
            "source_kind": source.kind,
            "source_location": source.location,
            "source_options": options,
            "created_by": user,
        },
    )
    if not created and not _source_replaced(dataset, kind, source, options, description):
        raise ConflictError(
            _("There is a dataset named “%(name)s” already.") % {"name": name},
            hint=_("Choose another name, or take a new snapshot of that dataset."),
        )
    event_record(organisation=organisation, actor=user, action="dataset.create", subject=name)
    dataset.refresh_from_db()
    return dataset


def dataset_register(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    source: SourceSpec,
    roles: dict[str, str] | None = None,
    user: User | None = None,
    description: str = "",
    operator: bool = False,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Snapshot:
    """Register a dataset and take its first snapshot, or a new one of an existing name of the same kind.

    Nothing is kept of a dataset whose file cannot be read. ``operator`` is true only for the command line, which may
    read any path.
    """
    name = checked_name(name)
    check_kind(kind)
    dataset = Dataset.objects.filter(organisation=organisation, name=name).first()
    if dataset and dataset.kind != kind:
        raise ConflictError(
            _("“%(name)s” is registered as %(kind)s.") % {"name": name, "kind": dataset.kind},
            hint=_("Use that kind, or choose another name."),
        )
    with _staged(source, operator=operator, progress=progress) as staged:
        if roles:
            check_roles(roles, kind=kind, columns=staged.schema.names)
        with fence():
            if dataset is None:
                dataset = dataset_create(
                    organisation=organisation,
                    name=name,
                    kind=kind,
                    source=source,
                    user=user,
                    description=description,
                    operator=operator,
                )
            else:
                _source_change(dataset, source, description)
            return _snapshot_store(dataset, staged, roles, user)


@transaction.atomic
def dataset_source_change(*, dataset: Dataset, source: SourceSpec | None, user: User | None = None) -> Dataset:
    """Have the next reading of the dataset, a job's, take its rows from ``source``; None for the one that it has.

    What the dataset has stays its source until the other has been read: a file that cannot be read takes nothing away.
    Raises ConflictError while a reading waits or runs, which might be of either.
    """
    if source is not None:
        check_source(source, operator=False)
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if source is None and not dataset.source_next:
        return dataset
    if not all(job.finished for job in _readings(dataset)):
        raise ConflictError(
            _("“%(name)s” is being read.") % {"name": dataset.name},
            hint=_("Wait until that has ended, or cancel it."),
        )
    if dataset.source_next:
        _upload_forget(dataset.source_next["kind"], dataset.source_next["location"])
        dataset.source_next = {}
        dataset.save(update_fields=["source_next"])
    if source is None:
        return dataset
    if dataset.snapshots.exists():
        dataset.source_next = {"kind": source.kind, "location": source.location, "options": dict(source.options)}
        dataset.save(update_fields=["source_next"])
    else:
        _source_change(dataset, _with_roles_of(dataset, source), "")
    event_record(
        organisation=dataset.organisation,
        actor=user,
        action="dataset.source",
        subject=dataset.name,
        detail={"source": source.kind},
    )
    return dataset


def snapshot_take(
    *,
    dataset: Dataset,
    user: User | None = None,
    operator: bool = False,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Snapshot:
    """Read the dataset's source once more, or the one that is to take its place and does so if it can be read.

    The same content gives the snapshot that is there already.
    """
    options = dict(dataset.source_options)
    roles = options.pop(ROLES_OPTION, None) if snapshot_latest(dataset) is None else None
    options.pop(ROLES_OPTION, None)
    following = dataset.source_next
    source = SourceSpec(
        **following or {"kind": dataset.source_kind, "location": dataset.source_location, "options": options}
    )
    with _staged(source, operator=operator, progress=progress) as staged:
        if roles:
            check_roles(roles, kind=dataset.kind, columns=staged.schema.names)
        with fence():
            # Another reading may have put the source in its place meanwhile.
            if following and Dataset.objects.select_for_update().get(pk=dataset.pk).source_next == following:
                _source_change(dataset, source, "")
            return _snapshot_store(dataset, staged, roles, user)


@transaction.atomic
def roles_confirm(*, snapshot: Snapshot, roles: dict[str, str], user: User | None = None) -> Snapshot:
    """Say what the columns mean: {role: column name}, in place of what was said before."""
    columns = list(snapshot.columns.order_by("position"))
    check_roles(roles, kind=snapshot.dataset.kind, columns=[column.name for column in columns])
    role_of = {column: role for role, column in roles.items()}
    for column in columns:
        column.role = role_of.get(column.name, "")
    Column.objects.bulk_update(columns, ["role"])
    event_record(
        organisation=snapshot.dataset.organisation,
        actor=user,
        action="dataset.roles",
        subject=snapshot.dataset.name,
        detail={"snapshot": snapshot.number, "roles": roles},
    )
    return snapshot


@contextmanager
def _staged(source: SourceSpec, *, operator: bool, progress: Progress) -> Iterator[StagedTable]:
    """The source's rows as a Parquet file without a place; whatever happens, nothing else is left behind."""
    limits = Limits.configured()
    for temporary in (staging(), Path(settings.FILE_UPLOAD_TEMP_DIR)):
        leftovers_remove(temporary)
    folder = Path(tempfile.mkdtemp(dir=staging()))
    try:
        with (
            temporary_file() as target,
            fetched(source, folder=folder, operator=operator, progress=part(progress, 0.0, 0.2)) as file,
        ):
            before = file.stat()
            table = open_table(
                file,
                name=_file_name(source),
                options=source.options,
                limits=limits,
                progress=lambda done, message="": progress(0.2 + 0.4 * done, message or _("Reading names and types")),
            )
            staged = write_table(
                table, target, limits, lambda done, message="": progress(0.6 + 0.38 * done, _("Writing the snapshot"))
            )
            after = file.stat()
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise GovernError(_("The file changed while it was read."), hint=_("Register it again when it rests."))
            yield staged
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    progress(1.0, _("Snapshot stored"))


def _file_name(source: SourceSpec) -> str:
    return str(source.options.get("filename") or PurePosixPath(source.location.split("?")[0]).name)


def _snapshot_store(dataset: Dataset, staged: StagedTable, roles: dict[str, str] | None, user: User | None) -> Snapshot:
    """Write the rows of a snapshot; the same content as the latest one adds none, and says so in its notes."""
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    latest = snapshot_latest(dataset)
    if latest is not None and latest.digest == staged.digest and place(staged, dataset) == latest.storage_key:
        if roles and roles != roles_of(latest):
            roles_confirm(snapshot=latest, roles=roles, user=user)
        # Shown to whoever asked now; the stored snapshot is immutable, its notes included.
        latest.notes = [
            *latest.notes,
            _("The content is that of snapshot %(number)s, so no new one was made.") % {"number": latest.number},
        ]
        return latest
    key = place(staged, dataset)
    number = (dataset.snapshots.aggregate(last=Max("number"))["last"] or 0) + 1
    carried, lost = _carried(latest, staged.schema)
    snapshot = Snapshot.objects.create(
        dataset=dataset,
        number=number,
        digest=staged.digest,
        rows=staged.rows,
        bytes=staged.size,
        storage_key=key,
        notes=[*staged.notes, *lost],
        created_by=user,
    )
    _columns_create(snapshot, staged, roles or carried)
    event_record(
        organisation=dataset.organisation,
        actor=user,
        action="dataset.snapshot",
        subject=dataset.name,
        detail={"snapshot": number, "digest": staged.digest, "rows": staged.rows},
    )
    return snapshot


def _carried(latest: Snapshot | None, schema: pa.Schema) -> tuple[dict[str, str], list[str]]:
    """The roles of the snapshot before for the columns that are still there, and notes on those that are not."""
    before = roles_of(latest) if latest else {}
    kept = {role: column for role, column in before.items() if column in schema.names}
    lost = [
        _("The column “%(column)s”, which had the role “%(role)s”, is gone.") % {"column": column, "role": role}
        for role, column in before.items()
        if role not in kept
    ]
    return kept, lost


def _columns_create(snapshot: Snapshot, staged: StagedTable, roles: dict[str, str]) -> None:
    suggested = suggest_roles(staged.sample, kind=snapshot.dataset.kind)
    role_of = {column: role for role, column in roles.items()}
    Column.objects.bulk_create(
        Column(
            snapshot=snapshot,
            position=position,
            name=field.name,
            type=type_name(field.type),
            nulls=nulls,
            role=role_of.get(field.name, ""),
            suggested_role=suggested[field.name].role if field.name in suggested else "",
            suggestion_reason=suggested[field.name].reason[:300] if field.name in suggested else "",
        )
        for position, (field, nulls) in enumerate(zip(staged.schema, staged.nulls, strict=True))
    )


def _source_replaced(
    dataset: Dataset, kind: str, source: SourceSpec, options: dict[str, Any], description: str
) -> bool:
    """Give a dataset another source if readings of it have ended and none left a snapshot; else change nothing."""
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    ended = [job.finished for job in _readings(dataset)]
    if dataset.kind != kind or not ended or not all(ended) or dataset.snapshots.exists():
        return False
    _source_change(dataset, SourceSpec(source.kind, source.location, options), description)
    return True


def _readings(dataset: Dataset) -> QuerySet[Job]:
    return jobs_of(dataset.organisation).filter(kind="datasets.register", parameters__dataset_id=dataset.pk)


def _with_roles_of(dataset: Dataset, source: SourceSpec) -> SourceSpec:
    """The source with the roles that were given for the first reading, which is still to come."""
    kept = {name: value for name, value in dataset.source_options.items() if name == ROLES_OPTION}
    return SourceSpec(source.kind, source.location, {**source.options, **kept})


def _source_change(dataset: Dataset, source: SourceSpec, description: str) -> None:
    """Put a source in the place of the one before; nothing waits to take its place any more."""
    for kind, location in (
        (dataset.source_kind, dataset.source_location),
        (dataset.source_next.get("kind"), dataset.source_next.get("location")),
    ):
        if location != source.location:
            _upload_forget(kind, location)
    dataset.source_kind, dataset.source_location = source.kind, source.location
    dataset.source_options = dict(source.options)
    dataset.source_next = {}
    fields = ["source_kind", "source_location", "source_options", "source_next"]
    if description:
        dataset.description = description
        fields.append("description")
    dataset.save(update_fields=fields)


def _upload_forget(kind: str | None, location: str | None) -> None:
    """Remove an uploaded file that no dataset names any more, once that is certain."""
    if kind == "upload" and location:
        transaction.on_commit(partial((uploads() / location).unlink, missing_ok=True))
