"""Put a training run's model in use for its dataset."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import OutputWrapper

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.recommenders.promotions import warning_words
from assessments.recommenders.selectors import run_get
from assessments.recommenders.services import run_promote


class Command(GovernCommand):
    help = "Put a training run's model in use for its dataset, in place of the one before."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="number of the training run")
        parser.add_argument("--reason", default="", help="why; needed when something speaks against it")
        parser.add_argument("--organisation", default="", metavar="SLUG", help="needed when there are several")

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"] or None)
        run = run_get(organisation=organisation, pk=options["run"])
        made = run_promote(run=run, user=None, reason=options["reason"])
        return {
            "run": run.pk,
            "dataset": run.dataset.name,
            "model": run.model_name,
            "bundle": made.bundle_digest,
            "reason": made.reason,
            "warnings": made.warnings,
        }

    def show(self, document: dict[str, Any], out: OutputWrapper) -> None:
        out.write(f"run {document['run']} ({document['model']}) is in use for “{document['dataset']}”")
        for warning in document["warnings"]:
            out.write(f"  {warning_words(warning)}")
