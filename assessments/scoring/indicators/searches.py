"""What searches for personal data tell the score: the hits that count, and where they can be looked at.

A hit counts when it is sure or confirmed, unprotected, not dismissed, and names or reaches people or is sensitive. Age,
place and the like open findings but do not hold the level down: without names they are what most shops analyse.
"""

from datetime import datetime
from typing import Any

from assessments.datasets.models import Snapshot
from assessments.quality.models import PersonalDataHit, PersonalDataScan
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.services.personal_data import is_leak
from assessments.scoring.indicators.registry import Ask, instant

# A measured part, its source and its date.
Measured = tuple[dict[str, Any], dict[str, Any], datetime]


def search_of(snapshot: Snapshot, as_of: datetime) -> tuple[PersonalDataScan | None, tuple[PersonalDataHit, ...]]:
    """The newest search of the snapshot that had succeeded at that moment, with the hits that count."""
    scans = PersonalDataScan.objects.filter(snapshot=snapshot, state=PersonalDataScan.State.SUCCEEDED)
    scan = (
        scans.filter(started_at__lte=as_of).select_related("snapshot__dataset").order_by("-started_at", "-pk").first()
    )
    if scan is None:
        return None, ()
    hits = scan.hits.order_by("pk")
    return scan, tuple(hit for hit in hits if is_leak(hit) and entity(hit.entity).kind != "quasi")


def searched_at(scan: PersonalDataScan) -> datetime:
    return scan.finished_at or scan.started_at


def worst_hit(scan: PersonalDataScan | None, hits: tuple[PersonalDataHit, ...], ask: Ask) -> Measured | None:
    """The rows free of the type that most rows hold; all rows when none counts; None without a search that does."""
    if scan is None or not scan.rows or not ask.fresh(searched_at(scan)):
        return None
    worst = max(hits, key=lambda hit: hit.rows, default=None)
    holding = min(worst.rows, scan.rows) if worst else 0
    part = {"passing": scan.rows - holding, "checked": scan.rows, "weight": 1.0}
    return part, hit_source(scan, worst) if worst else search_source(scan), searched_at(scan)


def hit_source(scan: PersonalDataScan, hit: PersonalDataHit) -> dict[str, Any]:
    """One hit; the label names the column."""
    return search_source(scan) | {
        "type": "personal_data_hit",
        "id": hit.pk,
        "label": f"{hit.column}: {hit.entity}",
        "column": hit.column,
        "entity": hit.entity,
        "confidence": hit.confidence,
        "rows_failing": hit.rows,
    }


def search_source(scan: PersonalDataScan) -> dict[str, Any]:
    snapshot = scan.snapshot
    return {
        "type": "personal_data_scan",
        "id": scan.pk,
        "label": snapshot.dataset.name,
        "date": instant(searched_at(scan)),
        "dataset": snapshot.dataset.name,
        "dataset_id": snapshot.dataset_id,
        "scan": scan.pk,
        "snapshot": snapshot.number,
        "digest": snapshot.digest,
        "rows": scan.rows,
    }
