"""How long work tells how far it is, knowing no queue."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

# Opens the transaction in which a service writes its results: ``transaction.atomic`` by default, and a job's own
# fence, which raises JobLostError for a worker whose claim has passed to another, when it runs as a job.
Fence = Callable[[], AbstractContextManager[Any]]


class Progress(Protocol):
    """Called with the fraction done (0 to 1) and what is being done; raises CancelledError when asked to stop."""

    def __call__(self, fraction: float, message: str = "") -> None: ...


def silent(fraction: float, message: str = "") -> None:
    """A progress that tells nobody."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """The share of ``progress`` from ``start`` to ``end`` as a progress of its own."""

    def inner(fraction: float, message: str = "") -> None:
        progress(start + (end - start) * min(max(fraction, 0.0), 1.0), message)

    return inner
