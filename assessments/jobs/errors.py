"""What can go wrong with a job, whatever its kind."""

import errno

from django.utils.translation import gettext as _

from assessments.common.errors import ConflictError, GovernError

FULL = {errno.ENOSPC, errno.EDQUOT}
FULL_TEXTS = ("No space left on device", "database or disk is full")


class JobLostError(ConflictError):
    """This attempt no longer holds the job: its lease passed and another worker may have taken it."""

    def __init__(self, job_id: int, attempt: int) -> None:
        super().__init__(
            _("This attempt no longer holds the job."),
            where=_("job %(job)s, attempt %(attempt)s") % {"job": job_id, "attempt": attempt},
            hint=_("Another worker has taken it over; nothing is to be done."),
        )


def crash_explained(error: BaseException) -> GovernError:
    """What people are told about a failure that nobody expected."""
    if disk_full(error):
        return GovernError(
            _("There is no room left on the disk. What was there before is unchanged."),
            hint=_("Ask an administrator to make room where Govern keeps its files, then try again."),
        )
    return GovernError(
        _("Something went wrong inside Govern. What was there before is unchanged."),
        hint=_("Try again; if it happens again, show this job to an administrator, who can see the details."),
    )


def disk_full(error: BaseException) -> bool:
    """Libraries and child processes say it in their own words, so the text is looked at as well."""
    said = isinstance(error, OSError) and error.errno in FULL
    return said or any(text in str(error) for text in FULL_TEXTS)
