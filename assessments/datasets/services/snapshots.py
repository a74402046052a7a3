"""Keeping the rows that were read as a snapshot, and confirming what its columns mean."""

from typing import Any, TypeGuard

import pyarrow as pa
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.datasets.roles import check_roles
from assessments.datasets.selectors import roles_of, snapshot_latest
from assessments.datasets.storage import StagedTable, place, type_name
from assessments.datasets.suggestion import mostly_empty, suggest_roles


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


def snapshot_store(
    dataset: Dataset,
    staged: StagedTable,
    roles: dict[str, str] | None,
    user: User | None,
    *,
    parent: Snapshot | None = None,
    lineage: dict[str, Any] | None = None,
) -> Snapshot:
    """Write the rows of a snapshot; the same content as the latest one adds none, and says so in its notes.

    A look at a table that stays where it is always makes a new one: its digest says nothing of the cells. ``parent``
    and ``lineage`` are those of a snapshot that a repair made; its roles are the parent's.
    """
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    latest = snapshot_latest(dataset)
    if _is_there_already(latest, staged) and place(staged, dataset) == latest.storage_key:
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
    carried, lost = _carried(parent or latest, staged.schema)
    snapshot = Snapshot.objects.create(
        dataset=dataset,
        number=number,
        digest=staged.digest,
        rows=staged.rows,
        bytes=staged.size,
        storage_key=key,
        in_place=staged.path is None,
        parent=parent,
        lineage=lineage or {},
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


def _is_there_already(latest: Snapshot | None, staged: StagedTable) -> TypeGuard[Snapshot]:
    return latest is not None and staged.path is not None and latest.digest == staged.digest


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
    nulls_of = dict(zip(staged.schema.names, staged.nulls, strict=True))
    filled = [name for name in staged.sample.column_names if not mostly_empty(nulls_of[name], staged.rows)]
    suggested = suggest_roles(staged.sample.select(filled), kind=snapshot.dataset.kind)
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
