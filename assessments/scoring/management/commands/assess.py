"""Compute an assessment from the evidence that there is, and publish it when asked."""

from argparse import ArgumentParser
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.jobs.dispatch import job_run_here
from assessments.scoring.selectors import assessment_get
from assessments.scoring.services import assessment_publish


class Command(GovernCommand):
    help = "Score the organisation by its scoring model: total, 90 % interval, level and pillars."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", default="", metavar="SLUG", help="needed when there are several")
        parser.add_argument("--period", default="", help="for example 2026-Q3; the present quarter by default")
        parser.add_argument("--publish", action="store_true", help="seal it, so that it never changes")

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"] or None)
        job = job_run_here(
            organisation=organisation,
            kind="scoring.assess",
            subject=options["period"] or organisation.slug,
            parameters={"period": options["period"]},
            progress=self.progress,
        )
        assessment = assessment_get(organisation=organisation, pk=job.result["assessment"])
        if options["publish"]:
            assessment = assessment_publish(assessment=assessment, user=None)
        result = assessment.document["result"]
        return {
            "assessment": assessment.pk,
            "organisation": organisation.slug,
            "period": assessment.period,
            "score": assessment.score,
            "low": assessment.low,
            "high": assessment.high,
            "median": assessment.median,
            "level": assessment.level,
            "level_by_score": result["level_by_score"],
            "coverage": assessment.coverage,
            "pillars": {
                node["path"]: {name: node[name] for name in ("value", "low", "high", "coverage")}
                for node in result["nodes"]
                if node["path"] and not node["parent"]
            },
            "gates": [gate["id"] for gate in result["gates"] if gate["raised"]],
            "seal": assessment.seal or None,
        }
