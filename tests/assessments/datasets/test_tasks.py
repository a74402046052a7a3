"""The job that reads a dataset which a page or the API created."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from assessments.accounts.models import Organisation
from assessments.common.errors import GovernError
from assessments.common.progress import silent
from assessments.datasets.models import Snapshot
from assessments.datasets.services import dataset_create
from assessments.datasets.sources import SourceSpec
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job
from tests.assessments.datasets.conftest import ORDERS

pytestmark = pytest.mark.django_db(transaction=True)
Write = Callable[..., Path]


def run(organisation: Organisation, path: Path) -> Job:
    source = SourceSpec("path", str(path))
    dataset = dataset_create(organisation=organisation, name="orders", kind="interactions", source=source)
    return job_run_here(
        organisation=organisation,
        kind="datasets.register",
        subject=dataset.name,
        parameters={"dataset_id": dataset.pk},
        progress=silent,
    )


def test_register(organisation: Organisation, write: Write, home: Path, settings: LazySettings) -> None:
    settings.DATASET_LOCAL_PATHS = [home]
    job = run(organisation, write("a.csv", ORDERS))
    snapshot = Snapshot.objects.get()
    assert job.state == Job.State.SUCCEEDED
    assert job.result["digest"] == snapshot.digest
    assert job.result["rows"] == 3


def test_a_file_that_cannot_be_read_fails_the_job_with_its_reason(
    organisation: Organisation, write: Write, home: Path, settings: LazySettings
) -> None:
    settings.DATASET_LOCAL_PATHS = [home]
    with pytest.raises(GovernError, match="no rows"):
        run(organisation, write("a.csv", "a,b\n"))
    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert "no rows" in job.error
    assert job.hint
    assert job.trace == ""
    assert not Snapshot.objects.exists()
