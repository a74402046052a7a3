"""Reading rules, runs, findings and the scores of the quality dimensions."""

from contextlib import suppress
from datetime import datetime

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.common.errors import GovernError, NotFoundError
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import roles_of
from assessments.jobs.models import Job
from assessments.quality.checks import check_named
from assessments.quality.models import (
    Channel,
    Dimension,
    Finding,
    FindingEvent,
    NoisyCounts,
    QualityRun,
    RepairRun,
    Rule,
    RuleResult,
    RuleSuggestion,
    Schedule,
)
from assessments.quality.repairs import Step, steps_read
from assessments.quality.repairs.fitting import protections_for, steps_for
from assessments.quality.scores import DimensionScore, score_of
from assessments.quality.specs import RuleSpec


def rules_of(dataset: Dataset) -> QuerySet[Rule]:
    """All rules of the dataset, those not in use included, in the order in which they were added."""
    return Rule.objects.filter(dataset=dataset).order_by("pk")


def rule_get(*, organisation: Organisation, pk: int) -> Rule:
    found = Rule.objects.filter(dataset__organisation=organisation, pk=pk).select_related("dataset").first()
    if found is None:
        raise NotFoundError(_("There is no such rule."))
    return found


def runs_of(organisation: Organisation) -> QuerySet[QualityRun]:
    """The organisation's quality runs, the newest first."""
    return (
        QualityRun.objects.filter(snapshot__dataset__organisation=organisation)
        .select_related("snapshot__dataset", "job")
        .order_by("-started_at", "-pk")
    )


def run_get(*, organisation: Organisation, pk: int) -> QualityRun:
    found = runs_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such quality run."))
    return found


def run_latest(dataset: Dataset) -> QualityRun | None:
    """The dataset's newest quality run that succeeded."""
    succeeded = QualityRun.objects.filter(snapshot__dataset=dataset, state=QualityRun.State.SUCCEEDED)
    return succeeded.select_related("snapshot__dataset").order_by("-started_at", "-pk").first()


def results_of(run: QualityRun) -> QuerySet[RuleResult]:
    """The run's results in the order of the rules."""
    return RuleResult.objects.filter(run=run).order_by("pk")


def meaning_of(result: RuleResult) -> str:
    """Which rows were counted, said anew by the check in the reader's language; as stored when it cannot be."""
    try:
        return check_named(result.check_name).meaning(
            RuleSpec(result.rule_name, result.check_name, tuple(result.columns), result.parameters)
        )
    except GovernError:
        return result.meaning


def findings_of(organisation: Organisation) -> QuerySet[Finding]:
    """The organisation's findings of every state, the newest first."""
    return (
        Finding.objects.filter(dataset__organisation=organisation)
        .select_related("dataset", "rule", "owner", "first_result", "last_result", "last_result__run")
        .order_by("-opened_at", "-pk")
    )


def finding_get(*, organisation: Organisation, pk: int) -> Finding:
    found = findings_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such finding."))
    return found


def dimension_scores(run: QualityRun) -> list[DimensionScore]:
    """One score for each of the six dimensions, those without a rule included (their value is None)."""
    results = list(results_of(run))
    return [score_of(dimension, results) for dimension in Dimension.values]


def events_of(finding: Finding) -> QuerySet[FindingEvent]:
    """What has happened to the finding, the oldest first."""
    return FindingEvent.objects.filter(finding=finding).select_related("user", "run__snapshot").order_by("pk")


def acceptances_ended() -> bool:
    """Whether a finding of any organisation is accepted until a day that is over."""
    return Finding.objects.filter(state=Finding.State.ACCEPTED, accepted_until__lt=timezone.localdate()).exists()


def schedule_of(dataset: Dataset) -> Schedule | None:
    return Schedule.objects.filter(dataset=dataset).select_related("created_by").first()


def schedules_due(now: datetime) -> list[int]:
    """The schedules of all organisations whose time has come."""
    due = Schedule.objects.filter(enabled=True, next_at__lte=now)
    return list(due.order_by("next_at", "pk").values_list("pk", flat=True))


def channels_of(organisation: Organisation) -> QuerySet[Channel]:
    return Channel.objects.filter(organisation=organisation).order_by("name")


def channel_get(*, organisation: Organisation, pk: int) -> Channel:
    found = channels_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such channel."))
    return found


def repair_runs_of(organisation: Organisation) -> QuerySet[RepairRun]:
    """The organisation's repairs, previewed and made, the newest first."""
    return (
        RepairRun.objects.filter(snapshot__dataset__organisation=organisation)
        .select_related("snapshot__dataset", "result", "finding", "created_by")
        .order_by("-created_at", "-pk")
    )


def repair_run_get(*, organisation: Organisation, pk: int) -> RepairRun:
    found = repair_runs_of(organisation).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such repair."))
    return found


def check_awaits(snapshot: Snapshot) -> bool:
    """Whether a check of the snapshot is under way or done, or there is no rule that it would measure."""
    if not rules_of(snapshot.dataset).filter(enabled=True).exists():
        return True
    return Job.objects.filter(kind="quality.check", parameters__snapshot_id=snapshot.pk).exists()


def repairs_for(rule: Rule, *, result: RuleResult | None = None) -> list[Step]:
    """The repairs that would mend what the rule flags: that of the suggestion it came from, then those that fit it."""
    suggested = RuleSuggestion.objects.filter(rule=rule).exclude(repair={}).order_by("-pk").first()
    steps = []
    if suggested is not None:
        with suppress(GovernError):
            steps = steps_read([suggested.repair])
    spec = RuleSpec(rule.name, rule.check_name, tuple(rule.columns), rule.parameters)
    newest = rule.dataset.snapshots.order_by("-number").first()
    roles = roles_of(newest) if newest is not None else {}
    fitting = steps_for(spec, roles=roles, detail=result.detail if result is not None else None)
    return steps + [step for step in fitting if step not in steps]


def repairs_for_finding(finding: Finding) -> list[Step]:
    """The repairs that would resolve the finding; none where only its source can."""
    if finding.kind == Finding.Kind.PERSONAL_DATA:
        return protections_for(finding.subject.rpartition(":")[0])
    return repairs_for(finding.rule, result=finding.last_result) if finding.rule is not None else []


def repair_suggestions(snapshot: Snapshot) -> list[tuple[RuleSuggestion, Step]]:
    """The snapshot's suggestions that nobody declined and that come with a repair, those that flag most rows first."""
    suggestions = RuleSuggestion.objects.filter(snapshot=snapshot).exclude(state=RuleSuggestion.State.DECLINED)
    found = []
    for suggestion in suggestions.exclude(repair={}).filter(rows_flagged__gt=0).order_by("-rows_flagged", "pk"):
        with suppress(GovernError):
            found.append((suggestion, steps_read([suggestion.repair])[0]))
    return found


def noisy_counts_of(dataset: Dataset) -> QuerySet[NoisyCounts]:
    """The counts that were published with noise, the newest first."""
    return NoisyCounts.objects.filter(dataset=dataset).select_related("snapshot", "created_by")


def privacy_spent(dataset: Dataset) -> float:
    """The epsilon that all published counts of the dataset cost together: what composes adds up."""
    return float(NoisyCounts.objects.filter(dataset=dataset).aggregate(spent=Sum("epsilon"))["spent"] or 0.0)
