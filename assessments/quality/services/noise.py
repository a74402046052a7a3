"""Publishing counts of a column with noise, within the privacy budget of the dataset."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.common.progress import Fence, Progress, part, silent
from assessments.datasets.models import Dataset, Snapshot
from assessments.quality.checks.base import require_column
from assessments.quality.models import NoisyCounts
from assessments.quality.repairs.noise import Value, margin, noisy, true_counts
from assessments.quality.selectors import privacy_spent
from assessments.quality.services.opening import snapshot_open

MOST_VALUES = 1_000
LEAST_EPSILON = 0.001


def noisy_counts_publish(
    *,
    snapshot: Snapshot,
    column: str,
    values: Sequence[Value],
    epsilon: float,
    unit: str = "",
    most: int = 1,
    user: User | None = None,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> NoisyCounts:
    """Count ``values`` of ``column`` with noise, keep the result and what it costs of the dataset's budget.

    The values are named by the asker, since a list taken from the data would tell that a rare value is there. Counts
    that were published before are returned as they are and cost nothing more.
    """
    _refuse(values, epsilon, most)
    content = {"column": column, "values": list(values), "epsilon": epsilon, "unit": unit, "most": most}
    same = NoisyCounts.objects.filter(snapshot=snapshot, **content)
    known = same.first()
    if known is not None:
        return known
    _require_budget(snapshot.dataset, epsilon)
    with snapshot_open(snapshot) as scanner:
        table = scanner.table
        of = table[require_column(unit, scanner.names)] if unit else None
        counted = table[require_column(column, scanner.names)]
        if counted.type().is_floating():
            raise GovernError(
                _("“%(name)s” holds decimal numbers, of which no list can be counted.") % {"name": column},
                where=_("column “%(name)s”") % {"name": column},
                hint=_("Make it coarser first (repair “generalise”)."),
            )
        share = part(progress, 0.1, 0.9)
        counts = true_counts(table, scanner.row or "", scanner.runner, counted, values, of, most, share)
    told = noisy(counts, epsilon=epsilon, most=most)
    progress(0.95)
    with fence():
        Dataset.objects.select_for_update().get(pk=snapshot.dataset_id)
        known = same.first()
        if known is not None:  # another one asked the same meanwhile, and has paid for it
            return known
        _require_budget(snapshot.dataset, epsilon)
        published = NoisyCounts.objects.create(
            dataset=snapshot.dataset,
            snapshot=snapshot,
            job_id=job_id,
            margin=margin(epsilon, most),
            counts=[{"value": value, "count": count} for value, count in zip([*values, None], told, strict=True)],
            created_by=user,
            **content,
        )
        event_record(
            organisation=snapshot.dataset.organisation,
            actor=user,
            action="dataset.counts",
            subject=snapshot.dataset.name,
            detail={"snapshot": snapshot.number, "column": column, "epsilon": epsilon, "unit": unit},
        )
    return published


def _refuse(values: Sequence[Value], epsilon: float, most: int) -> None:
    if not LEAST_EPSILON <= epsilon <= 10:
        raise GovernError(
            _("Epsilon must be from 0.001 to 10."), where="epsilon", hint=_("1 is usual; less is more private.")
        )
    if not 1 <= len(values) <= MOST_VALUES or len({str(value) for value in values}) != len(values):
        raise GovernError(
            _("Name 1 to 1,000 different values."), where="values", hint=_("All others are counted together.")
        )
    if not 1 <= most <= len(values) + 1:
        raise GovernError(_("One unit counts for at least one value, and for no more than there are."), where="most")


def _require_budget(dataset: Dataset, epsilon: float) -> None:
    left = settings.PRIVACY_BUDGET - privacy_spent(dataset)
    if epsilon > left + 1e-9:
        raise ConflictError(
            _("The privacy budget of this dataset has %(left)s left, and this would cost %(epsilon)s.")
            % {"left": f"{max(left, 0):.3g}", "epsilon": f"{epsilon:.3g}"},
            where="epsilon",
            hint=_(
                "Use the counts that are published, or a smaller epsilon. GOVERN_PRIVACY_BUDGET is the whole budget."
            ),
        )
