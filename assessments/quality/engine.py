"""Rules of a table compiled into one scan of its Parquet file.

All rules that can be decided row by row (joins with references included) become one aggregate SELECT, in which
DuckDB also keeps the ten first failing row numbers of each rule. Each set of columns in which repeated rows or keys
are looked for takes one grouping, shared by the rules on the same set. One last query fetches the failing rows of all
rules by their numbers, reading only the row groups that hold them, and masks them before anybody else sees them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part, silent
from assessments.quality.checks import verify
from assessments.quality.checks.base import Scope
from assessments.quality.passes import (
    Entry,
    alone,
    measure_first,
    measure_groups,
    measure_inspections,
    measure_queries,
    measure_rows,
)
from assessments.quality.references import with_reference
from assessments.quality.running import watched
from assessments.quality.samples import samples_fetch, samples_show
from assessments.quality.scanner import Scanner, Source, scanner_open
from assessments.quality.specs import Limits, Look, Outcome, RuleSpec


def scan(
    table: Source,
    rules: Sequence[RuleSpec],
    *,
    references: Mapping[str, Source] | None = None,
    earlier: Source | Look | None = None,
    roles: Mapping[str, str] | None = None,
    as_of: datetime,
    masked: Collection[str] = (),
    limits: Limits | None = None,
    progress: Progress = silent,
) -> list[Outcome]:
    """Measure ``rules`` on ``table``, a Parquet file or a place of another kind; one outcome for each, in their order.

    ``references`` maps the names of other datasets to theirs, ``earlier`` is the snapshot before, or what is kept of
    a look at a table that stays in its database, ``roles`` maps roles to columns, ``as_of`` (with a zone) is "now", and
    values of the columns ``masked`` are never shown. Raises GovernError when the table cannot be read or time is up; a
    rule that cannot be measured has its error in its outcome instead.
    """
    entries, progress = [_entry(spec) for spec in rules], watched(progress)
    looked = earlier if isinstance(earlier, Look) else None
    before = None if isinstance(earlier, Look) else earlier
    with scanner_open(table, others=references, earlier=before, limits=limits) as scanner:
        joined = _join(entries, scanner)
        bare = Scope(
            scanner.table,
            scanner.names,
            as_of.astimezone(UTC).replace(tzinfo=None),
            others=scanner.others,
            earlier=scanner.earlier,
            looked=looked,
            roles=roles or {},
            row=None if scanner.row is None else scanner.table[scanner.row],
            dialect=scanner.dialect,
            masked=frozenset(masked),
        )
        measure_first(entries, scanner.runner, bare, part(progress, 0.0, 0.1))
        _plan(entries, bare, _with_references(bare, joined, entries, scanner))
        measure_rows(entries, scanner, joined, part(progress, 0.1, 0.5))
        measure_groups(entries, scanner, part(progress, 0.5, 0.7))
        measure_queries(entries, scanner, part(progress, 0.7, 0.8))
        measure_inspections(entries, scanner, bare, part(progress, 0.8, 0.9))
        samples = samples_fetch(entries, scanner, joined, bare.roles, part(progress, 0.9, 1.0))
    return [_outcome(entry, samples_show(entry, samples, frozenset(masked))) for entry in entries]


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
        with alone(entry):
            table, entry.flag = with_reference(table, scanner.names, entry.spec, reference, scanner.others)
    return table


def _with_references(bare: Scope, joined: ir.Table, entries: list[Entry], scanner: Scanner) -> Scope:
    """What rules by rows see: the same table joined with what some of them refer to."""
    known = {entry.spec.name: joined[entry.flag] for entry in entries if entry.flag}
    return replace(bare, table=joined, known=known, row=None if scanner.row is None else joined[scanner.row])


def _plan(entries: list[Entry], bare: Scope, joined: Scope) -> None:
    """Give each rule its plan, keeping the reason where there is none; only rules by rows need the joined table."""
    for entry in entries:
        if entry.check is None or entry.error:
            continue
        with alone(entry):
            if entry.check.measured_by == "group":
                entry.group = entry.check.group(bare.names, entry.spec)
            elif entry.check.measured_by == "query":
                entry.query = entry.check.query(replace(bare, measured=entry.measured), entry.spec)
            elif entry.check.measured_by == "plan":
                entry.plan = entry.check.plan(replace(joined, measured=entry.measured), entry.spec)


def _outcome(entry: Entry, sample: tuple[dict[str, Any], ...]) -> Outcome:
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
        sample=sample,
        seconds=entry.seconds,
    )
