"""Opening a snapshot for a scan, within what the settings allow."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from assessments.common.leftovers import leftovers_remove
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import snapshot_path
from assessments.quality.scanner import Scanner, scanner_open
from assessments.quality.specs import Limits


@contextmanager
def snapshot_open(snapshot: Snapshot, *, earlier: Snapshot | None = None) -> Iterator[Scanner]:
    """The snapshot's table, ready to be measured; raises NotFoundError when its file is missing."""
    before = snapshot_path(earlier) if earlier else None
    with scanner_open(snapshot_path(snapshot), earlier=before, limits=scan_limits()) as scanner:
        yield scanner


def scan_limits() -> Limits:
    """What the settings let a scan use; it may spill into a folder of GOVERN_HOME."""
    temporary = Path(settings.HOME) / "scans"
    temporary.mkdir(parents=True, exist_ok=True)
    leftovers_remove(temporary)
    return Limits(
        memory=settings.SCAN_MEMORY,
        threads=settings.SCAN_THREADS,
        timeout_seconds=settings.SCAN_TIMEOUT_SECONDS,
        temporary=temporary,
    )
