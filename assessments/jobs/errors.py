"""What can go wrong with a claim on a job."""

from django.utils.translation import gettext as _

from assessments.common.errors import ConflictError


class JobLostError(ConflictError):
    """This attempt no longer holds the job: its lease passed and another worker may have taken it."""

    def __init__(self, job_id: int, attempt: int) -> None:
        super().__init__(
            _("This attempt no longer holds the job."),
            where=_("job %(job)s, attempt %(attempt)s") % {"job": job_id, "attempt": attempt},
            hint=_("Another worker has taken it over; nothing is to be done."),
        )
