"""Take rules, results, a profile or a description out of a dataset."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.datasets.selectors import dataset_by_name
from assessments.quality.exports import EXPORTS, export_make


class Command(GovernCommand):
    help = "Take something out of a dataset: its rules, results, profile or description, in a form other tools read."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="name of the dataset")
        parser.add_argument("what", metavar="WHAT", choices=sorted(EXPORTS), help=f"one of: {', '.join(EXPORTS)}")
        parser.add_argument("--out", metavar="FILE", type=Path, help="write to this file instead of standard output")
        parser.add_argument(
            "--organisation", metavar="SLUG", help="short name of the organisation, if there are several"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"])
        dataset = dataset_by_name(organisation=organisation, name=options["name"])
        made = export_make(dataset, options["what"], quotes=True)
        if options["out"] is None:
            return {"dataset": dataset.name, "what": options["what"], "content": made.content}
        options["out"].write_text(made.content, encoding="utf-8", newline="")
        return {"dataset": dataset.name, "what": options["what"], "file": str(options["out"])}

    def show(self, document: dict[str, Any], out: Any) -> None:
        out.write(document["content"] if "content" in document else f"written to {document['file']}", ending="")
