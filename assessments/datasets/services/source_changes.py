"""Giving a dataset another source."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError
from assessments.datasets.models import Dataset
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.upload import uploads
from assessments.datasets.validation import check_source
from assessments.jobs.models import Job
from assessments.jobs.selectors import jobs_of

ROLES_OPTION = "roles"


@transaction.atomic
def dataset_source_change(*, dataset: Dataset, source: SourceSpec | None, user: User | None = None) -> Dataset:
    """Have the next reading of the dataset, a job's, take its rows from ``source``; None for the one that it has.

    What the dataset has stays its source until the other has been read: a file that cannot be read takes nothing away.
    Raises ConflictError while a reading waits or runs, which might be of either.
    """
    if source is not None:
        check_source(replace(source, organisation=dataset.organisation.slug), operator=False)
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if source is None and not dataset.source_next:
        return dataset
    if not all(job.finished for job in readings_of(dataset)):
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
        source_put(dataset, _with_roles_of(dataset, source), "")
    event_record(
        organisation=dataset.organisation,
        actor=user,
        action="dataset.source",
        subject=dataset.name,
        detail={"source": source.kind},
    )
    return dataset


def source_replace(dataset: Dataset, kind: str, source: SourceSpec, options: dict[str, Any], description: str) -> bool:
    """Give a dataset another source if readings of it have ended and none left a snapshot; else change nothing."""
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    ended = [job.finished for job in readings_of(dataset)]
    if dataset.kind != kind or not ended or not all(ended) or dataset.snapshots.exists():
        return False
    source_put(dataset, SourceSpec(source.kind, source.location, options), description)
    return True


def readings_of(dataset: Dataset) -> QuerySet[Job]:
    return jobs_of(dataset.organisation).filter(kind="datasets.register", parameters__dataset_id=dataset.pk)


def _with_roles_of(dataset: Dataset, source: SourceSpec) -> SourceSpec:
    """The source with the roles that were given for the first reading, which is still to come."""
    kept = {name: value for name, value in dataset.source_options.items() if name == ROLES_OPTION}
    return SourceSpec(source.kind, source.location, {**source.options, **kept})


def source_put(dataset: Dataset, source: SourceSpec, description: str) -> None:
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
