"""Measuring a dataset's rules on one of its snapshots."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.common.errors import ForbiddenError, GovernError, NotFoundError
from assessments.common.progress import Fence, Progress, silent
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import datasets_of, roles_of, snapshot_latest, snapshot_path
from assessments.quality.checks import all_checks, check_named
from assessments.quality.engine import scan
from assessments.quality.models import QualityRun, Rule, RuleResult
from assessments.quality.personal_data.quoting import free_name, unquoted, without_quotes
from assessments.quality.personal_data.selectors import masked_columns
from assessments.quality.quoting_selectors import quoted_by
from assessments.quality.scanner import Source
from assessments.quality.selectors import rules_of
from assessments.quality.services.findings import findings_follow
from assessments.quality.services.opening import scan_limits, snapshot_source
from assessments.quality.services.rules import spec_of
from assessments.quality.services.searching import searched_first
from assessments.quality.specs import Look, Outcome


@dataclass(frozen=True)
class Measured:
    """A rule beside its outcome."""

    rule: Rule
    outcome: Outcome


def quality_run_execute(
    *,
    snapshot: Snapshot,
    as_of: datetime | None = None,
    job_id: int | None = None,
    progress: Progress = silent,
    fence: Fence = transaction.atomic,
) -> QualityRun:
    """Measure the rules in use on ``snapshot``, store one result for each and bring the findings up to date.

    ``as_of`` is "now" for freshness and for times in the future. A job that runs again takes up its own run: one that
    has succeeded is returned as it is. Raises GovernError when there is nothing to measure.
    """
    rules = list(rules_of(snapshot.dataset).filter(enabled=True))
    if not rules:
        raise GovernError(
            _("The dataset “%(name)s” has no rules in use.") % {"name": snapshot.dataset.name},
            hint=_("Add rules in the administration, or load a rule pack."),
        )
    table = snapshot_source(snapshot)
    with fence():
        run = _begin(snapshot, as_of or timezone.now(), job_id)
    if run.state == QualityRun.State.SUCCEEDED:
        return run
    try:
        progress = searched_first(snapshot=snapshot, job_id=job_id, progress=progress, fence=fence)
        measured, seconds = _measure(run, rules, table, progress)
        with fence():
            _store(run, measured, seconds)
    except BaseException:
        # The fence refuses when another attempt holds the job by now: then the run is that attempt's to end.
        with suppress(GovernError), fence():
            run.state, run.finished_at = QualityRun.State.FAILED, timezone.now()
            run.save(update_fields=["state", "finished_at"])
        raise
    return run


def _begin(snapshot: Snapshot, as_of: datetime, job_id: int | None) -> QualityRun:
    run = QualityRun.objects.filter(job_id=job_id).first() if job_id is not None else None
    if run is None:
        return QualityRun.objects.create(snapshot=snapshot, as_of=as_of, job_id=job_id, rows=snapshot.rows)
    if run.state != QualityRun.State.SUCCEEDED:
        # An attempt that died may have begun on another snapshot: a job that reads first finds what there is by now.
        run.snapshot, run.rows = snapshot, snapshot.rows
        run.state, run.finished_at = QualityRun.State.RUNNING, None
        run.save(update_fields=["snapshot", "rows", "state", "finished_at"])
    return run


def _measure(run: QualityRun, rules: list[Rule], table: Source, progress: Progress) -> tuple[list[Measured], float]:
    snapshot = run.snapshot
    started = perf_counter()
    outcomes = scan(
        table,
        [spec_of(rule) for rule in rules],
        references=_references(snapshot, rules),
        earlier=_earlier(snapshot, rules),
        roles=roles_of(snapshot),
        as_of=run.as_of,
        masked=masked_columns(snapshot),
        limits=scan_limits(),
        progress=progress,
    )
    seconds = perf_counter() - started
    return [Measured(rule, outcome) for rule, outcome in zip(rules, outcomes, strict=True)], seconds


def _references(snapshot: Snapshot, rules: list[Rule]) -> dict[str, Source]:
    """The newest snapshots of the organisation's datasets by name, when a rule refers to one of them."""
    if not any(_refers(rule) for rule in rules):
        return {}
    files: dict[str, Source] = {}
    for dataset in datasets_of(snapshot.dataset.organisation):
        newest = snapshot if dataset == snapshot.dataset else snapshot_latest(dataset)
        if newest is not None:
            # A table whose connection was taken away is not there for the rules of another either.
            with suppress(NotFoundError, ForbiddenError):
                files[dataset.name] = snapshot_source(newest)
    return files


def _refers(rule: Rule) -> bool:
    """Whether the rule reads another dataset; a rule that its check refuses reads none."""
    spec = spec_of(rule)
    with suppress(GovernError):
        check = check_named(rule.check_name)
        return check.reference(spec) is not None or bool(check.datasets(spec))
    return False


def _earlier(snapshot: Snapshot, rules: list[Rule]) -> Path | Look | None:
    """The file of the snapshot before this one, when a rule compares with it and it is still there.

    Of a look at a table that stays in its database it is what was written down then.
    """
    names = {check.name for check in all_checks() if check.needs_earlier}
    if not any(rule.check_name in names for rule in rules):
        return None
    before = snapshot.dataset.snapshots.filter(number__lt=snapshot.number).order_by("-number").first()
    if before is None:
        return None
    if before.in_place:
        return Look(before.rows, dict(before.columns.order_by("position").values_list("name", "type")))
    with suppress(NotFoundError):
        return snapshot_path(before)
    return None


def _store(run: QualityRun, measured: list[Measured], seconds: float) -> None:
    run.results.all().delete()
    # A rule may have been deleted during the scan: its result stays, without it.
    there = set(Rule.objects.filter(pk__in=[one.rule.pk for one in measured]).values_list("pk", flat=True))
    about_people, names = masked_columns(run.snapshot), set[str]()
    quoted = {one.rule.pk: quoted_by(one.rule, about_people) for one in measured}
    RuleResult.objects.bulk_create(
        RuleResult(
            run=run,
            rule=one.rule if one.rule.pk in there else None,
            rule_name=free_name(unquoted(one.rule.name, quoted[one.rule.pk]), names),
            check_name=one.rule.check_name,
            columns=one.rule.columns,
            parameters=without_quotes(one.rule.parameters, quoted[one.rule.pk]),
            dimension=one.outcome.dimension,
            severity=one.rule.severity,
            threshold=one.rule.threshold,
            rows_checked=one.outcome.rows_checked,
            rows_failing=one.outcome.rows_failing,
            fraction=one.outcome.fraction,
            passed=one.outcome.passed,
            meaning=unquoted(one.outcome.meaning, quoted[one.rule.pk])[:500],
            detail=dict(one.outcome.detail),
            sample=[dict(row) for row in one.outcome.sample],
            error=unquoted(one.outcome.error, quoted[one.rule.pk]),
            seconds=one.outcome.seconds,
        )
        for one in measured
    )
    run.state, run.seconds, run.finished_at = QualityRun.State.SUCCEEDED, seconds, timezone.now()
    run.save(update_fields=["state", "seconds", "finished_at"])
    findings_follow(run=run)
