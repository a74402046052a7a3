"""register_dataset: read a file, an address or a table into a snapshot, and load its rules."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from assessments.accounts.selectors import organisation_by_slug
from assessments.common.command import GovernCommand
from assessments.common.errors import GovernError
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import roles_of, roles_suggested
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.quality.services import rules_load


class Command(GovernCommand):
    help = "Register a dataset from a file, an address or a database table, or take a new snapshot of one."

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the dataset's name; a known name takes a new snapshot")
        parser.add_argument(
            "location",
            metavar="FILE_OR_URL",
            help="CSV, Parquet, JSON lines or Excel; gzip is read as it is; s3://bucket/key; with --connection a table",
        )
        parser.add_argument("--kind", required=True, choices=Dataset.Kind.values, help="what a row is")
        parser.add_argument(
            "--role",
            action="append",
            type=role_pair,
            default=[],
            metavar="ROLE=COLUMN",
            help="what a column means, once for each role, such as user=CustomerID",
        )
        parser.add_argument("--rules", type=Path, metavar="FILE", help="a rule pack in YAML to load for the dataset")
        parser.add_argument("--organisation", metavar="SLUG", help="needed when there are several")
        parser.add_argument("--description", default="", help="what the data are, for people")
        parser.add_argument(
            "--format", choices=["csv", "parquet", "jsonl", "xlsx"], help="found from the content by default"
        )
        parser.add_argument("--delimiter", help="one character or “tab”; found from the first rows by default")
        parser.add_argument("--encoding", help="UTF-8, else Latin-1, by default")
        parser.add_argument("--null", action="append", metavar="TEXT", help="a text that means a missing value")
        parser.add_argument("--sheet", help="of an Excel workbook; the first one by default")
        parser.add_argument(
            "--connection", metavar="NAME", help="read the table schema.table by this connection of GOVERN_CONNECTIONS"
        )
        parser.add_argument(
            "--copy", action="store_true", help="copy the table once instead of leaving it in its place"
        )
        parser.add_argument("--date-format", metavar="FORMAT", help="how dates are written, such as %%d/%%m/%%Y")

    def run(self, **options: Any) -> dict[str, Any]:
        organisation = organisation_by_slug(options["organisation"])
        pack = read_pack(options["rules"])
        snapshot = dataset_register(
            organisation=organisation,
            name=options["name"],
            kind=options["kind"],
            source=source_of(options),
            roles=roles_of_pairs(options["role"]) or None,
            description=options["description"],
            operator=True,
            progress=self.progress,
        )
        rules = rules_load(dataset=snapshot.dataset, pack=pack) if pack is not None else []
        return {**document(snapshot), "rules": [rule.name for rule in rules]}


def role_pair(text: str) -> tuple[str, str]:
    role, equals, column = text.partition("=")
    if not role or not equals or not column:
        raise ArgumentTypeError(f"“{text}” is not ROLE=COLUMN, such as user=CustomerID")
    return role, column


def roles_of_pairs(pairs: list[tuple[str, str]]) -> dict[str, str]:
    roles = dict(pairs)
    if len(roles) != len(pairs):
        raise GovernError("A role is given twice.", where="--role", hint="Name each role once.")
    return roles


def read_pack(path: Path | None) -> str | None:
    """The text of a rule pack, read before the data so that a wrong path costs nothing."""
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise GovernError(
            "The rule pack cannot be read.", where=str(path), hint=f"Check the path and the encoding ({error})."
        ) from error


def source_of(options: dict[str, Any]) -> SourceSpec:
    location = options["location"]
    if options["connection"]:
        return SourceSpec("database", f"{options['connection']}:{location}", {"copy": True} if options["copy"] else {})
    reading = {
        "format": options["format"],
        "delimiter": options["delimiter"],
        "encoding": options["encoding"],
        "null_values": options["null"],
        "date_format": options["date_format"],
        "sheet": options["sheet"],
    }
    chosen = {name: value for name, value in reading.items() if value}
    if location.startswith("s3://"):
        return SourceSpec("object", location, chosen)
    if "://" in location:
        return SourceSpec("url", location, chosen)
    return SourceSpec("path", str(Path(location).expanduser().absolute()), chosen)


def document(snapshot: Snapshot) -> dict[str, Any]:
    columns = snapshot.columns.order_by("position").values("name", "type", "nulls", "role", "suggested_role")
    return {
        "dataset": snapshot.dataset.name,
        "snapshot": snapshot.number,
        "digest": snapshot.digest,
        "rows": snapshot.rows,
        "columns": list(columns),
        "roles": roles_of(snapshot),
        "suggested_roles": roles_suggested(snapshot),
        "notes": snapshot.notes,
    }
