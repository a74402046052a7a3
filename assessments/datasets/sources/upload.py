"""Files that people sent through a page or the API, kept under random names."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress
from assessments.datasets.sources.base import SourceSpec, source

STORED = re.compile(r"[0-9a-f]{32}")


class Uploaded(Protocol):
    """What Django's UploadedFile offers."""

    name: str | None

    def chunks(self) -> Iterator[bytes]: ...


def upload_store(file: Uploaded, options: dict[str, Any] | None = None) -> SourceSpec:
    """Write the upload to disk piece by piece under a random name; return it as a source.

    The sender's file name is kept for people to read and is never part of a path.
    """
    folder = uploads()
    folder.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    target, total = folder / name, 0
    try:
        with target.open("xb") as out:
            for chunk in file.chunks():
                total += len(chunk)
                if total > settings.DATASET_MAX_BYTES:
                    raise GovernError(
                        _("The file is larger than %(limit)s bytes.") % {"limit": settings.DATASET_MAX_BYTES},
                        where=file.name or "",
                        hint=_("Split it, or ask for GOVERN_DATASET_MAX_BYTES to be raised."),
                    )
                out.write(chunk)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return SourceSpec("upload", name, {**(options or {}), "filename": (file.name or "")[:300]})


def uploads() -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads"


@source("upload")
@contextmanager
def fetch(spec: SourceSpec, folder: Path, operator: bool, progress: Progress) -> Iterator[Path]:
    if not STORED.fullmatch(spec.location) or not (uploads() / spec.location).is_file():
        raise GovernError(_("The uploaded file is no longer there."), hint=_("Upload it again."))
    yield uploads() / spec.location
