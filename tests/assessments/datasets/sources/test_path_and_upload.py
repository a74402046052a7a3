"""Paths that may be read, and uploads under names of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.accounts.models import Organisation
from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.progress import silent
from assessments.datasets.services import dataset_create
from assessments.datasets.sources import SourceSpec, fetched
from assessments.datasets.sources.path import local_file
from assessments.datasets.sources.upload import upload_store
from tests.assessments.datasets.conftest import ORDERS, Registers

Write = Callable[..., Path]


def test_only_allowed_folders_are_read(write: Write, settings: LazySettings, tmp_path: Path) -> None:
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    settings.DATASET_LOCAL_PATHS = [allowed]
    outside = write("secret.csv", ORDERS)
    (allowed / "link.csv").symlink_to(outside)
    (allowed / "fine.csv").write_text(ORDERS)
    assert local_file(str(allowed / "fine.csv")) == allowed / "fine.csv"
    for location in (outside, allowed / "link.csv", allowed / ".." / "secret.csv", tmp_path / "not there"):
        with pytest.raises(ForbiddenError, match="not in a folder"):
            local_file(str(location))
    assert local_file(str(outside), operator=True) == outside


def test_nothing_is_allowed_by_default(write: Write) -> None:
    with pytest.raises(ForbiddenError):
        local_file(str(write("a.csv", ORDERS)))


def test_a_path_that_is_not_there() -> None:
    with pytest.raises(GovernError, match="no file at this path"):
        local_file("/no/such/file.csv", operator=True)


@pytest.mark.django_db
def test_a_page_cannot_create_what_it_may_not_read(organisation: Organisation) -> None:
    for source in (SourceSpec("path", "/etc/passwd"), SourceSpec("url", "file:///etc/passwd")):
        with pytest.raises(ForbiddenError):
            dataset_create(organisation=organisation, name="x", kind="items", source=source)


def test_upload_is_stored_under_a_random_name(home: Path) -> None:
    spec = upload_store(SimpleUploadedFile("../../evil.csv", ORDERS.encode()))
    (stored,) = (home / "files" / "uploads").iterdir()
    assert stored.name == spec.location
    assert len(spec.location) == 32
    assert stored.read_text() == ORDERS


@pytest.mark.django_db
def test_upload_is_registered(home: Path, register: Registers) -> None:
    snapshot = register("", source=upload_store(SimpleUploadedFile("orders.csv", ORDERS.encode())), operator=False)
    assert snapshot.rows == 3
    assert snapshot.dataset.source_options["filename"] == "orders.csv"


def test_upload_larger_than_allowed_leaves_nothing(home: Path, settings: LazySettings) -> None:
    settings.DATASET_MAX_BYTES = 10
    with pytest.raises(GovernError, match="larger than 10 bytes"):
        upload_store(SimpleUploadedFile("orders.csv", ORDERS.encode()))
    assert list((home / "files" / "uploads").iterdir()) == []


@pytest.mark.parametrize("location", ["../../govern.sqlite3", "/etc/passwd", "0" * 32])
def test_an_upload_is_named_by_its_random_name_alone(home: Path, location: str) -> None:
    spec = SourceSpec("upload", location)
    with (
        pytest.raises(GovernError, match="no longer there"),
        fetched(spec, folder=home, operator=False, progress=silent),
    ):
        pass


def test_unknown_kind_of_source(home: Path) -> None:
    with (
        pytest.raises(GovernError, match="no kind of source") as failure,
        fetched(SourceSpec("ftp", "x"), folder=home, operator=True, progress=silent),
    ):
        pass
    assert "path, upload, url" in failure.value.hint
