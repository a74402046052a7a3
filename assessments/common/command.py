"""What all of Govern's commands share: one JSON document out, progress on standard error, honest exit codes."""

import json
import sys
from abc import abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, OutputWrapper
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from assessments.common.errors import GovernError


class GovernCommand(BaseCommand):
    """A command that exits with 0, with 1 for a failure that it explains, and with 2 for wrong usage.

    Subclasses add their options in ``add_options`` and return their document from ``run``; without ``--json`` it is
    shown by ``show``. Progress goes to standard error through ``self.progress``.
    """

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options of this command."""

    @abstractmethod
    def run(self, **options: Any) -> dict[str, Any]:
        """Do the work and return the document; raise GovernError for a failure to explain."""

    def show(self, document: dict[str, Any], out: OutputWrapper) -> None:
        """Print the document for people: one ``name: value`` line each."""
        for name, value in document.items():
            out.write(f"{name}: {value if not isinstance(value, dict | list) else json.dumps(value, default=str)}")

    def progress(self, fraction: float, message: str = "") -> None:
        self.stderr.write(f"{fraction:4.0%} {message}", self.style.NOTICE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_migrated()
            document = self.run(**options)
        except GovernError as error:
            self.fail(error, as_json=options["json"])
        if options["json"]:
            json.dump(document, self.stdout, ensure_ascii=False, default=str)
            self.stdout.write("")
        else:
            self.show(document, self.stdout)
        if document.get("valid") is False:
            sys.exit(1)

    def fail(self, error: GovernError, *, as_json: bool) -> None:
        if as_json:
            document = {"error": error.message, "where": error.where, "hint": error.hint}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        where = f" ({error.where})" if error.where else ""
        self.stderr.write(f"{error.message}{where} {error.hint}".strip())
        sys.exit(1)


def require_migrated() -> None:
    """Raise GovernError when the database lacks migrations: commands never change its tables by themselves."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise GovernError(
            "The database is not up to date with this version of Govern.",
            hint="Run: python manage.py migrate",
        )
