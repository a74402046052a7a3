"""Measure the rules of a dataset."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.datasets.selectors import dataset_by_name, snapshot_newest
from assessments.jobs.dispatch import job_run_here
from assessments.quality.models import QualityRun, RuleResult
from assessments.quality.selectors import dimension_scores, results_of, run_get


class Command(GovernCommand):
    help = "Measure the rules of a dataset on its newest snapshot, store the results and follow up the findings."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument(
            "--organisation", metavar="SLUG", help="short name of the organisation, if there are several"
        )
        parser.add_argument(
            "--as-of",
            metavar="TIME",
            type=moment,
            help="what counts as now for freshness and times in the future (ISO 8601, UTC without a zone)",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"])
        dataset = dataset_by_name(organisation=organisation, name=options["name"])
        snapshot = snapshot_newest(dataset)
        parameters: dict[str, Any] = {"snapshot_id": snapshot.pk}
        if options["as_of"]:
            parameters["as_of"] = options["as_of"].isoformat()
        job = job_run_here(
            organisation=organisation,
            kind="quality.check",
            subject=dataset.name,
            parameters=parameters,
            progress=self.progress,
        )
        return document(run_get(organisation=organisation, pk=job.result["run"]))

    def show(self, document: dict[str, Any], out: Any) -> None:
        for result in document["results"]:
            mark = {True: "passes", False: "FAILS ", None: "ERROR "}[result["passed"]]
            counts = f"{result['rows_failing']:>12,} of {result['rows_checked']:,} rows fail"
            out.write(f"{mark} {result['rule']}: {result['error'] or counts}")
        out.write(f"{len(document['results'])} rules on {document['rows']:,} rows in {document['seconds']:.2f} s")


def document(run: QualityRun) -> dict[str, Any]:
    """What the command prints: the run, its results, and the score of each dimension that has rules."""
    snapshot = run.snapshot
    return {
        "dataset": snapshot.dataset.name,
        "snapshot": snapshot.number,
        "digest": snapshot.digest,
        "run": run.pk,
        "as_of": run.as_of.isoformat(),
        "rows": run.rows,
        "seconds": run.seconds,
        "dimensions": {
            score.dimension: {"value": score.value, "rules": score.rules, "coverage": score.coverage}
            for score in dimension_scores(run)
            if score.rules
        },
        "results": [result_document(result) for result in results_of(run)],
    }


def result_document(result: RuleResult) -> dict[str, Any]:
    return {
        "rule": result.rule_name,
        "check": result.check_name,
        "columns": result.columns,
        "parameters": result.parameters,
        "dimension": result.dimension,
        "severity": result.severity,
        "threshold": result.threshold,
        "rows_checked": result.rows_checked,
        "rows_failing": result.rows_failing,
        "fraction": result.fraction,
        "passed": result.passed,
        "meaning": result.meaning,
        "detail": result.detail,
        "sample": result.sample,
        "error": result.error,
        "seconds": result.seconds,
    }


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
