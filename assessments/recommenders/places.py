"""Where the files of a run lie. An attempt has names of its own: one that was given up may still be writing."""

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from assessments.recommenders.models import TrainingRun

BUNDLES, VALUES, CHECKPOINTS, STUDIES = "bundles", "values", "checkpoints", "studies"


@dataclass(frozen=True)
class Places:
    """``bundle`` and ``values`` belong to one attempt; ``checkpoint`` to the run, so that another attempt goes on."""

    bundle: Path
    values: Path
    checkpoint: Path

    def discard(self) -> None:
        """Remove what the attempt wrote."""
        shutil.rmtree(self.bundle, ignore_errors=True)
        self.values.unlink(missing_ok=True)

    def keep_only(self) -> None:
        """Remove what other attempts at this run left."""
        for mine in (self.bundle, self.values):
            for other in mine.parent.iterdir() if mine.parent.is_dir() else ():
                if other != mine:
                    shutil.rmtree(other) if other.is_dir() else other.unlink(missing_ok=True)


def places_of(run: TrainingRun) -> Places:
    media, attempt = Path(settings.MEDIA_ROOT), uuid.uuid4().hex[:12]
    return Places(
        bundle=media / BUNDLES / str(run.pk) / attempt,
        values=media / VALUES / str(run.pk) / f"{attempt}.parquet",
        checkpoint=checkpoint_of(run.pk) / "state",
    )


def checkpoint_of(run_id: int) -> Path:
    """The folder in which a run's checkpoint and its drafts lie; outside MEDIA_ROOT, for nobody downloads it."""
    return Path(settings.HOME) / CHECKPOINTS / str(run_id)


def checkpoint_remove(run_id: int) -> None:
    shutil.rmtree(checkpoint_of(run_id), ignore_errors=True)


def study_of(tuning_id: int) -> Path:
    """The database of a tuning's trials: it survives an attempt, so that the next goes on."""
    folder = Path(settings.HOME) / STUDIES
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{tuning_id}.sqlite3"


def checkpoints() -> set[int]:
    """The numbers of the runs that have a checkpoint."""
    folder = Path(settings.HOME) / CHECKPOINTS
    return {int(path.name) for path in folder.iterdir() if path.name.isdecimal()} if folder.is_dir() else set()


def file_inside(key: str, kind: str) -> Path | None:
    """The stored file or folder of this key, or None when it is not there or not below the folder of its kind."""
    if not key:
        return None
    root = (Path(settings.MEDIA_ROOT) / kind).resolve()
    path = (Path(settings.MEDIA_ROOT) / key).resolve()
    return path if path.is_relative_to(root) and path != root and path.exists() else None
