"""Writing datasets: registering them, taking snapshots, changing their source, confirming what columns mean."""

from assessments.datasets.services.meanings import meanings_complete
from assessments.datasets.services.registration import dataset_create, dataset_register, snapshot_take
from assessments.datasets.services.snapshots import roles_confirm
from assessments.datasets.services.source_changes import dataset_source_change

__all__ = [
    "dataset_create",
    "dataset_register",
    "dataset_source_change",
    "meanings_complete",
    "roles_confirm",
    "snapshot_take",
]
