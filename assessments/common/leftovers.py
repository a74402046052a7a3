"""Folders for temporary files, and what programs that were killed left behind in them.

Whoever works in such a folder holds a lock on it. The system lets go of the lock when the program ends, however it
ends, so that the next one can tell at once what nobody uses any more.
"""

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

logger = logging.getLogger(__name__)
HELD = "held-"
DAY_SECONDS = 24 * 3600.0


@contextmanager
def held_folder(parent: Path | None) -> Iterator[Path]:
    """A new folder in ``parent`` (where temporary files go, when None), gone with the context and not before."""
    made = Path(mkdtemp(prefix="made-", dir=parent))
    lock = os.open(made, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    folder = made.rename(made.with_name(made.name.replace("made-", HELD)))  # locked before it is called held
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def leftovers_remove(folder: Path, *, older_than: float = DAY_SECONDS) -> int:
    """Remove held folders that nobody holds any more, and whatever else nobody has written to for ``older_than``
    seconds; how many files and folders that were.
    """
    removed = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            if not (_let_go(path) if path.name.startswith(HELD) else _forgotten(path, older_than)):
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            removed += 1
        except OSError:
            if path.exists():  # else another one removed it first
                logger.exception("%s could not be removed", path)
    if removed:
        logger.info("removed %s leftovers of killed programs from %s", removed, folder)
    return removed


def _let_go(path: Path) -> bool:
    """Whether the program that held the folder has ended."""
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False
    finally:
        os.close(lock)


def _forgotten(path: Path, seconds: float) -> bool:
    """Whether nobody has written to it for so long: whatever is still in use is written to all the time."""
    newest = max(entry.stat().st_mtime for entry in (path, *path.rglob("*")))
    return time.time() - newest >= seconds
