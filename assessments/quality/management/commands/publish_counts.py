"""Publish counts of one column with noise, within the dataset's privacy budget."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.datasets.selectors import dataset_by_name, snapshot_newest
from assessments.jobs.dispatch import job_run_here
from assessments.quality.models import NoisyCounts
from assessments.quality.selectors import privacy_spent


class Command(GovernCommand):
    help = "Count values of a column with noise (differential privacy), within the dataset's privacy budget."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument("column", metavar="COLUMN", help="the column whose values are counted")
        parser.add_argument(
            "--value",
            action="append",
            required=True,
            metavar="VALUE",
            help="a value to count, once for each; all others are counted together",
        )
        parser.add_argument("--epsilon", type=float, default=0.5, help="what it costs of the budget; 0.5 by default")
        parser.add_argument("--unit", default="", metavar="COLUMN", help="the column whose rows belong to one person")
        parser.add_argument("--most", type=int, default=1, help="how many values one person counts for; 1 by default")
        parser.add_argument("--organisation", metavar="SLUG", help="needed when there are several")

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"])
        dataset = dataset_by_name(organisation=organisation, name=options["name"])
        snapshot = snapshot_newest(dataset)
        content = {name: options[name] for name in ("column", "epsilon", "unit", "most")}
        job = job_run_here(
            organisation=organisation,
            kind="quality.publish_counts",
            subject=dataset.name,
            parameters={"snapshot_id": snapshot.pk, "values": options["value"], **content},
            progress=self.progress,
        )
        published = NoisyCounts.objects.get(pk=job.result["counts"])
        return {
            "dataset": dataset.name,
            "snapshot": snapshot.number,
            **content,
            "margin": published.margin,
            "counts": published.counts,
            "budget": settings.PRIVACY_BUDGET,
            "spent": privacy_spent(dataset),
        }
