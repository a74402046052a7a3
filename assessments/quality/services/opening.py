"""Opening a snapshot for a scan, within what the settings allow."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import NotFoundError
from assessments.common.leftovers import leftovers_remove
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import snapshot_latest, snapshot_path
from assessments.datasets.sources.places import table_address
from assessments.quality.places import TablePlace
from assessments.quality.scanner import Scanner, Source, scanner_open
from assessments.quality.specs import Limits


@contextmanager
def snapshot_open(snapshot: Snapshot, *, earlier: Snapshot | None = None) -> Iterator[Scanner]:
    """The snapshot's table, ready to be measured; raises NotFoundError when its file is missing.

    Of a table that stays in its database this is the table as it is now.
    """
    before = snapshot_source(earlier) if earlier else None
    with scanner_open(snapshot_source(snapshot), earlier=before, limits=scan_limits()) as scanner:
        yield scanner


def snapshot_source(snapshot: Snapshot) -> Source:
    """Where the rows of the snapshot are: its file, or the table that it is a look at.

    Raises NotFoundError when there is no file, and for a look that is not the newest: what the table held then is gone.
    """
    if not snapshot.in_place:
        return snapshot_path(snapshot)
    dataset = snapshot.dataset
    newest = snapshot_latest(dataset)
    if dataset.source_kind != Dataset.SourceKind.DATABASE or newest is None or newest.pk != snapshot.pk:
        raise NotFoundError(
            _("Snapshot %(number)s of “%(name)s” was a look at a table; what the table held then is not kept.")
            % {"number": snapshot.number, "name": dataset.name},
            hint=_("Measure the newest snapshot."),
        )
    return TablePlace(table_address(dataset.source_location, dataset.organisation.slug))


def scan_limits() -> Limits:
    """What the settings let a scan use; it may spill into a folder of GOVERN_HOME."""
    scans_clear()
    temporary = _scans()
    temporary.mkdir(parents=True, exist_ok=True)
    return Limits(
        memory=settings.SCAN_MEMORY,
        threads=settings.SCAN_THREADS,
        timeout_seconds=settings.SCAN_TIMEOUT_SECONDS,
        temporary=temporary,
    )


def scans_clear() -> int:
    """Remove what killed scans left on disk; how many folders that were."""
    return leftovers_remove(_scans())


def _scans() -> Path:
    return Path(settings.HOME) / "scans"
