"""create_organisation: make a tenant."""

from argparse import ArgumentParser
from typing import Any

from assessments.accounts.services import organisation_create
from assessments.common.command import GovernCommand


class Command(GovernCommand):
    help = "Make an organisation, to which datasets, answers and assessments then belong."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name of the organisation")
        parser.add_argument("--slug", default="", help="short name for commands and addresses; made from the name")

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_create(name=options["name"], slug=options["slug"])
        return {"organisation": organisation.name, "slug": organisation.slug}
