"""Searching for personal data before anything of a snapshot's rows is kept or shown."""

import logging
from time import sleep

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.common.errors import CancelledError
from assessments.common.progress import Fence, Progress, part
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import snapshot_latest
from assessments.jobs.errors import JobLostError
from assessments.jobs.models import Job
from assessments.jobs.runner import trace_of
from assessments.quality.models import PersonalDataScan
from assessments.quality.personal_data.looked import columns_unsearched, is_searched, search_ended_badly
from assessments.quality.services.personal_data import personal_data_scan

logger = logging.getLogger(__name__)
State = PersonalDataScan.State
PAUSE = 0.5  # seconds between two looks at a search that somebody else makes
SHARE = 0.3  # of a piece of work that its search takes, as its progress tells it


def searched_first(*, snapshot: Snapshot, job_id: int | None, progress: Progress, fence: Fence) -> Progress:
    """Have the snapshot searched unless it is, or was tried in vain; returns the progress that is left for the rest.

    Whatever goes wrong with the search, the rest goes on: texts that nobody has searched are masked in it. A search
    that another worker makes is waited for. Tables that stay in their database are searched only when asked.
    """
    if snapshot.in_place or not columns_unsearched(snapshot):
        return progress
    mine = part(progress, 0.0, SHARE)
    _wait_for_others(snapshot, job_id, mine)
    if is_searched(snapshot) or search_ended_badly(snapshot, but=job_id) or _died_in_it(snapshot, job_id, fence):
        return part(progress, SHARE, 1.0)
    try:
        personal_data_scan(snapshot=snapshot, job_id=job_id, progress=mine, fence=fence)
    except (CancelledError, JobLostError):
        raise
    except Exception as error:
        logger.error("the search for personal data before job %s failed\n%s", job_id, trace_of(error))
    return part(progress, SHARE, 1.0)


def new_snapshot_search(
    *, snapshot: Snapshot, job_id: int, progress: Progress, fence: Fence
) -> PersonalDataScan | None:
    """The search that starts by itself: None where other work has searched the snapshot meanwhile, or a newer one is
    there, whose own search it would only hold up."""
    own = PersonalDataScan.objects.filter(job_id=job_id).exists()
    newest = snapshot_latest(snapshot.dataset)
    if not own and (is_searched(snapshot) or (newest is not None and newest.pk != snapshot.pk)):
        return None
    return personal_data_scan(snapshot=snapshot, job_id=job_id, progress=progress, fence=fence)


def _wait_for_others(snapshot: Snapshot, job_id: int | None, progress: Progress) -> None:
    """Wait while a job that is alive searches the snapshot; of a dead one the lease ends."""
    others = PersonalDataScan.objects.filter(snapshot=snapshot, state=State.RUNNING, job__state=Job.State.RUNNING)
    if job_id is not None:
        others = others.exclude(job_id=job_id)
    while others.filter(job__lease_expires_at__gt=timezone.now()).exists():
        progress(0.0, _("Waiting for the search for personal data"))
        sleep(PAUSE)


def _died_in_it(snapshot: Snapshot, job_id: int | None, fence: Fence) -> bool:
    """Whether an earlier attempt at this job was killed in the search: it is not tried a second time, so that a search
    that is too big for the machine does not keep its rules from being measured."""
    if job_id is None:
        return False
    left = PersonalDataScan.objects.filter(snapshot=snapshot, job_id=job_id, state=State.RUNNING)
    if not left.exists():
        return False
    with fence():
        left.update(state=State.FAILED)
    return True
