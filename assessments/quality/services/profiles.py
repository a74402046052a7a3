"""Making the profile of a snapshot."""

from time import perf_counter

from django.db import transaction

from assessments.common.progress import Fence, Progress, part, silent
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import roles_of, roles_suggested
from assessments.datasets.services import meanings_complete
from assessments.quality.models import Profile
from assessments.quality.personal_data.looked import columns_unsearched
from assessments.quality.personal_data.selectors import columns_about_people
from assessments.quality.profile import VERSION, profile_of
from assessments.quality.services.opening import snapshot_open
from assessments.quality.services.searching import searched_first


def profile_make(
    *,
    snapshot: Snapshot,
    again: bool = False,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Profile:
    """Measure what the snapshot looks like and keep it; one that is there already is returned unless ``again``.

    Columns whose meaning is open are looked at by the sentence encoder first: not for a web process.
    """
    standing = Profile.objects.filter(snapshot=snapshot).first()
    if standing is not None and standing.content.get("version") == VERSION and not again:
        return standing
    progress(0.0)
    progress = searched_first(snapshot=snapshot, job_id=job_id, progress=progress, fence=fence)
    meanings_complete(snapshot=snapshot)
    started = perf_counter()
    roles = roles_known(snapshot)
    unsearched = columns_unsearched(snapshot, roles)
    with snapshot_open(snapshot) as scanner:
        content = profile_of(
            scanner,
            kind=snapshot.dataset.kind,
            roles=roles,
            masked=columns_about_people(snapshot, roles) | unsearched,
            progress=part(progress, 0.1, 1.0),
        )
    content |= {"roles": roles, "unsearched": sorted(unsearched)}
    seconds = perf_counter() - started
    with fence():
        profile, _created = Profile.objects.update_or_create(
            snapshot=snapshot, defaults={"content": content, "seconds": seconds, "job_id": job_id}
        )
    return profile


def roles_known(snapshot: Snapshot) -> dict[str, str]:
    """{role: column}: the confirmed ones, and the suggested ones of columns and roles that have no confirmed one."""
    confirmed = roles_of(snapshot)
    taken = set(confirmed.values())
    suggested = {role: column for role, column in roles_suggested(snapshot).items() if column not in taken}
    return {**suggested, **confirmed}
