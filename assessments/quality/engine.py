"""Rules of a table compiled into one scan of its Parquet file.

All rules that can be decided row by row (joins with references included) become one aggregate SELECT, in which
DuckDB also keeps the ten first failing row numbers of each rule. Each set of columns in which repeated rows or keys
are looked for takes one grouping, shared by the rules on the same set. One last query fetches the failing rows of all
rules by their numbers, reading only the row groups that hold them, and masks them before anybody else sees them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.masking import mask_value
from assessments.common.progress import Progress, part, silent
from assessments.quality.checks import verify
from assessments.quality.checks.base import Scope
from assessments.quality.connection import Runner
from assessments.quality.passes import (
    REFUSALS,
    Entry,
    measure_first,
    measure_groups,
    measure_inspections,
    measure_queries,
    measure_rows,
)
from assessments.quality.references import with_reference
from assessments.quality.sampling import fetchable
from assessments.quality.scanner import Scanner, scanner_open
from assessments.quality.specs import Limits, Outcome, RuleSpec

WIDEST_SAMPLE = 12


def scan(
    table: Path,
    rules: Sequence[RuleSpec],
    *,
    references: Mapping[str, Path] | None = None,
    earlier: Path | None = None,
    roles: Mapping[str, str] | None = None,
    as_of: datetime,
    masked: Collection[str] = (),
    limits: Limits | None = None,
    progress: Progress = silent,
) -> list[Outcome]:
    """Measure ``rules`` on the Parquet file ``table``; one outcome for each, in their order.

    ``references`` maps the names of other datasets to their files, ``earlier`` is the file of the snapshot before,
    ``roles`` maps roles to columns, ``as_of`` (with a zone) is "now", and values of the columns ``masked`` are never
    shown. Raises GovernError when the table cannot be read or time is up; a rule
    that cannot be measured has its error in its outcome instead.
    """
    entries = [_entry(spec) for spec in rules]
    with scanner_open(table, others=references, earlier=earlier, limits=limits) as scanner:
        base, row, names, runner = scanner.table, scanner.row, scanner.names, scanner.runner
        joined = _join(entries, scanner)
        scope = Scope(
            joined,
            names,
            as_of.astimezone(UTC).replace(tzinfo=None),
            known={entry.spec.name: joined[entry.flag] for entry in entries if entry.flag},
            others=scanner.others,
            earlier=scanner.earlier,
            roles=roles or {},
            row=joined[row],
        )
        measure_first(entries, runner, scope, part(progress, 0.0, 0.1))
        _plan(entries, scope)
        measure_rows(entries, runner, joined, row, part(progress, 0.1, 0.5))
        measure_groups(entries, runner, base, row, part(progress, 0.5, 0.7))
        measure_queries(entries, runner, row, part(progress, 0.7, 0.8))
        measure_inspections(entries, runner, scope, part(progress, 0.8, 0.9))
        samples = _samples(entries, runner, base, row, names, frozenset(masked), part(progress, 0.9, 1.0))
    return [_outcome(entry, samples, frozenset(masked)) for entry in entries]


def _entry(spec: RuleSpec) -> Entry:
    entry = Entry(spec)
    try:
        entry.check = verify(spec)
    except GovernError as error:
        entry.fail(error)
    return entry


def _join(entries: list[Entry], scanner: Scanner) -> ir.Table:
    """The table joined with what its rules refer to; a rule whose reference is wrong keeps the reason."""
    table = scanner.table
    for entry in entries:
        reference = entry.check.reference(entry.spec) if entry.check else None
        if reference is None:
            continue
        try:
            table, entry.flag = with_reference(table, scanner.names, entry.spec, reference, scanner.others)
        except REFUSALS as error:
            entry.fail(error)
    return table


def _plan(entries: list[Entry], scope: Scope) -> None:
    """Give each rule its plan, keeping the reason where there is none."""
    for entry in entries:
        if entry.check is None or entry.error:
            continue
        mine = replace(scope, measured=entry.measured)
        try:
            if entry.check.measured_by == "group":
                entry.group = entry.check.group(scope.names, entry.spec)
            elif entry.check.measured_by == "query":
                entry.query = entry.check.query(mine, entry.spec)
            elif entry.check.measured_by == "plan":
                entry.plan = entry.check.plan(mine, entry.spec)
        except REFUSALS as error:
            entry.fail(error)


def _samples(
    entries: list[Entry],
    runner: Runner,
    table: ir.Table,
    row: str,
    names: tuple[str, ...],
    masked: frozenset[str],
    progress: Progress,
) -> dict[int, dict[str, Any]]:
    """The failing rows that the passes kept the numbers of, by number, masked: one query for all rules."""
    numbers = sorted({number for entry in entries for number in entry.rows})
    if not numbers:
        progress(1.0)
        return {}
    wanted = {name for entry in entries if entry.rows for name in _shown(entry, names)}
    chosen = [name for name in names if name in wanted]
    aliases = {f"v{position}": fetchable(table[name]) for position, name in enumerate(chosen)}
    rows = runner.rows(table.filter(table[row].isin(numbers)).select(r=table[row], **aliases), progress)
    return {
        found["r"]: {
            name: mask_value(found[f"v{position}"], personal=name in masked) for position, name in enumerate(chosen)
        }
        for found in rows
    }


def _shown(entry: Entry, names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a rule's sample: its own, or the first of the table for a rule on whole rows."""
    return entry.spec.columns or names[:WIDEST_SAMPLE]


def _outcome(entry: Entry, samples: dict[int, dict[str, Any]], masked: frozenset[str]) -> Outcome:
    spec, check = entry.spec, entry.check
    dimension = spec.dimension or (check.dimension if check else "validity")
    meaning = check.meaning(spec) if check else ""
    detail = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in entry.detail.items()}
    error = entry.error
    if not error and not entry.checked:
        error = _("Nothing was checked: no row has a value to look at.")
    if error:
        return Outcome(
            spec, dimension, meaning=meaning, detail={**detail, "nothing_checked": not entry.error}, error=error
        )
    passing = entry.checked - entry.failing
    fraction = passing / entry.checked
    return Outcome(
        rule=spec,
        dimension=dimension,
        rows_checked=entry.checked,
        rows_failing=entry.failing,
        fraction=fraction,
        passed=fraction >= spec.threshold,
        meaning=meaning,
        detail=detail,
        sample=tuple(_sample_row(entry, position, samples) for position in range(len(entry.rows)))
        or tuple(_shown_row(found, masked) for found in entry.found),
        seconds=entry.seconds,
    )


def _sample_row(entry: Entry, position: int, samples: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """One failing row: its number counted from 1, the values of the rule's columns, and the row that it repeats."""
    number = entry.rows[position]
    found = samples.get(number, {})
    shown = entry.spec.columns or tuple(found)
    row: dict[str, Any] = {"row": number + 1, "values": {name: found[name] for name in shown if name in found}}
    if entry.same_as and position < len(entry.same_as):
        row["same_as"] = entry.same_as[position] + 1
    return row


def _shown_row(found: Mapping[str, Any], masked: frozenset[str]) -> dict[str, Any]:
    """A failing row that a rule's own query gave, without a number where the place has none."""
    values = {name: mask_value(value, personal=name in masked) for name, value in found.items() if name != "row"}
    return {"row": found["row"] + 1, "values": values} if found.get("row") is not None else {"values": values}
