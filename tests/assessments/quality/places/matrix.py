"""The rules of the examples measured in one place and held against another."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from assessments.quality.engine import scan
from assessments.quality.scanner import Source
from assessments.quality.specs import Outcome, RuleSpec
from tests.assessments.quality.places.examples import EXAMPLES, NOW, tables

TABLES = tables()
ROLES = {"user": "user", "item": "item", "time": "at"}
RULES = [
    RuleSpec(f"{check} {number}", check, columns, parameters)
    for check, examples in sorted(EXAMPLES.items())
    for number, (columns, parameters) in enumerate(examples)
]
OVERFLOW, NO_ORDER = "value out of range: overflow", "have no order of their own"
UNORDERED = {"time_order 0": NO_ORDER, "time_order 1": NO_ORDER}
Opens = Callable[[str], Source]


def measured(opens: Opens, rules: Sequence[RuleSpec] = RULES) -> dict[str, Outcome]:
    sources = {name: opens(name) for name in TABLES}
    outcomes = scan(sources["events"], rules, references=sources, roles=ROLES, as_of=NOW, masked=("mail",))
    return {outcome.rule.name: outcome for outcome in outcomes}


def counts(outcome: Outcome) -> tuple[int, int]:
    return outcome.rows_checked, outcome.rows_failing


def held_against(found: dict[str, Outcome], expected: dict[str, Outcome], refused: dict[str, str]) -> None:
    """Every rule has the counts of DuckDB, or is one of those that this place refuses, with the reason given."""
    errors = {name: one.error for name, one in found.items() if one.error and not expected[name].error}
    assert {name: reason in errors.get(name, "") for name, reason in refused.items()} == dict.fromkeys(refused, True)
    assert {name: error for name, error in errors.items() if name not in refused} == {}
    same = {name: counts(one) for name, one in found.items() if name not in refused}
    assert same == {name: counts(expected[name]) for name in same}


def in_files(folder: Path) -> dict[str, Outcome]:
    """What DuckDB measures on Parquet files, which plain Python was held against elsewhere."""
    for name, table in TABLES.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return measured(lambda name: folder / f"{name}.parquet")
