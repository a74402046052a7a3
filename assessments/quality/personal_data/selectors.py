"""Reading what searches for personal data found; always within one organisation."""

from collections.abc import Mapping

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import NotFoundError
from assessments.common.masking import personal_columns
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import roles_of
from assessments.quality.models import PersonalDataHit, PersonalDataScan
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.looked import columns_unsearched


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


def masked_columns(snapshot: Snapshot, roles: Mapping[str, str] | None = None) -> frozenset[str]:
    """The columns whose values are masked: those about people, and those that may be for all that anybody knows.

    ``roles`` maps roles to columns, the confirmed ones if not given.
    """
    return columns_about_people(snapshot, roles) | columns_unsearched(snapshot, roles)


def columns_about_people(snapshot: Snapshot, roles: Mapping[str, str] | None = None) -> frozenset[str]:
    """The columns that are about a person by name or by role, and those that a search found to be."""
    names = list(snapshot.columns.order_by("position").values_list("name", flat=True))
    known = personal_columns(names, roles_of(snapshot) if roles is None else roles)
    return known | (columns_found(snapshot.dataset_id) & set(names))


def columns_found(dataset_id: int) -> frozenset[str]:
    """The columns in which a search of the dataset found something about a person that nobody dismissed since."""
    hits = PersonalDataHit.objects.filter(scan__snapshot__dataset=dataset_id).order_by("scan_id", "pk")
    newest = {(column, kind): decision for column, kind, decision in hits.values_list("column", "entity", "decision")}
    return frozenset(column for (column, kind), decision in newest.items() if _hides(kind, decision))


def _hides(kind: str, decision: str) -> bool:
    """A town or a gender tells nobody by itself, so that its values are shown until someone confirms the hit."""
    if decision != PersonalDataHit.Decision.OPEN:
        return decision == PersonalDataHit.Decision.CONFIRMED
    found = entity(kind)
    return found.personal and (found.kind != "quasi" or found.sensitive or kind == "birth_date")
