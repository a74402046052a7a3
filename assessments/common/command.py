"""What all of Govern's commands share: one JSON document out, progress on standard error, honest exit codes."""

import json
import math
import sys
from abc import abstractmethod
from argparse import ArgumentParser
from time import monotonic
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, OutputWrapper
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from assessments.common.errors import CancelledError, GovernError


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

    def uses_database(self, **options: Any) -> bool:
        """Whether the database must be there and up to date; a command that only reads a file says no."""
        return True

    def show(self, document: dict[str, Any], out: OutputWrapper) -> None:
        """Print the document for people: one ``name: value`` line each."""
        for name, value in document.items():
            out.write(f"{name}: {value if not isinstance(value, dict | list) else json.dumps(value, default=str)}")

    def progress(self, fraction: float, message: str = "") -> None:
        """Show how far the work is: a line for each new message, and at most two each second."""
        now = monotonic()
        if message == self._shown and now - self._shown_at < 0.5 and fraction < 1.0:
            return
        self._shown, self._shown_at = message, now
        self.stderr.write(f"{fraction:4.0%} {message}", self.style.NOTICE)

    _shown, _shown_at = "", 0.0

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if self.uses_database(**options):
                require_migrated()
            document = self.run(**options)
        except GovernError as error:
            self.fail(error, as_json=options["json"])
        except KeyboardInterrupt:
            self.fail(CancelledError("Stopped before the end."), as_json=options["json"])
        if options["json"]:
            self.stdout.write(json_text(document))
        else:
            self.show(document, self.stdout)
        if document.get("valid") is False:
            sys.exit(1)

    def fail(self, error: GovernError, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json_text({"error": error.message, "where": error.where, "hint": error.hint}))
        where = f" ({error.where})" if error.where else ""
        self.stderr.write(f"{error.message}{where} {error.hint}".strip())
        sys.exit(1)


def json_text(document: Any) -> str:
    """The document as JSON that every parser reads: what is not a number (NaN, infinity) becomes null."""
    return json.dumps(_finite(document), ensure_ascii=False, allow_nan=False, default=str)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value


def require_migrated() -> None:
    """Raise GovernError when the database lacks migrations: commands never change its tables by themselves."""
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    except OperationalError as error:
        raise GovernError(
            "The database does not answer.", where=str(error).strip(), hint="Check GOVERN_DATABASE_URL and GOVERN_HOME."
        ) from error
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise GovernError(
            "The database is not up to date with this version of Govern.",
            hint="Run: python manage.py migrate",
        )
