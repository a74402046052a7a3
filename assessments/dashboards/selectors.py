"""What the pages read across apps, in few queries."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from assessments.accounts.models import Organisation
from assessments.dashboards.rows import show
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import datasets_of
from assessments.jobs.models import Job
from assessments.jobs.selectors import jobs_of
from assessments.quality.models import Dimension, Finding, QualityRun, RuleResult
from assessments.quality.scores import score_of
from assessments.quality.selectors import meaning_of, results_of


def datasets_with_state(organisation: Organisation) -> QuerySet[Dataset]:
    """Datasets with ``last_rows``, ``last_taken`` and ``last_number`` of their snapshot and ``open_findings``."""
    newest = Snapshot.objects.filter(dataset=OuterRef("pk")).order_by("-number")
    return datasets_of(organisation).annotate(
        last_rows=Subquery(newest.values("rows")[:1]),
        last_taken=Subquery(newest.values("created_at")[:1]),
        last_number=Subquery(newest.values("number")[:1]),
        open_findings=Count("findings", filter=Q(findings__state=Finding.State.OPEN), distinct=True),
    )


def work_on(organisation: Organisation, kind: str, **parameters: Any) -> Job | None:
    """The newest job of this kind with these parameters, while it is not finished or when it failed."""
    wanted = {f"parameters__{name}": value for name, value in parameters.items()}
    job = jobs_of(organisation).filter(kind=kind, **wanted).first()
    return job if job is not None and job.state != Job.State.SUCCEEDED else None


def results_by_run(runs: Iterable[QualityRun]) -> dict[int, list[RuleResult]]:
    """The results of several runs in one query: {run id: results}; samples are left unread."""
    table: dict[int, list[RuleResult]] = {run.pk: [] for run in runs}
    for result in RuleResult.objects.filter(run__in=table).defer("sample", "detail").order_by("pk"):
        table[result.run_id].append(result)
    return table


def dimension_shares(results: list[RuleResult]) -> dict[str, float | None]:
    return {dimension: score_of(dimension, results).value for dimension in Dimension.values}


def rule_trends(results: dict[int, list[RuleResult]]) -> dict[str, list[float | None]]:
    """Rule name → its passing share in each of the runs, in their order; None where it was not measured."""
    names = {result.rule_name for rows in results.values() for result in rows}
    by_run = [{result.rule_name: result.fraction for result in rows} for rows in results.values()]
    return {name: [run.get(name) for run in by_run] for name in names}


def failing_rows(sample: list[dict[str, Any]]) -> dict[str, Any]:
    """A stored sample as a table: the row's number in the dataset, where it is known, then its columns."""
    numbered = any(row.get("row") is not None for row in sample)
    names = list(dict.fromkeys(name for row in sample for name in row["values"]))
    return {
        "columns": [_("Row"), *names] if numbered else names,
        "rows": [
            [*([row.get("row")] if numbered else []), *(row["values"].get(name) for name in names)] for row in sample
        ],
    }


def shown_results(run: QualityRun, trends: dict[str, list[float | None]]) -> list[RuleResult]:
    """The run's results, each with ``counted``, ``share_failing``, ``trend`` and ``now``: the rule as it is today."""
    results = list(results_of(run).select_related("rule"))
    for result in results:
        failing = result.rows_failing / result.rows_checked if result.rows_checked else None
        show(result, failing_rows=failing_rows(result.sample), counted=meaning_of(result))
        show(result, trend=trends.get(result.rule_name, []), now=result.rule, share_failing=failing)
    return results
