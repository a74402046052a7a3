"""Kinds of work for tests only; a real worker is given this module with ``--include kinds``."""

import os
import time
from pathlib import Path
from typing import Any

from assessments.common.errors import GovernError
from assessments.jobs.context import JobContext
from assessments.jobs.registry import job_task


@job_task("test.add", label="Add")
def add(context: JobContext, *, a: int, b: int) -> dict[str, Any]:
    context.progress(0.5, "adding")
    context.log(f"{a} + {b}")
    return {"sum": a + b, "url": "/sums/1/"}


@job_task("test.refuse", label="Refuse")
def refuse(context: JobContext) -> None:
    raise GovernError("The column is gone.", where="price", hint="Take a new snapshot.")


@job_task("test.crash", label="Crash")
def crash(context: JobContext) -> None:
    raise ZeroDivisionError("secret detail")


if os.environ.get("TEST_SLOW_NOISE"):
    from assessments.quality.services import noise

    real = noise.noisy

    def slow(*counts: Any, **options: Any) -> list[int]:
        """The noise of published counts, after a mark and a time long enough to be killed in."""
        (Path(os.environ["TEST_SLOW_NOISE"]) / f"noise-{os.getpid()}").touch()
        time.sleep(3)
        return real(*counts, **options)

    noise.noisy = slow


@job_task("test.fill", label="Fill the disk")
def fill(context: JobContext) -> None:
    Path("/dev/full").write_text("one letter too many")


@job_task("test.sleep", label="Sleep")
def sleep(context: JobContext, *, folder: str, seconds: float) -> dict[str, Any]:
    """Leave a mark at the start of each attempt and, inside the fence, at its end."""
    marks = Path(folder)
    (marks / f"started-{context.job.attempt}-{os.getpid()}").touch()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        context.progress(1 - (end - time.monotonic()) / seconds, "sleeping")
        time.sleep(0.05)
    with context.fence():
        (marks / f"finished-{context.job.attempt}-{os.getpid()}").touch()
    return {"attempt": context.job.attempt}


@job_task("test.sleep_gpu", queue="gpu", label="Sleep on the gpu queue")
def sleep_gpu(context: JobContext, *, folder: str, seconds: float) -> dict[str, Any]:
    return sleep(context, folder=folder, seconds=seconds) or {}


@job_task("test.until_cancelled", label="Wait")
def until_cancelled(context: JobContext, *, folder: str) -> None:
    """Wait like a training that a child process does: told only through the callback."""
    told: list[bool] = []
    context.on_cancel(lambda: told.append(True))
    (Path(folder) / "waiting").touch()
    while not told:
        time.sleep(0.05)
    context.check()
