"""A bundle as it is taken away: plain files that cannot run code, and nothing from elsewhere."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from assessments.common.errors import NotFoundError
from assessments.datasets.models import Dataset
from assessments.recommenders.bundles import bundle_archive, bundle_card
from assessments.recommenders.models import TrainingRun

Finished = Callable[..., TrainingRun]


def test_the_archive_holds_weights_json_and_card(dataset: Dataset, finished: Finished) -> None:
    run = finished(dataset)
    with bundle_archive(run) as archive, zipfile.ZipFile(archive) as packed:
        names = ("README.md", "manifest.json", "vocabulary.json", "weights.safetensors")
        assert packed.namelist() == [f"run-{run.pk}-ease/{name}" for name in names]
        assert packed.read(f"run-{run.pk}-ease/README.md") == b"# What it is good for"
    assert bundle_card(run) == "# What it is good for"
    assert not list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())


def test_links_folders_and_other_kinds_of_file_stay(dataset: Dataset, finished: Finished, tmp_path: Path) -> None:
    run = finished(dataset)
    folder = Path(settings.MEDIA_ROOT) / run.bundle.storage_key
    secret = tmp_path / "secret.json"
    secret.write_text("{}")
    (folder / "link.json").symlink_to(secret)
    (folder / "run.py").write_text("print()")
    (folder / "deep").mkdir()
    (folder / "README.md").unlink()
    (folder / "README.md").symlink_to(secret)
    with bundle_archive(run) as archive, zipfile.ZipFile(archive) as packed:
        assert {Path(name).name for name in packed.namelist()} == {
            "manifest.json",
            "vocabulary.json",
            "weights.safetensors",
        }
    assert bundle_card(run) == ""


@pytest.mark.parametrize("key", ["", "bundles", "bundles/../secret", "/etc", "../secret", "values"])
def test_no_path_leads_out_of_the_folder_of_bundles(key: str, dataset: Dataset, finished: Finished) -> None:
    run = finished(dataset)
    secret = Path(settings.MEDIA_ROOT) / "secret"
    secret.mkdir()
    (secret / "manifest.json").write_text("{}")
    run.bundle.storage_key = key
    with pytest.raises(NotFoundError):
        bundle_archive(run)
    assert bundle_card(run) == ""
