"""Training runs that wait for their job."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import roles_of, snapshot_newest
from assessments.jobs.models import Job
from assessments.recommenders import ml_adapter
from assessments.recommenders.models import TrainingRun

REPEATS = ("allowed", "masked")
REQUIRED_ROLES = ("user", "item", "time")


@transaction.atomic
def training_run_create(
    *,
    dataset: Dataset,
    model_name: str,
    split: str,
    options: dict[str, Any] | None = None,
    seed: int = 0,
    repeats: str = "allowed",
    items_dataset: Dataset | None = None,
    users_dataset: Dataset | None = None,
) -> TrainingRun:
    """A run that waits for its job; GovernError names a wrong model, option, split, seed or a missing role."""
    check_request(dataset, split=split, repeats=repeats, seed=seed)
    checked = ml_adapter.check_model(model_name, options or {})
    snapshot = snapshot_with_roles(dataset, REQUIRED_ROLES)
    return TrainingRun.objects.create(
        dataset=dataset,
        snapshot=snapshot,
        items_snapshot=side_table(items_dataset, dataset, Dataset.Kind.ITEMS, "item"),
        users_snapshot=side_table(users_dataset, dataset, Dataset.Kind.USERS, "user"),
        model_name=model_name,
        options=checked,
        split=split,
        repeats=repeats,
        seed=seed,
    )


@transaction.atomic
def training_run_assign(*, run: TrainingRun, job: Job) -> TrainingRun:
    """Say which job does this run, so that a page can follow it from the first moment."""
    TrainingRun.objects.filter(job=job).exclude(pk=run.pk).update(job=None)
    run.job = job
    run.save(update_fields=["job"])
    return run


def check_request(dataset: Dataset, *, split: str, repeats: str, seed: int) -> None:
    """Raise GovernError for what no training and no tuning can begin with."""
    if dataset.kind != Dataset.Kind.INTERACTIONS:
        raise GovernError(
            _("A recommender is trained on interactions; “%(name)s” holds something else.") % {"name": dataset.name},
            where="dataset",
            hint=_("Choose a dataset of the kind interactions."),
        )
    if repeats not in REPEATS:
        raise GovernError(
            _("“%(value)s” is not a way to treat items already bought.") % {"value": str(repeats)[:50]},
            where="repeats",
            hint=_("Choose allowed or masked."),
        )
    if not 0 <= seed <= 2**31 - 1:
        raise GovernError(_("The seed must be a whole number from 0 to 2147483647."), where="seed")
    ml_adapter.check_split(split)


def snapshot_with_roles(dataset: Dataset, needed: tuple[str, ...]) -> Snapshot:
    snapshot = snapshot_newest(dataset)
    missing = [role for role in needed if role not in roles_of(snapshot)]
    if missing:
        raise GovernError(
            _("“%(name)s” has no column with the role %(roles)s.")
            % {"name": dataset.name, "roles": ", ".join(missing)},
            where=", ".join(missing),
            hint=_("Say on the page of the dataset which column it is."),
        )
    return snapshot


def side_table(table: Dataset | None, dataset: Dataset, kind: str, role: str) -> Snapshot | None:
    if table is None:
        return None
    if table.kind != kind or table.organisation_id != dataset.organisation_id:
        raise GovernError(
            _("“%(name)s” cannot be used as the table of %(kind)s.")
            % {"name": table.name, "kind": Dataset.Kind(kind).label},
            where="dataset",
        )
    return snapshot_with_roles(table, (role,))
