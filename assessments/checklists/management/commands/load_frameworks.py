"""Load checklist frameworks from YAML files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from assessments.checklists.models import Item
from assessments.checklists.services import SHIPPED, framework_load, mappings_check
from assessments.common.command import GovernCommand


class Command(GovernCommand):
    help = "Load checklist frameworks; without a PATH those that come with Govern. Loading again changes nothing."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", type=Path, help="YAML file of a framework")

    def run(self, **options: Any) -> dict[str, Any]:
        paths = options["paths"] or SHIPPED
        loaded = []
        for n, path in enumerate(paths):
            self.progress(n / len(paths), f"Loading {path.name}")
            framework = framework_load(path)
            items = Item.objects.filter(domain__framework=framework).count()
            loaded.append(
                {
                    "framework": framework.identifier,
                    "version": framework.version,
                    "name": framework.name["en"],
                    "items": items,
                    "digest": framework.digest,
                }
            )
        # Files of one's own may be loaded before those that the mappings name.
        return {"frameworks": loaded} | ({} if options["paths"] else {"mappings": mappings_check()})
