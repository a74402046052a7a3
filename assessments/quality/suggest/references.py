"""Columns whose values are found in another dataset of the organisation."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from assessments.quality.profile.facts import ColumnFacts
from assessments.quality.suggest.look import Look
from assessments.quality.suggest.suggested import Suggested, suggested

ROLES = frozenset({"user", "item", "order", "query", "session"})
# The datasets that list things of a role: there each one should be found.
LISTS = {"items": "item", "users": "user", "queries": "query"}
NUMBERS = frozenset({"integer", "number", "decimal"})
MOST_ORPHANS = 0.2
MOST = 6


def references(look: Look) -> Iterator[Suggested]:
    """Only where roles and types fit; the scan says how many rows are not found there."""
    found = 0
    for facts in look.usable:
        role = look.role_of.get(facts.name, "")
        for dataset, columns in look.others.items():
            match = _column_there(facts, role, columns, LISTS.get(dataset_kind(columns), ""))
            if match and found < MOST:
                found += 1
                yield _reference(facts, dataset, match)


def dataset_kind(columns: dict[str, tuple[str, str]] | object) -> str:
    """The kind of a described dataset, which stands under the empty name."""
    return columns.get("", ("", ""))[0] if isinstance(columns, dict) else ""


def _column_there(facts: ColumnFacts, role: str, columns: object, lists: str) -> str:
    if role not in ROLES or lists != role or not isinstance(columns, dict):
        return ""
    there = [name for name, (other, kind) in columns.items() if name and other == role and _alike(kind, facts.kind)]
    return there[0] if there else ""


def _alike(kind: str, other: str) -> bool:
    """Whether values of the two kinds can be equal: a number that is written 17.0 there is 17 here."""
    return kind == other or {kind, other} <= NUMBERS


def _reference(facts: ColumnFacts, dataset: str, column: str) -> Suggested:
    parameters = {"dataset": dataset, "columns": [column]}
    return suggested(
        "reference",
        [facts.name],
        name=_("“%(column)s” is found in “%(dataset)s”") % {"column": facts.name, "dataset": dataset},
        reason=_("Nearly all of its values are values of “%(column)s” there.") % {"column": column},
        rank=77,
        parameters=parameters,
        severity="error",
        guard=True,
        most=MOST_ORPHANS,
        repair={"repair": "drop_orphans", "columns": [facts.name], "parameters": parameters},
    )
