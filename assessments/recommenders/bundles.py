"""A run's model bundle as a person takes it away: one archive of weights, JSON and the card, and nothing else."""

import tempfile
import zipfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.common.errors import NotFoundError
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.places import BUNDLES, file_inside

SUFFIXES = frozenset({".safetensors", ".json", ".md"})
CARDS = ("README.md", "card.md", "model_card.md")
LONGEST_CARD = 200_000


def bundle_folder(run: TrainingRun) -> Path:
    """The folder of the run's bundle. NotFoundError when the run left none or its files are gone."""
    bundle = getattr(run, "bundle", None)
    folder = file_inside(bundle.storage_key, BUNDLES) if bundle is not None else None
    if folder is None or not (folder / "manifest.json").is_file():
        raise NotFoundError(
            _("The model bundle of run %(number)s is not there.") % {"number": run.pk},
            where=str(run),
            hint=_("Train it again, or restore the files of Govern from a backup."),
        )
    return folder


def bundle_files(folder: Path) -> list[Path]:
    """The plain files of a bundle, by name: no link, no folder, and only kinds that cannot run code."""
    files = (path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    return sorted(path for path in files if path.suffix in SUFFIXES)


def bundle_name(run: TrainingRun) -> str:
    return f"run-{run.pk}-{run.model_name}"


def bundle_archive(run: TrainingRun) -> IO[bytes]:
    """A temporary zip file, at its start, that vanishes when it is closed. Weights do not shrink: they are stored."""
    folder = bundle_folder(run)
    archive = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="bundle-")  # noqa: SIM115 - handed on
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
        for path in bundle_files(folder):
            packed.write(path, f"{bundle_name(run)}/{path.name}")
    archive.seek(0)
    return archive


def bundle_card(run: TrainingRun) -> str:
    """The text of the model card that lies in the bundle; empty when there is none."""
    bundle = getattr(run, "bundle", None)
    folder = file_inside(bundle.storage_key, BUNDLES) if bundle is not None else None
    for name in CARDS if folder is not None else ():
        path = folder / name if folder is not None else Path()
        if path.is_file() and not path.is_symlink():
            return path.read_text(encoding="utf-8", errors="replace")[:LONGEST_CARD]
    return ""
