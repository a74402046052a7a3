"""What stands as wrong: opened by a failing rule, resolved by a passing one, accepted by a person for a time."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import Membership, User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.datasets.models import Dataset
from assessments.quality.finding_words import ENDED, NOT_IN_USE
from assessments.quality.models import Finding, FindingEvent, QualityRun, RuleResult
from assessments.quality.services.deliveries import deliveries_queue

LONGEST_ACCEPTANCE = timedelta(days=366)
# A finding worsens, or improves, when its failing share has changed by more than a tenth of what it was.
CHANGE = 0.1
What = FindingEvent.What
State = Finding.State


@transaction.atomic
def finding_accept(*, finding: Finding, user: User, reason: str, until: date) -> Finding:
    """Accept a standing finding until the end of a day; after it the finding stands open again."""
    finding = Finding.objects.select_for_update().select_related("dataset__organisation").get(pk=finding.pk)
    today = timezone.localdate()
    if finding.state == State.RESOLVED:
        raise ConflictError(_("This finding is resolved already."), hint=_("There is nothing left to accept."))
    if len(reason.strip()) < 5:
        raise GovernError(
            _("Accepting a finding needs a reason."), where="reason", hint=_("Say why it may stay as it is.")
        )
    if not today <= until <= today + LONGEST_ACCEPTANCE:
        raise GovernError(
            _("A finding can be accepted until a day from today to a year from now."),
            where="until",
            hint=_("Choose a day on which somebody looks at it again."),
        )
    finding.state, finding.accepted_by = State.ACCEPTED, user
    finding.accepted_reason, finding.accepted_until = reason.strip(), until
    finding.save(update_fields=["state", "accepted_by", "accepted_reason", "accepted_until"])
    finding_note(finding=finding, what=What.ACCEPTED, user=user, note=finding.accepted_reason)
    event_record(
        organisation=finding.dataset.organisation,
        actor=user,
        action="finding.accept",
        subject=finding.title,
        detail={"until": until.isoformat()},
    )
    return finding


@transaction.atomic
def finding_assign(*, finding: Finding, owner: User | None, user: User) -> Finding:
    """Give a standing finding to a member of its organisation, or to nobody."""
    finding = Finding.objects.select_for_update().select_related("dataset__organisation").get(pk=finding.pk)
    organisation = finding.dataset.organisation
    if finding.state == State.RESOLVED:
        raise ConflictError(_("This finding is resolved already."), hint=_("There is nothing left to do."))
    if owner is not None and not Membership.objects.filter(user=owner, organisation=organisation).exists():
        raise GovernError(
            _("This person is not a member of the organisation."), where="owner", hint=_("Choose a member.")
        )
    if finding.owner_id == (owner.pk if owner else None):
        return finding
    finding.owner = owner
    finding.save(update_fields=["owner"])
    name = owner.get_username() if owner else ""
    finding_note(finding=finding, what=What.ASSIGNED, user=user, note=name)
    event_record(
        organisation=organisation, actor=user, action="finding.assign", subject=finding.title, detail={"owner": name}
    )
    return finding


@transaction.atomic
def findings_follow(*, run: QualityRun) -> None:
    """Bring the dataset's findings to what ``run`` measured, and keep what happened to each.

    A failing rule opens a finding, or stays on the one that stands; a passing rule resolves it; a rule that could not
    be measured leaves it. Findings of rules that are no longer in use are resolved, and acceptances that have ended
    are open again.
    """
    dataset = run.snapshot.dataset
    findings_reopen(dataset=dataset)
    standing = Finding.objects.select_for_update(of=("self",)).filter(dataset=dataset).exclude(state=State.RESOLVED)
    for finding in standing.filter(rule__enabled=False):
        finding_resolve(finding=finding, run=run, note=NOT_IN_USE)
    by_rule = {finding.rule_id: finding for finding in standing.select_related("last_result") if finding.rule_id}
    for result in RuleResult.objects.filter(run=run, rule__isnull=False, passed__isnull=False):
        _follow(by_rule.get(result.rule_id or 0), result, run)


@transaction.atomic
def findings_reopen(*, dataset: Dataset | None = None) -> int:
    """Open the findings whose acceptance has ended, of one dataset or of all; how many there were."""
    ended = Finding.objects.select_for_update().filter(state=State.ACCEPTED, accepted_until__lt=timezone.localdate())
    ended = ended.filter(dataset=dataset) if dataset is not None else ended
    findings = list(ended)
    for finding in findings:
        finding.state = State.OPEN
        finding.save(update_fields=["state"])
        finding_note(finding=finding, what=What.REOPENED, note=ENDED)
    return len(findings)


@transaction.atomic
def finding_open(*, dataset: Dataset, kind: str, subject: str, title: str, severity: str, share: float) -> Finding:
    """Open a finding that no rule measures, or bring the standing one about ``subject`` up to date.

    ``share`` is the share (0 to 1) of rows that it touches now.
    """
    standing = Finding.objects.select_for_update().filter(dataset=dataset, kind=kind, subject=subject)
    finding = standing.exclude(state=State.RESOLVED).first()
    if finding is None:
        finding = Finding.objects.create(
            dataset=dataset, kind=kind, subject=subject, title=title[:300], severity=severity
        )
        finding_note(finding=finding, what=What.OPENED, share=share)
        return finding
    last = finding.events.exclude(share=None).order_by("-pk").first()
    finding.title, finding.severity = title[:300], severity
    finding.save(update_fields=["title", "severity"])
    finding_note(finding=finding, what=_compared(last.share if last else None, share), share=share)
    return finding


@transaction.atomic
def finding_resolve(
    *,
    finding: Finding,
    run: QualityRun | None = None,
    share: float | None = None,
    note: str = "",
    user: User | None = None,
) -> None:
    """End a finding: what it said is no longer so. ``share`` is what was measured then, None where nothing was."""
    finding.state, finding.resolved_at = State.RESOLVED, timezone.now()
    finding.save(update_fields=["state", "resolved_at"])
    finding_note(finding=finding, what=What.RESOLVED, share=share, run=run, note=note, user=user)


def finding_note(
    *,
    finding: Finding,
    what: str,
    share: float | None = None,
    run: QualityRun | None = None,
    user: User | None = None,
    note: str = "",
) -> FindingEvent:
    """Add to the finding's history, and have those told who want to know of it."""
    event = FindingEvent.objects.create(finding=finding, what=what, share=share, run=run, user=user, note=note)
    deliveries_queue(event=event)
    return event


def _follow(finding: Finding | None, result: RuleResult, run: QualityRun) -> None:
    share = result.rows_failing / result.rows_checked if result.rows_checked else None
    if result.passed:
        if finding is not None:
            finding.last_result = result
            finding.save(update_fields=["last_result"])
            finding_resolve(finding=finding, run=run, share=share)
        return
    what = What.OPENED
    if finding is None:
        finding = Finding(dataset=run.snapshot.dataset, rule_id=result.rule_id, first_result=result)
    else:
        before = finding.last_result
        known = before is not None and before.rows_checked
        what = _compared(before.rows_failing / before.rows_checked if before and known else None, share)
    finding.title, finding.severity, finding.last_result = result.rule_name, result.severity, result
    finding.save()
    finding_note(finding=finding, what=what, share=share, run=run)


def _compared(before: float | None, now: float | None) -> What:
    if before is None or now is None:
        return What.STAYED
    if now > before * (1 + CHANGE):
        return What.WORSENED
    return What.IMPROVED if now < before * (1 - CHANGE) else What.STAYED
