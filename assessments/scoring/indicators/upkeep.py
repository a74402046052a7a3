"""Upkeep: how far the datasets in use are described, ruled, searched and checked, and their findings seen to.

These are counted, not estimated, so they are without uncertainty. In use is what data.py says.
"""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.timezone import localdate

from assessments.datasets.models import Column
from assessments.quality.models import Finding, Rule
from assessments.quality.selectors import findings_of
from assessments.scoring.indicators.data import InUse, counted_part, datasets_in_use, finding_source, run_source
from assessments.scoring.indicators.registry import KNOWN, UNKNOWN, Ask, Found, indicator, instant, oldest
from assessments.scoring.indicators.searches import search_source, searched_at

SHARE, DAYS = "share", "days"
FINDINGS_NAMED = 20  # the newest of those counted: a list of thousands proves no more


@indicator("columns_with_role")
def columns_with_role(ask: Ask) -> Found:
    """The share of columns whose role is settled, in the newest snapshots; the mean over the datasets in use."""
    in_use = [used for used in datasets_in_use(ask.context) if ask.fresh(used.snapshot.created_at)]
    counts = {
        snapshot: (with_role, columns)
        for snapshot, with_role, columns in Column.objects.filter(snapshot__in=[used.snapshot.pk for used in in_use])
        .values_list("snapshot")
        .annotate(with_role=Count("pk", filter=~Q(role="")), columns=Count("pk"))
        .order_by("snapshot")
    }
    described = [used for used in in_use if used.snapshot.pk in counts]
    if not described:
        return Found(UNKNOWN, SHARE, reason="no_dataset")
    groups = [{"label": used.dataset.name, "parts": [counted_part(*counts[used.snapshot.pk])]} for used in described]
    return Found(
        KNOWN,
        SHARE,
        measure={"kind": "metric", "groups": groups},
        date=oldest([used.snapshot.created_at for used in described]),
        sources=[_snapshot_source(used) for used in described],
        missing=[
            {"dataset": used.dataset.name, "reason": "not_measured" if used in in_use else "expired"}
            for used in datasets_in_use(ask.context)
            if used not in described
        ],
    )


@indicator("datasets_with_rules")
def datasets_with_rules(ask: Ask) -> Found:
    """The share of the datasets in use that have a rule in use; dated by the last change of a rule."""
    in_use = datasets_in_use(ask.context)
    if not in_use:
        return Found(UNKNOWN, SHARE, reason="no_dataset")
    rules = Rule.objects.filter(
        dataset__in=[used.dataset.pk for used in in_use], enabled=True, created_at__lte=ask.context.as_of
    )
    changed: dict[int, datetime] = dict(rules.values_list("dataset").annotate(at=Max("changed_at")).order_by("dataset"))
    ruled = [used for used in in_use if used.dataset.pk in changed]
    date = max(changed.values(), default=max(used.snapshot.created_at for used in in_use))
    return _share_of_datasets(
        ruled, in_use, date=instant(date), sources=[_snapshot_source(used) for used in ruled], reason="no_rule"
    )


@indicator("datasets_searched")
def datasets_searched(ask: Ask) -> Found:
    """The share of the datasets in use whose newest snapshot was searched for personal data."""
    in_use = datasets_in_use(ask.context)
    if not in_use:
        return Found(UNKNOWN, SHARE, reason="no_dataset")
    searches = [
        (used, used.search) for used in in_use if used.search is not None and ask.fresh(searched_at(used.search))
    ]
    return _share_of_datasets(
        [used for used, _search in searches],
        in_use,
        date=oldest([searched_at(search) for _used, search in searches]),
        sources=[search_source(search) for _used, search in searches],
        reason="not_searched",
    )


@indicator("days_since_check")
def days_since_check(ask: Ask) -> Found:
    """The whole days that the dataset in use which waits longest has gone without a check.

    They count from the check of its newest snapshot, or from that snapshot where nothing has checked it. Unknown
    before the first check of any dataset.
    """
    in_use = datasets_in_use(ask.context)
    checked = [(used, used.date) for used in in_use if used.date is not None]
    if not checked:
        return Found(UNKNOWN, DAYS, reason="not_checked" if in_use else "no_dataset")
    since = min(used.date or used.snapshot.created_at for used in in_use)
    part = {"value": float((ask.context.as_of - since).days), "standard_error": 0.0}
    return Found(
        KNOWN,
        DAYS,
        measure={"kind": "metric", "groups": [{"label": "datasets", "parts": [part]}]},
        date=oldest([date for _used, date in checked]),
        sources=[run_source(used, date) for used, date in checked],
        missing=[{"dataset": used.dataset.name, "reason": "not_checked"} for used in in_use if used.date is None],
    )


@indicator("findings_settled")
def findings_settled(ask: Ask) -> Found:
    """The share of all findings that are resolved, or accepted with a reason until a day that has not passed."""
    as_of = ask.context.as_of
    settled = Q(state=Finding.State.RESOLVED, resolved_at__lte=as_of) | (
        Q(state=Finding.State.ACCEPTED) & (Q(accepted_until__isnull=True) | Q(accepted_until__gte=localdate(as_of)))
    )
    return _share_of_findings(ask, settled)


@indicator("findings_owned")
def findings_owned(ask: Ask) -> Found:
    """The share of all findings that have an owner."""
    return _share_of_findings(ask, Q(owner__isnull=False))


def _share_of_findings(ask: Ask, counts: Q) -> Found:
    found: QuerySet[Finding] = findings_of(ask.context.organisation).filter(opened_at__lte=ask.context.as_of)
    total = found.count()
    if not total:
        return Found(UNKNOWN, SHARE, reason="no_finding")
    newest = list(found.filter(counts).order_by("-opened_at", "-pk")[:FINDINGS_NAMED])
    part = counted_part(found.filter(counts).count(), total)
    last = found.order_by("-opened_at").values_list("opened_at", flat=True)[0]
    return Found(
        KNOWN,
        SHARE,
        measure={"kind": "metric", "groups": [{"label": "findings", "parts": [part]}]},
        date=instant(last),
        sources=[finding_source(finding) for finding in newest],
    )


def _share_of_datasets(
    counted: list[InUse], in_use: list[InUse], *, date: str | None, sources: list[dict[str, Any]], reason: str
) -> Found:
    part = counted_part(len(counted), len(in_use))
    return Found(
        KNOWN,
        SHARE,
        measure={"kind": "metric", "groups": [{"label": "datasets", "parts": [part]}]},
        date=date,
        sources=sources,
        missing=[{"dataset": used.dataset.name, "reason": reason} for used in in_use if used not in counted],
    )


def _snapshot_source(used: InUse) -> dict[str, Any]:
    return {
        "type": "snapshot",
        "id": used.snapshot.pk,
        "label": used.dataset.name,
        "date": instant(used.snapshot.created_at),
        "dataset": used.dataset.name,
        "dataset_id": used.dataset.pk,
        "snapshot": used.snapshot.number,
        "digest": used.snapshot.digest,
        "rows": used.snapshot.rows,
    }
