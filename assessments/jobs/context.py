"""What the work of a job is given: who asked, and ways to report, to write safely and to be stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation, User
from assessments.common.errors import CancelledError
from assessments.common.progress import Progress, silent
from assessments.jobs.errors import JobLostError
from assessments.jobs.models import Job
from assessments.jobs.reporter import Reporter
from assessments.jobs.services import held, lease_end


class JobContext:
    """One attempt at one job, as seen by the function that does the work."""

    def __init__(self, *, job: Job, reporter: Reporter, listener: Progress = silent) -> None:
        self.job = job
        self._reporter, self._listener = reporter, listener

    @property
    def job_id(self) -> int:
        return self.job.pk

    @property
    def organisation(self) -> Organisation:
        return self.job.organisation

    @property
    def user(self) -> User | None:
        """Who started the job."""
        return self.job.started_by

    def progress(self, fraction: float, message: str = "") -> None:
        """Report how far the work is; call it often. Raises CancelledError or JobLostError when it is to stop."""
        self._listener(fraction, message)
        self._reporter.report(fraction, str(message))
        self.check()

    def check(self) -> None:
        """Raise CancelledError when the person asked to stop, JobLostError when another worker took over."""
        if self._reporter.lost.is_set():
            raise JobLostError(self.job_id, self.job.attempt)
        if self._reporter.cancelled.is_set():
            raise CancelledError(_("Cancelled."))

    def log(self, message: str, level: str = "info") -> None:
        self._reporter.log(str(message), level)

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called, in another thread, when the work is to stop: to end a child process, say."""
        self._reporter.on_cancel(callback)

    @contextmanager
    def fence(self) -> Iterator[None]:
        """A short transaction for writing results; raises JobLostError when this attempt no longer holds the job.

        The first UPDATE locks the job's row, so that nobody takes the job over meanwhile; the last renews the lease.
        """
        mine = held(job_id=self.job_id, attempt=self.job.attempt)
        with transaction.atomic():
            if not mine.update(heartbeat_at=timezone.now()):
                raise JobLostError(self.job_id, self.job.attempt)
            yield
            mine.update(heartbeat_at=timezone.now(), lease_expires_at=lease_end())
