"""Data quality and privacy: what the rules measured on the datasets in use, each dataset counting the same.

In use are all datasets of the organisation that have a snapshot; what counts is the newest succeeded quality run of
the newest snapshot, and the newest succeeded search for personal data in it, if there was one (see searches.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import datasets_of, snapshots_of
from assessments.quality.models import Finding, PersonalDataHit, PersonalDataScan, QualityRun, RuleResult
from assessments.quality.scores import score_of
from assessments.quality.selectors import findings_of, results_of, runs_of
from assessments.scoring.indicators.registry import KNOWN, UNKNOWN, Ask, Context, Found, indicator, instant, oldest
from assessments.scoring.indicators.searches import Measured, hit_source, search_of, searched_at, worst_hit

UNIT = "share"


@dataclass(frozen=True)
class InUse:
    """A dataset in use: its newest snapshot, the newest quality run on it with its results, and the newest search of it
    for personal data with the hits that count: sure, unprotected, of a type that names people or is sensitive."""

    dataset: Dataset
    snapshot: Snapshot
    run: QualityRun | None
    results: list[RuleResult]
    search: PersonalDataScan | None = None
    hits: tuple[PersonalDataHit, ...] = ()

    @property
    def date(self) -> datetime | None:
        return None if self.run is None else self.run.finished_at or self.run.started_at


@indicator("quality_dimension")
def quality_dimension(ask: Ask) -> Found:
    """The share of rows that pass the rules of one dimension. Parameter: ``dimension``."""
    groups, sources, dates, missing = [], [], [], []
    for used, date, reason in _asked(ask):
        score = score_of(ask.parameters["dimension"], used.results)
        if reason or not score.shares or date is None:
            missing.append({"dataset": used.dataset.name, "reason": reason or "no_rule"})
            continue
        by_name = {result.rule_name: result for result in used.results}
        parts = [
            {
                "passing": share.checked - share.failing,
                "checked": share.checked,
                "weight": share.weight,
                "source": by_name[share.rule].pk,
            }
            for share in score.shares
        ]
        groups.append({"label": used.dataset.name, "parts": parts})
        sources += [_rule_source(used, by_name[share.rule]) for share in score.shares]
        dates.append(date)
    return _rates(groups, sources, dates, missing)


@indicator("personal_data_protected")
def personal_data_protected(ask: Ask) -> Found:
    """The share of rows free of unprotected personal data, by the rule or search of each dataset that finds most."""
    groups, sources, dates, missing = [], [], [], []
    for used, date, reason in _asked(ask):
        found = [_worst_rule(used, date)] if date is not None and not reason else []
        found += [worst_hit(used.search, used.hits, ask)]
        measured = [one for one in found if one is not None]
        if not measured:
            missing.append({"dataset": used.dataset.name, "reason": reason or "no_rule"})
            continue
        part, source, measured_at = min(measured, key=lambda one: one[0]["passing"] / one[0]["checked"])
        groups.append({"label": used.dataset.name, "parts": [part]})
        sources.append(source)
        dates.append(measured_at)
    return _rates(groups, sources, dates, missing)


def _worst_rule(used: InUse, date: datetime) -> Measured | None:
    found = [result for result in used.results if _about_personal_data(result) and result.rows_checked]
    if not found:
        return None
    worst = max(found, key=lambda result: result.rows_failing / result.rows_checked)
    part = {
        "passing": worst.rows_checked - worst.rows_failing,
        "checked": worst.rows_checked,
        "weight": 1.0,
        "source": worst.pk,
    }
    return part, _rule_source(used, worst), date


@indicator("datasets_checked")
def datasets_checked(ask: Ask) -> Found:
    """The share of the datasets in use whose newest snapshot was checked. Counted, so without uncertainty."""
    asked = _asked(ask)
    if not asked:
        return Found(UNKNOWN, UNIT, reason="no_dataset")
    checked = [(used, date) for used, date, reason in asked if not reason and date is not None]
    part = counted_part(len(checked), len(asked))
    return Found(
        KNOWN,
        UNIT,
        measure={"kind": "metric", "groups": [{"label": "datasets", "parts": [part]}]},
        date=oldest([date for _, date in checked]),
        sources=[run_source(used, date) for used, date in checked],
        missing=[{"dataset": used.dataset.name, "reason": reason} for used, _, reason in asked if reason],
    )


@indicator("unprotected_personal_data")
def unprotected_personal_data(ask: Ask) -> Found:
    """How many rules and searches found unprotected personal data in a dataset in use, each column of a search once.

    Accepting a finding does not lower it; dismissing a hit of a search does, since then it is no personal data.
    """
    in_use = datasets_in_use(ask.context)
    used = [(used, result) for used in in_use for result in used.results if _about_personal_data(result)]
    measured = [(one, result) for one, result in used if result.rows_checked]
    searched = [one for one in in_use if one.search is not None]
    if not measured and not searched:
        return Found(UNKNOWN, "rules", reason="no_rule")
    failing = [(one, result) for one, result in measured if result.rows_failing]
    hits = [hit_source(one.search, hit) for one in searched if one.search is not None for hit in one.hits]
    dates = [one.date for one, _ in measured if one.date]
    return Found(
        KNOWN,
        "rules" if not hits else "findings",
        measure={"kind": "count", "count": len(failing) + len(hits)},
        date=oldest(dates + [searched_at(one.search) for one in searched if one.search is not None]),
        sources=[_rule_source(one, result) for one, result in failing] + hits,
    )


@indicator("open_findings")
def open_findings(ask: Ask) -> Found:
    """How many findings of a severity were open at the moment asked for. Parameter: ``severity``.

    Open is also what was accepted until a day that has passed, before the next quality run says so, and what was
    resolved only after that moment. Unknown before the first quality run.
    """
    severity = ask.parameters["severity"]
    if not any(used.run for used in datasets_in_use(ask.context)):
        return Found(UNKNOWN, "findings", reason="not_checked")
    as_of = ask.context.as_of
    standing = (
        Q(state=Finding.State.OPEN)
        | Q(state=Finding.State.ACCEPTED, accepted_until__lt=localdate(as_of))
        | Q(state=Finding.State.RESOLVED, resolved_at__gt=as_of)
    )
    found = findings_of(ask.context.organisation).filter(standing, severity=severity, opened_at__lte=as_of)
    sources = [finding_source(finding) for finding in found.order_by("pk")]
    return Found(KNOWN, "findings", measure={"kind": "count", "count": len(sources)}, sources=sources)


def _about_personal_data(result: RuleResult) -> bool:
    return bool(result.parameters.get("personal_data"))


def datasets_in_use(context: Context) -> list[InUse]:
    return context.once("datasets in use", lambda: _read_in_use(context))


def _read_in_use(context: Context) -> list[InUse]:
    found = []
    for dataset in datasets_of(context.organisation):
        snapshots = snapshots_of(context.organisation).filter(dataset=dataset, created_at__lte=context.as_of)
        snapshot = snapshots.order_by("-number").first()
        if snapshot is None:
            continue
        run = (
            runs_of(context.organisation)
            .filter(snapshot=snapshot, state=QualityRun.State.SUCCEEDED, started_at__lte=context.as_of)
            .first()
        )
        search, hits = search_of(snapshot, context.as_of)
        found.append(InUse(dataset, snapshot, run, list(results_of(run)) if run else [], search, hits))
    return found


def _asked(ask: Ask) -> list[tuple[InUse, datetime | None, str]]:
    """The datasets in use, the date of their run, and why it does not count ("" when it does)."""
    rows = []
    for used in datasets_in_use(ask.context):
        date = used.date
        reason = "not_checked" if date is None else "" if ask.fresh(date) else "expired"
        rows.append((used, date, reason))
    return rows


def _rates(
    groups: list[dict[str, Any]], sources: list[dict[str, Any]], dates: list[datetime], missing: list[dict[str, str]]
) -> Found:
    if groups:
        measure = {"kind": "rates", "groups": groups}
        return Found(KNOWN, UNIT, measure=measure, date=oldest(dates), sources=sources, missing=missing)
    reasons = {one["reason"] for one in missing}
    reason = "no_dataset" if not missing else reasons.pop() if len(reasons) == 1 else "not_checked"
    return Found(UNKNOWN, UNIT, missing=missing, reason=reason)


def counted_part(counted: int, of: int) -> dict[str, Any]:
    """The part of a measure that is a share counted out: known without uncertainty."""
    return {"value": counted / of, "standard_error": 0.0, "counted": counted, "of": of}


def finding_source(finding: Finding) -> dict[str, Any]:
    return {
        "type": "finding",
        "id": finding.pk,
        "label": finding.title,
        "date": instant(finding.opened_at),
        "severity": finding.severity,
        "dataset": finding.dataset.name,
    }


def run_source(used: InUse, date: datetime) -> dict[str, Any]:
    return {
        "type": "quality_run",
        "id": used.run.pk if used.run else None,
        "label": used.dataset.name,
        "date": instant(date),
        "dataset": used.dataset.name,
        "dataset_id": used.dataset.pk,
        "snapshot": used.snapshot.number,
        "digest": used.snapshot.digest,
        "rows": used.snapshot.rows,
    }


def _rule_source(used: InUse, result: RuleResult) -> dict[str, Any]:
    """One measured rule; the digest is of the rows that it was measured on."""
    return {
        "type": "rule_result",
        "id": result.pk,
        "label": result.rule_name,
        "date": instant(used.date) if used.date else None,
        "dataset": used.dataset.name,
        "dataset_id": used.dataset.pk,
        "run": result.run_id,
        "rule": result.rule_id,
        "snapshot": used.snapshot.number,
        "digest": used.snapshot.digest,
        "check": result.check_name,
        "severity": result.severity,
        "rows_checked": result.rows_checked,
        "rows_failing": result.rows_failing,
        "threshold": result.threshold,
        "passed": result.passed,
    }
