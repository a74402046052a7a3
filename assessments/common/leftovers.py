"""What programs that were killed left behind in folders for temporary files."""

import logging
import shutil
import time
from pathlib import Path

logger = logging.getLogger(__name__)
DAY_SECONDS = 24 * 3600.0


def leftovers_remove(folder: Path, *, older_than: float = DAY_SECONDS) -> int:
    """Remove what nobody has written to for ``older_than`` seconds; how many files and folders that were.

    Whatever is still in use is written to all the time, so that no lock is needed.
    """
    removed = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            newest = max(entry.stat().st_mtime for entry in (path, *path.rglob("*")))
            if time.time() - newest < older_than:
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            removed += 1
        except OSError:
            logger.exception("%s could not be removed", path)
    if removed:
        logger.info("removed %s leftovers of killed programs from %s", removed, folder)
    return removed
