"""Reading profiles and suggested rules."""

from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import NotFoundError
from assessments.datasets.models import Dataset, Snapshot
from assessments.quality.models import PersonalDataScan, Profile, RuleSuggestion
from assessments.quality.personal_data.looked import SEARCH, jobs_for, newest_snapshots


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
    """The newest snapshots whose search for personal data has ended, that have no profile and for which none was tried.

    A search ends well or badly: one that failed or was cancelled keeps no snapshot from being looked at.
    """
    searched = PersonalDataScan.objects.filter(snapshot=OuterRef("pk"), state=PersonalDataScan.State.SUCCEEDED)
    waiting = list(newest_snapshots().filter(profile=None))
    done = set(newest_snapshots().filter(Exists(searched), profile=None).values_list("pk", flat=True))
    asked, under_way = jobs_for(SEARCH, waiting), jobs_for(SEARCH, waiting, under_way=True)
    tried = jobs_for("quality.profile", waiting)
    ended = [one for one in waiting if one.pk in done or (one.pk in asked and one.pk not in under_way)]
    return [snapshot for snapshot in ended if snapshot.pk not in tried][:limit]


def suggestions_of(organisation: Organisation) -> QuerySet[RuleSuggestion]:
    """The organisation's suggested rules: for each snapshot the most telling first."""
    return (
        RuleSuggestion.objects.filter(snapshot__dataset__organisation=organisation)
        .select_related("snapshot__dataset", "decided_by", "rule")
        .order_by("-snapshot__created_at", "pk")
    )


def suggestions_open(dataset: Dataset) -> QuerySet[RuleSuggestion]:
    """Those that are not decided: first what flags rows, then what only watches."""
    open_ones = RuleSuggestion.objects.filter(snapshot__dataset=dataset, state=RuleSuggestion.State.OPEN)
    watches = Case(When(rows_flagged__gt=0, then=0), default=1)
    return open_ones.select_related("snapshot").order_by(watches, "pk")


def suggestion_get(*, organisation: Organisation, pk: int) -> RuleSuggestion:
    found = suggestions_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such suggestion."))
    return found
