"""Files on this machine: any for the command line, only those in the allowed folders for everyone else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.progress import Progress
from assessments.datasets.sources.base import SourceSpec, source


@source("path")
@contextmanager
def fetch(spec: SourceSpec, folder: Path, operator: bool, progress: Progress) -> Iterator[Path]:
    yield local_file(spec.location, operator=operator)


def local_file(location: str, *, operator: bool = False) -> Path:
    """The file that a path names; links are followed before the allowed folders are asked.

    The refusal is the same whether the file exists or not, so that nobody can probe the disk with it.
    """
    if "\0" in location:
        raise GovernError(_("A path cannot hold a NUL character."))
    file = Path(location).expanduser() if operator else Path(location)
    file = file.resolve()
    if not operator and not any(file.is_relative_to(allowed) for allowed in settings.DATASET_LOCAL_PATHS):
        raise ForbiddenError(
            _("This path is not in a folder from which datasets may be read."),
            where=location,
            hint=_("Upload the file, or ask for its folder to be added to GOVERN_DATASET_LOCAL_PATHS."),
        )
    if not file.is_file():
        raise GovernError(
            _("There is no file at this path."), where=location, hint=_("Check the spelling and the folder.")
        )
    return file
