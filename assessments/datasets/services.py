"""Writing datasets: registering them, taking snapshots, confirming what columns mean."""

from django.db import transaction

from assessments.accounts.models import Organisation, User
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.sources import SourceSpec


def dataset_create(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    source: SourceSpec,
    roles: dict[str, str] | None = None,
    user: User | None = None,
    description: str = "",
) -> Dataset:
    """Create the row of a dataset whose first snapshot a job will take; pages and the API begin with this."""
    raise NotImplementedError


def dataset_register(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    source: SourceSpec,
    roles: dict[str, str] | None = None,
    user: User | None = None,
    description: str = "",
    operator: bool = False,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Snapshot:
    """Register a dataset and take its first snapshot, or a new one of an existing name of the same kind.

    ``operator`` is true only for the command line, which may read any path.
    """
    raise NotImplementedError


def snapshot_take(
    *,
    dataset: Dataset,
    user: User | None = None,
    operator: bool = False,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Snapshot:
    """Read the dataset's source once more."""
    raise NotImplementedError


def roles_confirm(*, snapshot: Snapshot, roles: dict[str, str], user: User | None = None) -> Snapshot:
    """Say what the columns mean: {role: column name}, in place of what was said before."""
    raise NotImplementedError
