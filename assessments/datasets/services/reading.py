"""Reading a source into a file of rows that has no place yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.leftovers import held_folder, leftovers_remove
from assessments.common.progress import Progress, part
from assessments.datasets.reading import Limits, open_table
from assessments.datasets.services.looking import table_look
from assessments.datasets.sources import SourceSpec, fetched
from assessments.datasets.storage import StagedTable, staging, temporary_file, write_table


@contextmanager
def rows_staged(source: SourceSpec, *, operator: bool, progress: Progress) -> Iterator[StagedTable]:
    """The source's rows as a Parquet file without a place; whatever happens, nothing else is left behind.

    A database table stays where it is, unless the source says ``copy``: then there is no file.
    """
    limits = Limits.configured()
    if source.kind == "database" and not source.options.get("copy"):
        yield table_look(source, limits, progress)
        return
    staging_clear()
    with (
        held_folder(staging()) as folder,
        temporary_file() as target,
        fetched(source, folder=folder, operator=operator, progress=part(progress, 0.0, 0.2)) as file,
    ):
        before = file.stat()
        table = open_table(
            file,
            name=_file_name(source),
            options=source.options,
            limits=limits,
            progress=lambda done, message="": progress(0.2 + 0.4 * done, message or _("Reading names and types")),
        )
        staged = write_table(
            table, target, limits, lambda done, message="": progress(0.6 + 0.38 * done, _("Writing the snapshot"))
        )
        after = file.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise GovernError(_("The file changed while it was read."), hint=_("Register it again when it rests."))
        yield staged
    progress(1.0, _("Snapshot stored"))


def staging_clear() -> int:
    """Remove what killed programs left where tables are read and uploaded; how many files and folders that were."""
    return sum(leftovers_remove(folder) for folder in (staging(), Path(settings.FILE_UPLOAD_TEMP_DIR)))


def _file_name(source: SourceSpec) -> str:
    return str(source.options.get("filename") or PurePosixPath(source.location.split("?")[0]).name)
