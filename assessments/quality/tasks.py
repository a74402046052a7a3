"""Background work of this app."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.datasets.selectors import snapshot_get
from assessments.jobs.context import JobContext
from assessments.jobs.registry import job_task
from assessments.quality.services import quality_run_execute


@job_task("quality.check", label=_("Check quality"))
def check(context: JobContext, *, snapshot_id: int, as_of: str | None = None) -> dict[str, Any]:
    run = quality_run_execute(
        snapshot=snapshot_get(organisation=context.organisation, pk=snapshot_id),
        as_of=datetime.fromisoformat(as_of) if as_of else None,
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"run": run.pk, "rows": run.rows, "rules": run.results.count()}
