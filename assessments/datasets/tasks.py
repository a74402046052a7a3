"""Background work on datasets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.datasets.selectors import dataset_get
from assessments.datasets.services import snapshot_take
from assessments.datasets.services.reading import staging_clear
from assessments.jobs.context import JobContext
from assessments.jobs.registry import job_task
from assessments.jobs.rounds import every_round


@job_task("datasets.register", queue="default", label=_("Read a dataset"))
def register(context: JobContext, *, dataset_id: int) -> dict[str, Any]:
    dataset = dataset_get(organisation=context.organisation, pk=dataset_id)
    snapshot = snapshot_take(dataset=dataset, user=context.user, progress=context.progress, fence=context.fence)
    for note in snapshot.notes:
        context.log(note)
    return {
        "dataset": dataset.pk,
        "snapshot": snapshot.pk,
        "digest": snapshot.digest,
        "rows": snapshot.rows,
        "notes": snapshot.notes,
        "url": f"/datasets/{dataset.pk}/",
    }


@every_round("datasets.leftovers")
def remove_what_killed_readers_left() -> int:
    return staging_clear()
