"""Reading profiles and suggested rules."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import NotFoundError
from assessments.datasets.models import Dataset, Snapshot
from assessments.jobs.models import Job
from assessments.quality.models import Profile, RuleSuggestion


def profile_for(snapshot: Snapshot) -> Profile | None:
    return Profile.objects.filter(snapshot=snapshot).select_related("job").first()


def profile_before(snapshot: Snapshot) -> Profile | None:
    """The profile of the newest earlier snapshot of the dataset that has one."""
    earlier = Profile.objects.filter(snapshot__dataset=snapshot.dataset_id, snapshot__number__lt=snapshot.number)
    return earlier.select_related("snapshot").order_by("-snapshot__number").first()


def profiles_of(organisation: Organisation) -> QuerySet[Profile]:
    """The organisation's profiles, the newest first."""
    return (
        Profile.objects.filter(snapshot__dataset__organisation=organisation)
        .select_related("snapshot__dataset")
        .order_by("-created_at", "-pk")
    )


def snapshots_unprofiled(limit: int) -> list[Snapshot]:
    """The newest snapshots of datasets, of whatever organisation, that have no profile and for which none was tried.

    Tables that stay in their database are left out: their owner decides when they are read as a whole.
    """
    later = Snapshot.objects.filter(dataset=OuterRef("dataset"), number__gt=OuterRef("number"))
    newest = Snapshot.objects.filter(~Exists(later), profile=None, in_place=False)
    waiting = list(newest.select_related("dataset__organisation").order_by("-pk")[: 10 * limit])
    tried = set(
        Job.objects.filter(
            kind="quality.profile", parameters__snapshot_id__in=[snapshot.pk for snapshot in waiting]
        ).values_list("parameters__snapshot_id", flat=True)
    )
    return [snapshot for snapshot in waiting if snapshot.pk not in tried][:limit]


def suggestions_of(organisation: Organisation) -> QuerySet[RuleSuggestion]:
    """The organisation's suggested rules: for each snapshot the most telling first."""
    return (
        RuleSuggestion.objects.filter(snapshot__dataset__organisation=organisation)
        .select_related("snapshot__dataset", "decided_by", "rule")
        .order_by("-snapshot__created_at", "pk")
    )


def suggestions_open(dataset: Dataset) -> QuerySet[RuleSuggestion]:
    open_ones = RuleSuggestion.objects.filter(snapshot__dataset=dataset, state=RuleSuggestion.State.OPEN)
    return open_ones.select_related("snapshot").order_by("pk")


def suggestion_get(*, organisation: Organisation, pk: int) -> RuleSuggestion:
    found = suggestions_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such suggestion."))
    return found
