"""Reading what searches for personal data found; always within one organisation."""

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import NotFoundError
from assessments.datasets.models import Dataset
from assessments.quality.models import PersonalDataHit, PersonalDataScan


def personal_data_scans_of(organisation: Organisation) -> QuerySet[PersonalDataScan]:
    """The organisation's searches, the newest first, with ``hit_count``."""
    return (
        PersonalDataScan.objects.filter(snapshot__dataset__organisation=organisation)
        .select_related("snapshot__dataset", "job")
        .annotate(hit_count=Count("hits"))
        .order_by("-started_at", "-pk")
    )


def personal_data_scan_get(*, organisation: Organisation, pk: int) -> PersonalDataScan:
    found = personal_data_scans_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such search for personal data."))
    return found


def personal_data_scan_latest(dataset: Dataset) -> PersonalDataScan | None:
    """The dataset's newest search that succeeded, with its hits read."""
    succeeded = PersonalDataScan.objects.filter(snapshot__dataset=dataset, state=PersonalDataScan.State.SUCCEEDED)
    hits = Prefetch(
        "hits", PersonalDataHit.objects.select_related("decided_by").order_by("-confidence", "column", "pk")
    )
    return succeeded.select_related("snapshot__dataset").prefetch_related(hits).order_by("-started_at", "-pk").first()


def personal_data_hits_of(organisation: Organisation) -> QuerySet[PersonalDataHit]:
    """What the organisation's searches found, the newest search first, the surest hit first."""
    return (
        PersonalDataHit.objects.filter(scan__snapshot__dataset__organisation=organisation)
        .select_related("scan__snapshot__dataset", "decided_by")
        .order_by("-scan_id", "-confidence", "pk")
    )


def personal_data_hit_get(*, organisation: Organisation, pk: int) -> PersonalDataHit:
    found = personal_data_hits_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such hit."))
    return found
