"""Searching snapshots for personal data, deciding on what was found, and measuring how easily people are told apart."""

from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.common.progress import Fence, Progress, part, silent
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import roles_of, roles_suggested, snapshot_latest
from assessments.quality.finding_words import NOT_FOUND, PROTECTED, UNPROTECTED, UNSURE
from assessments.quality.models import Finding, PersonalDataHit, PersonalDataScan
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.judging import SURE
from assessments.quality.personal_data.risk import Risk, measure_risk
from assessments.quality.personal_data.search import Found, search
from assessments.quality.personal_data.selectors import personal_data_scan_latest
from assessments.quality.personal_data.tagging import trained_tagger
from assessments.quality.services.findings import finding_open, finding_resolve
from assessments.quality.services.hiding import kept_values_hide
from assessments.quality.services.opening import snapshot_open

Decision = PersonalDataHit.Decision
State = PersonalDataScan.State
MOST_COLUMNS = 8  # by which people are told apart at once


def personal_data_scan(
    *,
    snapshot: Snapshot,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> PersonalDataScan:
    """Look for personal data in ``snapshot``, keep what was found and bring the findings up to date.

    A job that runs again takes up its own search: one that has succeeded is returned as it is. Loads torch where a
    tagger was trained.
    """
    with fence():
        scan = _begin(snapshot, job_id)
    if scan.state == State.SUCCEEDED:
        return scan
    started = perf_counter()
    try:
        tagger = trained_tagger()
        with snapshot_open(snapshot) as scanner:
            roles = {**roles_suggested(snapshot), **roles_of(snapshot)}
            found = search(scanner, roles, tagger=tagger, progress=part(progress, 0.0, 0.9))
            columns = quasi_identifiers(found)
            risk = measure_risk(scanner.table, scanner.runner, columns) if columns else None
        with fence():
            scan.detectors = ["patterns", *(["tagger"] if tagger else [])]
            scan.seconds = perf_counter() - started
            _store(scan, found, risk)
    except BaseException:
        # The fence refuses when another attempt holds the job by now: then the search is that attempt's to end.
        with suppress(GovernError), fence():
            scan.state, scan.finished_at = State.FAILED, timezone.now()
            scan.save(update_fields=["state", "finished_at"])
        raise
    return scan


@transaction.atomic
def personal_data_decide(*, hit: PersonalDataHit, user: User, decision: str, reason: str = "") -> PersonalDataHit:
    """Confirm a hit or dismiss it, which needs a reason; its finding follows. Only the newest search is decided on."""
    hit = (
        PersonalDataHit.objects.select_for_update(of=("self",)).select_related("scan__snapshot__dataset").get(pk=hit.pk)
    )
    dataset, reason = hit.scan.snapshot.dataset, reason.strip()
    if decision not in {Decision.CONFIRMED, Decision.DISMISSED}:
        raise GovernError(_("A hit is confirmed or dismissed."), where="decision", hint=_("Choose one of the two."))
    if decision == Decision.DISMISSED and len(reason) < 5:
        raise GovernError(_("Dismissing needs a reason."), where="reason", hint=_("Say what the column holds instead."))
    latest = personal_data_scan_latest(dataset)
    if latest is None or latest.pk != hit.scan_id:
        raise ConflictError(_("A newer search has been made since."), hint=_("Decide on what the newest search found."))
    hit.decision, hit.reason, hit.decided_by, hit.decided_at = decision, reason, user, timezone.now()
    hit.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    kept_values_hide(snapshot=hit.scan.snapshot)
    findings_of_hits_follow(scan=hit.scan, user=user)
    event_record(
        organisation=dataset.organisation,
        actor=user,
        action=f"personal_data.{'confirm' if decision == Decision.CONFIRMED else 'dismiss'}",
        subject=f"{dataset}: {hit.column}",
        detail={"type": hit.entity, "reason": reason},
    )
    return hit


def personal_data_risk_measure(
    *,
    scan: PersonalDataScan,
    columns: Sequence[str],
    sensitive: str = "",
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> Risk:
    """Measure how easily people are told apart by ``columns`` in the scan's snapshot, and keep it with the scan."""
    personal_data_risk_verify(snapshot=scan.snapshot, columns=columns, sensitive=sensitive)
    progress(0.0, _("Counting rows that look alike"))
    with snapshot_open(scan.snapshot) as scanner:
        risk = measure_risk(scanner.table, scanner.runner, columns, sensitive=sensitive)
    with fence():
        scan.risk = risk.document()
        scan.save(update_fields=["risk"])
    progress(1.0)
    return risk


def personal_data_risk_verify(*, snapshot: Snapshot, columns: Sequence[str], sensitive: str = "") -> None:
    """Refuse columns that the snapshot does not have, too many of them, or none."""
    there = set(snapshot.columns.values_list("name", flat=True))
    hint = _("Choose columns of the snapshot.")
    if not columns or len(columns) > MOST_COLUMNS:
        message = _("Choose from one to %(most)d columns.") % {"most": MOST_COLUMNS}
        raise GovernError(message, where="columns", hint=hint)
    for name in (*columns, *([sensitive] if sensitive else [])):
        if name not in there:
            raise GovernError(_("There is no column “%(name)s”.") % {"name": name}, where="columns", hint=hint)
    if sensitive in columns or len(set(columns)) < len(columns):
        raise GovernError(_("A column can be chosen once only."), where="columns", hint=hint)


def quasi_identifiers(found: Found) -> list[str]:
    """The columns that tell people apart without naming them, as far as the search is sure of them."""
    sure = [hit for hit in found.hits if entity(hit.entity).kind == "quasi" and not hit.in_text]
    return list(dict.fromkeys(hit.column for hit in sure if hit.confidence >= SURE))[:MOST_COLUMNS]


def findings_of_hits_follow(*, scan: PersonalDataScan, user: User | None = None) -> None:
    """Open a finding for each hit that is sure or confirmed and unprotected; resolve those that no hit holds up."""
    dataset = scan.snapshot.dataset
    latest = snapshot_latest(dataset)
    if latest is None or latest.pk != scan.snapshot_id:
        return
    hits = {subject_of(hit): hit for hit in scan.hits.all()}
    for subject, hit in hits.items():
        if is_leak(hit):
            with translation.override("en"):  # told in the reader's language by finding_words
                title = UNPROTECTED % {"type": entity(hit.entity).label, "column": hit.column}
            finding_open(
                dataset=dataset,
                kind=Finding.Kind.PERSONAL_DATA,
                subject=subject,
                title=title,
                severity=entity(hit.entity).severity,
                share=hit.share,
            )
    standing = Finding.objects.select_for_update().filter(dataset=dataset, kind=Finding.Kind.PERSONAL_DATA)
    for finding in standing.exclude(state=Finding.State.RESOLVED):
        held = hits.get(finding.subject)
        if held is None or not is_leak(held):
            finding_resolve(finding=finding, note=_why_ended(held), user=user)


def is_leak(hit: PersonalDataHit) -> bool:
    """Whether the hit is personal data that nothing protects, sure enough or confirmed, and not dismissed."""
    if hit.protection or hit.decision == Decision.DISMISSED or not entity(hit.entity).personal:
        return False
    return hit.decision == Decision.CONFIRMED or hit.confidence >= SURE


def subject_of(hit: PersonalDataHit) -> str:
    return f"{hit.column}:{hit.entity}"


def _why_ended(hit: PersonalDataHit | None) -> str:
    if hit is None:
        return NOT_FOUND
    if hit.decision == Decision.DISMISSED:
        return hit.reason
    return PROTECTED if hit.protection else UNSURE


def _begin(snapshot: Snapshot, job_id: int | None) -> PersonalDataScan:
    scan = PersonalDataScan.objects.filter(job_id=job_id).first() if job_id is not None else None
    if scan is not None and scan.snapshot_id != snapshot.pk:
        # A job that reads before it searches found another snapshot in the attempt before this one.
        scan.job, scan.state = None, State.FAILED if scan.state == State.RUNNING else scan.state
        scan.save(update_fields=["job", "state"])
        scan = None
    if scan is None:
        return PersonalDataScan.objects.create(snapshot=snapshot, job_id=job_id, rows=snapshot.rows)
    if scan.state == State.FAILED:
        scan.state, scan.finished_at = State.RUNNING, None
        scan.save(update_fields=["state", "finished_at"])
    return scan


def _store(scan: PersonalDataScan, found: Found, risk: Risk | None) -> None:
    scan.hits.all().delete()
    earlier = _decisions(scan)
    PersonalDataHit.objects.bulk_create(
        PersonalDataHit(
            scan=scan,
            column=hit.column,
            entity=hit.entity,
            confidence=hit.confidence,
            share=hit.share,
            rows=hit.rows,
            in_text=hit.in_text,
            evidence=dict(hit.evidence),
            examples=list(hit.examples),
            protection=hit.protection,
            **earlier.get((hit.column, hit.entity), {}),
        )
        for hit in found.hits
    )
    scan.rows, scan.rows_sampled = found.rows, found.sampled
    scan.risk = risk.document() if risk else {}
    scan.state, scan.finished_at = State.SUCCEEDED, timezone.now()
    scan.save()
    kept_values_hide(snapshot=scan.snapshot)
    findings_of_hits_follow(scan=scan)


def _decisions(scan: PersonalDataScan) -> dict[tuple[str, str], dict[str, Any]]:
    """What people decided on the same types in the same columns when they looked at the search before this one."""
    before = personal_data_scan_latest(scan.snapshot.dataset)
    if before is None:
        return {}
    return {
        (hit.column, hit.entity): {
            "decision": hit.decision,
            "reason": hit.reason,
            "decided_by_id": hit.decided_by_id,
            "decided_at": hit.decided_at,
        }
        for hit in before.hits.exclude(decision=Decision.OPEN)
    }
