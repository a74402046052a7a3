"""What a source is, and the registry of its kinds."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress


@dataclass(frozen=True)
class SourceSpec:
    """Where the rows of a dataset are and how to read them.

    ``kind`` is a registered kind: upload, path, url, object or database. ``location`` is the stored upload's random
    name, a file path, an address, ``s3://bucket/key`` or ``connection:schema.table``. ``options`` may hold ``format``
    (csv, parquet, jsonl, xlsx), ``delimiter``, ``encoding``, ``null_values`` (texts that mean a missing value),
    ``date_format`` (a strptime format), ``sheet``, ``copy`` (read a database table into a snapshot) and ``filename``
    (shown to people). ``organisation`` is the short name of the one that asks: a place may serve only some.
    """

    kind: str
    location: str
    options: dict[str, Any] = field(default_factory=dict)
    organisation: str = ""


# Yields the local file to read; what it made is removed afterwards. ``operator`` is true for the command line alone.
Fetch = Callable[[SourceSpec, Path, bool, Progress], AbstractContextManager[Path]]
SOURCES: dict[str, Fetch] = {}


def source(kind: str) -> Callable[[Fetch], Fetch]:
    """Register the function that brings files of this kind of source here."""

    def register(fetch: Fetch) -> Fetch:
        SOURCES[kind] = fetch
        return fetch

    return register


@contextmanager
def fetched(spec: SourceSpec, *, folder: Path, operator: bool, progress: Progress) -> Iterator[Path]:
    """The local file of this source, for as long as the block runs; ``folder`` takes what must be downloaded."""
    if spec.kind not in SOURCES:
        raise GovernError(
            _("There is no kind of source named “%(kind)s”.") % {"kind": spec.kind},
            hint=_("Use one of: %(kinds)s.") % {"kinds": ", ".join(sorted(SOURCES))},
        )
    with SOURCES[spec.kind](spec, folder, operator, progress) as file:
        yield file
