"""The snapshot that a request is about."""

from typing import Any

from assessments.accounts.models import Organisation
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import dataset_get, snapshot_get, snapshot_newest


def snapshot_of(organisation: Organisation, given: dict[str, Any]) -> Snapshot:
    """The snapshot that the request names, or the newest of the dataset that it names."""
    if "snapshot" in given:
        return snapshot_get(organisation=organisation, pk=given["snapshot"])
    return snapshot_newest(dataset_get(organisation=organisation, pk=given["dataset"]))
