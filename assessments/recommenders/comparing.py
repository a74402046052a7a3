"""Runs beside each other: paired differences on the same people, or the reason why there can be none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.recommenders import ml_adapter
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.places import VALUES, file_inside

MOST = 8
LEVEL = 0.05  # the share of chance among differences that are called one, once there are several
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Difference:
    """``run`` less ``against`` in one metric, over the users that both were tested on, with its 95 % interval.

    ``p_value`` is that of a paired permutation test; ``adjusted_p`` the same adjusted for those beside it, None for a
    difference that stands alone. ``verdict`` is better, worse, no_difference or unknown: alone, an interval without
    zero says that one is better; of several, an adjusted p-value of at most LEVEL.
    """

    run: int
    against: int
    metric: str
    value: float | None
    low: float | None
    high: float | None
    users: int
    p_value: float = 1.0
    adjusted_p: float | None = None

    @property
    def verdict(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "unknown"
        if self.adjusted_p is not None:
            apart = self.adjusted_p <= LEVEL and self.value != 0
            return ("better" if self.value > 0 else "worse") if apart else "no_difference"
        return "better" if self.low > 0 else "worse" if self.high < 0 else "no_difference"


def check_comparable(runs: Sequence[TrainingRun]) -> None:
    """Raise GovernError, with the reason, for runs whose numbers must not stand beside each other."""
    if not 2 <= len(runs) <= MOST:
        raise GovernError(_("Choose from 2 to %(most)s runs to compare.") % {"most": MOST}, where="runs")
    first = runs[0]
    for run in runs:
        if run.state != TrainingRun.State.SUCCEEDED:
            raise GovernError(
                _("Run %(number)s has no results.") % {"number": run.pk}, where="runs", hint=_("Leave it out.")
            )
        if run.dataset_id != first.dataset_id or run.snapshot_id != first.snapshot_id:
            raise GovernError(
                _("Runs %(one)s and %(other)s were tested on different data.") % {"one": first.pk, "other": run.pk},
                where="runs",
                hint=_("Compare runs on the same snapshot of the same dataset."),
            )
        if run.protocol_digest != first.protocol_digest:
            raise GovernError(
                _("Runs %(one)s and %(other)s were tested in different ways: %(fields)s differ.")
                % {"one": first.pk, "other": run.pk, "fields": ", ".join(_differing(first, run))},
                where="runs",
                hint=_("Compare runs with the same split and the same treatment of items already bought."),
            )


def differences_of(runs: Sequence[TrainingRun], metric: str) -> list[Difference]:
    """Each run less the first, in one metric. GovernError when they must not be compared or a run kept no values."""
    return differences_in(runs, [metric])


def differences_in(runs: Sequence[TrainingRun], metrics: Sequence[str]) -> list[Difference]:
    """Each run less the first in each metric, metric by metric, held to account for being many."""
    check_comparable(runs)
    return controlled([difference_of(run, runs[0], metric) for metric in metrics for run in runs[1:]])


def controlled(differences: Sequence[Difference]) -> list[Difference]:
    """The same with adjusted p-values; one alone is left as it is."""
    if len(differences) < 2:
        return list(differences)
    adjusted = ml_adapter.adjusted_p_values([each.p_value for each in differences])
    return [replace(each, adjusted_p=p_value) for each, p_value in zip(differences, adjusted, strict=True)]


def difference_of(run: TrainingRun, against: TrainingRun, metric: str) -> Difference:
    """One paired difference; kept for a day, because resampling a large shop takes seconds."""
    ours, theirs = _values_of(run), _values_of(against)
    key = f"difference-2:{run.values_key}:{against.values_key}:{metric}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = ml_adapter.compare_values(ours, theirs, metric)
        cache.set(key, found, KEPT_SECONDS)
    return Difference(run=run.pk, against=against.pk, metric=metric, **found)


def _values_of(run: TrainingRun) -> Path:
    path = file_inside(run.values_key, VALUES)
    if path is None:
        raise GovernError(
            _("Run %(number)s kept no values of each user.") % {"number": run.pk},
            where="runs",
            hint=_("Train it again: runs of today keep them."),
        )
    return path


def _differing(one: TrainingRun, other: TrainingRun) -> list[str]:
    """The fields of the protocol that differ, in words."""
    words = {
        "split": _("split"),
        "train_until": _("end of the learning part"),
        "test_until": _("end of the test"),
        "repeats": _("items already bought"),
        "cutoffs": _("length of the lists"),
        "preparation": _("preparation of the rows"),
    }
    names = dict.fromkeys([*one.protocol, *other.protocol])
    differing = [name for name in names if name != "digest" and one.protocol.get(name) != other.protocol.get(name)]
    return [words.get(name, name) for name in differing]
