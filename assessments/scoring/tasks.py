"""Background work of this app."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.jobs.context import JobContext
from assessments.jobs.registry import job_task
from assessments.scoring.services import assessment_compute


@job_task("scoring.assess", label=_("Assess"))
def assess(context: JobContext, *, period: str = "") -> dict[str, Any]:
    assessment = assessment_compute(
        organisation=context.organisation,
        period=period,
        user=context.user,
        progress=context.progress,
        fence=context.fence,
    )
    return {"assessment": assessment.pk, "score": assessment.score, "url": f"/assessments/{assessment.pk}/"}
