"""What stands as wrong: opened by a failing rule, resolved by a passing one, accepted by a person for a time."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import User
from assessments.accounts.services import event_record
from assessments.common.errors import ConflictError, GovernError
from assessments.quality.models import Finding, QualityRun, RuleResult

LONGEST_ACCEPTANCE = timedelta(days=366)


@transaction.atomic
def finding_accept(*, finding: Finding, user: User, reason: str, until: date) -> Finding:
    """Accept a standing finding until the end of a day; after it the finding stands open again."""
    finding = Finding.objects.select_for_update().select_related("dataset__organisation").get(pk=finding.pk)
    today = timezone.localdate()
    if finding.state == Finding.State.RESOLVED:
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
    finding.state, finding.accepted_by = Finding.State.ACCEPTED, user
    finding.accepted_reason, finding.accepted_until = reason.strip(), until
    finding.save(update_fields=["state", "accepted_by", "accepted_reason", "accepted_until"])
    event_record(
        organisation=finding.dataset.organisation,
        actor=user,
        action="finding.accept",
        subject=finding.title,
        detail={"until": until.isoformat()},
    )
    return finding


@transaction.atomic
def findings_follow(*, run: QualityRun) -> None:
    """Bring the dataset's findings to what ``run`` measured.

    A failing rule opens a finding, or stays on the one that stands; a passing rule resolves it; a rule that could not
    be measured leaves it. Findings of rules that are no longer in use are resolved, and acceptances that have ended
    are open again.
    """
    dataset = run.snapshot.dataset
    standing = Finding.objects.select_for_update().filter(dataset=dataset).exclude(state=Finding.State.RESOLVED)
    standing.filter(state=Finding.State.ACCEPTED, accepted_until__lt=timezone.localdate()).update(
        state=Finding.State.OPEN
    )
    standing.filter(rule__enabled=False).update(state=Finding.State.RESOLVED, resolved_at=timezone.now())
    by_rule = {finding.rule_id: finding for finding in standing if finding.rule_id}
    for result in RuleResult.objects.filter(run=run, rule__isnull=False, passed__isnull=False):
        _follow(by_rule.get(result.rule_id or 0), result, run)


def _follow(finding: Finding | None, result: RuleResult, run: QualityRun) -> None:
    if result.passed:
        if finding is not None:
            finding.state, finding.resolved_at, finding.last_result = Finding.State.RESOLVED, timezone.now(), result
            finding.save(update_fields=["state", "resolved_at", "last_result"])
        return
    if finding is None:
        finding = Finding(dataset=run.snapshot.dataset, rule_id=result.rule_id, first_result=result)
    finding.title, finding.severity, finding.last_result = result.rule_name, result.severity, result
    finding.save()
