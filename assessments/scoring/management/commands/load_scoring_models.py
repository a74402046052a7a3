"""Load scoring models; the same content twice changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from assessments.common.command import GovernCommand
from assessments.scoring.services import scoring_model_load, scoring_models_load


class Command(GovernCommand):
    help = "Load the scoring models that Govern brings along, or those of the named YAML files."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help="YAML files; the shipped model by default"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        models = [scoring_model_load(path) for path in options["files"]] or scoring_models_load()
        return {
            "models": [{"id": one.identifier, "version": one.version, "digest": one.digest} for one in models],
        }
