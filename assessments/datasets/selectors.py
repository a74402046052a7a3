"""Reading datasets, snapshots and the meaning of their columns; always within one organisation."""

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import GovernError, NotFoundError
from assessments.datasets.models import Dataset, Snapshot


def datasets_of(organisation: Organisation) -> QuerySet[Dataset]:
    return Dataset.objects.filter(organisation=organisation).order_by("name")


def dataset_get(*, organisation: Organisation, pk: int) -> Dataset:
    dataset = datasets_of(organisation).filter(pk=pk).first()
    if dataset is None:
        raise NotFoundError(_("There is no such dataset."))
    return dataset


def dataset_by_name(*, organisation: Organisation, name: str) -> Dataset:
    dataset = datasets_of(organisation).filter(name=name).first()
    if dataset is None:
        known = ", ".join(datasets_of(organisation).values_list("name", flat=True)[:20])
        raise NotFoundError(
            _("There is no dataset named “%(name)s”.") % {"name": name},
            hint=_("Registered: %(names)s.") % {"names": known} if known else _("No dataset is registered yet."),
        )
    return dataset


def snapshots_of(organisation: Organisation) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(dataset__organisation=organisation).select_related("dataset")


def snapshot_get(*, organisation: Organisation, pk: int) -> Snapshot:
    snapshot = snapshots_of(organisation).filter(pk=pk).first()
    if snapshot is None:
        raise NotFoundError(_("There is no such snapshot."))
    return snapshot


def snapshot_latest(dataset: Dataset) -> Snapshot | None:
    return Snapshot.objects.filter(dataset=dataset).select_related("dataset").order_by("-number").first()


def snapshot_newest(dataset: Dataset) -> Snapshot:
    """The newest snapshot; raises GovernError when there is none yet."""
    snapshot = snapshot_latest(dataset)
    if snapshot is None:
        raise GovernError(
            _("“%(name)s” has no snapshot yet.") % {"name": dataset.name},
            where="dataset",
            hint=_("Wait until it has been read, or look at its job."),
        )
    return snapshot


def snapshot_path(snapshot: Snapshot) -> Path:
    """The snapshot's Parquet file.

    Raises NotFoundError when it is no longer there, and for a look at a table that stays in its database.
    """
    if snapshot.in_place:
        raise NotFoundError(
            _("The rows of “%(name)s” stay in their database; there is no file of them here.")
            % {"name": snapshot.dataset.name},
            hint=_("Take a new snapshot with the option to copy the table once, then try again."),
        )
    path = Path(settings.MEDIA_ROOT) / snapshot.storage_key
    if not path.is_file():
        raise NotFoundError(
            _("The file of snapshot %(number)s of “%(name)s” is missing.")
            % {"number": snapshot.number, "name": snapshot.dataset.name},
            where=snapshot.storage_key,
            hint=_("Restore the folder of files from a backup, or register the dataset again."),
        )
    return path


def roles_of(snapshot: Snapshot) -> dict[str, str]:
    """The confirmed roles: {role: column name}."""
    return dict(snapshot.columns.exclude(role="").order_by("position").values_list("role", "name"))


def roles_suggested(snapshot: Snapshot) -> dict[str, str]:
    """The roles that names and values suggest: {role: column name}."""
    return dict(snapshot.columns.exclude(suggested_role="").order_by("position").values_list("suggested_role", "name"))
