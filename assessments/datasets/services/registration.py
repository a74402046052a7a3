"""Registering datasets and taking snapshots of them."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.roles import check_roles
from assessments.datasets.selectors import snapshot_latest
from assessments.datasets.services.reading import rows_staged
from assessments.datasets.services.snapshots import snapshot_store
from assessments.datasets.services.source_changes import ROLES_OPTION, source_put, source_replace
from assessments.datasets.sources import SourceSpec
from assessments.datasets.validation import check_kind, check_source, checked_name


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
    source = replace(source, organisation=organisation.slug)
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
    if not created and not source_replace(dataset, kind, source, options, description):
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
    source = replace(source, organisation=organisation.slug)
    with rows_staged(source, operator=operator, progress=progress) as staged:
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
                source_put(dataset, source, description)
            return snapshot_store(dataset, staged, roles, user)


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
        **following or {"kind": dataset.source_kind, "location": dataset.source_location, "options": options},
        organisation=dataset.organisation.slug,
    )
    with rows_staged(source, operator=operator, progress=progress) as staged:
        if roles:
            check_roles(roles, kind=dataset.kind, columns=staged.schema.names)
        with fence():
            # Another reading may have put the source in its place meanwhile.
            if following and Dataset.objects.select_for_update().get(pk=dataset.pk).source_next == following:
                source_put(dataset, source, "")
            return snapshot_store(dataset, staged, roles, user)
