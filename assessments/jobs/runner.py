"""Runs one attempt at a job. Here, once, an expected failure is told apart from a crash."""

import logging
import os
import socket
import traceback
from typing import TypedDict

from django.conf import settings
from django.utils import translation

from assessments.common.errors import CancelledError, GovernError
from assessments.common.masking import mask_quoted
from assessments.common.progress import Progress, silent
from assessments.jobs.context import JobContext
from assessments.jobs.errors import JobLostError, crash_explained
from assessments.jobs.models import Job
from assessments.jobs.registry import kind_get
from assessments.jobs.reporter import Reporter
from assessments.jobs.services import job_claim, job_fail, job_finish, job_release, job_stop

logger = logging.getLogger(__name__)


class Attempt(TypedDict):
    job_id: int
    attempt: int


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def job_execute(*, job_id: int) -> None:
    """Claim the job and do its work; do nothing when another worker has it or when it has ended."""
    job = job_claim(job_id=job_id, worker=worker_name())
    if job is None:
        logger.info("job %s is not waiting any more", job_id)
        return
    try:
        attempt_run(job)
    except Exception:
        # The row says what happened and attempt_run has logged a crash; Celery has nothing to add.
        logger.debug("job %s ended with an error", job_id, exc_info=True)
    except BaseException:
        job_release(job_id=job.pk, attempt=job.attempt)
        raise


def trace_of(error: BaseException) -> str:
    """The trace without the cells of tables that libraries quote in the words of an error."""
    pieces = traceback.format_exception(error)
    return "".join(piece if piece.startswith("  ") else mask_quoted(piece) for piece in pieces)


def attempt_run(job: Job, listener: Progress = silent) -> None:
    """Do the work of a claimed job and write how it ended. Raises what the work raised."""
    language = (job.started_by.language if job.started_by else "") or settings.LANGUAGE_CODE
    end = Attempt(job_id=job.pk, attempt=job.attempt)
    with translation.override(language):
        try:
            with Reporter(**end) as reporter:
                result = kind_get(job.kind).function(
                    JobContext(job=job, reporter=reporter, listener=listener), **job.parameters
                )
            reporter.flush()
        except JobLostError:
            logger.warning("job %s: attempt %s stopped, it no longer holds the job", job.pk, job.attempt)
            raise
        except CancelledError:
            job_stop(**end)
            raise
        except GovernError as error:
            job_fail(**end, error=error)
            raise
        except Exception as error:
            trace = trace_of(error)
            # Not logger.exception: it would write the words as they are.
            logger.error("job %s (%s) crashed\n%s", job.pk, job.kind, trace)
            job_fail(**end, error=crash_explained(error), trace=trace)
            raise
        if not job_finish(**end, result=result or {}):
            raise JobLostError(job.pk, job.attempt)
