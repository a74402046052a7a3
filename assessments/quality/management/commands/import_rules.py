"""Load rules from a pack or a data contract."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError
from assessments.datasets.selectors import dataset_by_name
from assessments.quality.services import rules_import


class Command(GovernCommand):
    help = "Load the rules of a rule pack, or of a data contract (Open Data Contract Standard 3.1), into a dataset."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument("file", metavar="FILE", type=Path, help="the YAML file")
        parser.add_argument("--replace", action="store_true", help="take the dataset's other rules out of use")
        parser.add_argument(
            "--organisation", metavar="SLUG", help="short name of the organisation, if there are several"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"])
        dataset = dataset_by_name(organisation=organisation, name=options["name"])
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise GovernError(
                f"The file cannot be read: {type(error).__name__}.",
                where=str(options["file"]),
                hint="Give a text file.",
            ) from error
        rules, passed_over = rules_import(dataset=dataset, text=text, replace=options["replace"])
        return {"dataset": dataset.name, "rules": [rule.name for rule in rules], "passed_over": passed_over}

    def show(self, document: dict[str, Any], out: Any) -> None:
        for name in document["rules"]:
            out.write(f"rule: {name}")
        for said in document["passed_over"]:
            out.write(f"passed over: {said}")
