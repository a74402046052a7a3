"""Repeated rows: by hashes where that is quicker, else by one grouping for each set of columns."""

from time import perf_counter
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.conditions import all_of
from assessments.quality.dialect import SAMPLE_ROWS
from assessments.quality.passes.entries import Entry, alone
from assessments.quality.passes.keysets import KeySet, KeysFound, Repeated, answer, key_sets
from assessments.quality.passes.repeats import measure_repeats
from assessments.quality.scanner import Scanner


def measure_groups(entries: list[Entry], scanner: Scanner, progress: Progress) -> None:
    """Fill in the entries that look for repeated rows."""
    sets = key_sets(entries, scanner.names)
    by_hashes = measure_repeats(sets, scanner, part(progress, 0.0, 0.6))
    rest = [keys for keys in sets if keys.columns not in by_hashes]
    for position, keys in enumerate(rest):
        share = part(progress, 0.6 + 0.4 * position / len(rest), 0.6 + 0.4 * (position + 1) / len(rest))
        with alone(*keys.entries):
            _measure(keys, scanner, share)


def _measure(keys: KeySet, scanner: Scanner, progress: Progress) -> None:
    started = perf_counter()
    groups = _grouped(scanner, keys.columns)
    summary = _summary(groups, keys, scanner)
    found = _found(scanner.runner.rows(summary, progress, _("Looking for repeated rows"))[0])
    for entry in keys.entries:
        answer(entry, found)
        if entry.failing and not scanner.keeps_rows:
            entry.found = scanner.runner.rows(_examples(groups, keys.columns, entry, scanner), progress)
        entry.seconds, entry.detail["shared_with"] = perf_counter() - started, len(keys.entries) - 1


def _grouped(scanner: Scanner, columns: tuple[str, ...]) -> ir.Table:
    """A row for each different row of ``columns``: these as k0, k1 …, their number as n, its first and last row."""
    table = scanner.table
    names = [f"k{position}" for position in range(len(columns))]
    keys = {name: table[column] for name, column in zip(names, columns, strict=True)}
    if not scanner.keeps_rows:
        return table.select(**keys).group_by(names).aggregate(n=ibis._.count())
    rows = table.select(**keys, r=table[scanner.row])
    return rows.group_by(names).aggregate(n=rows.count(), first=rows.r.min(), last=rows.r.max())


def _full(groups: ir.Table, width: int) -> ir.BooleanValue:
    """No key column is empty."""
    return all_of(groups[f"k{position}"].notnull() for position in range(width))


def _summary(groups: ir.Table, keys: KeySet, scanner: Scanner) -> ir.Table:
    """One row: for all groups, or for those without an empty cell, their rows, the repeated ones and the first ten."""
    aggregates: dict[str, ir.Scalar] = {"rows": groups.n.sum()}
    if keys.nulls != "skip":
        aggregates |= _of_groups("equal", groups, ibis.literal(True), scanner)
    if keys.nulls != "count":
        full = _full(groups, len(keys.columns))
        aggregates |= _of_groups("full", groups, full, scanner)
        if scanner.keeps_rows:
            aggregates["empty_rows"] = scanner.dialect.least(groups["first"], where=~full)
    return groups.aggregate(**aggregates)


def _of_groups(prefix: str, groups: ir.Table, where: ir.BooleanValue, scanner: Scanner) -> dict[str, ir.Scalar]:
    again = where & (groups.n > 1)
    aggregates: dict[str, ir.Scalar] = {
        f"{prefix}_rows": groups.n.sum(where=where),
        f"{prefix}_groups": groups.n.count(where=again),
        f"{prefix}_members": groups.n.sum(where=again),
    }
    if scanner.keeps_rows:
        aggregates[f"{prefix}_last"] = scanner.dialect.least(groups["last"], where=again)
        aggregates[f"{prefix}_first"] = scanner.dialect.value_at_least(groups["first"], groups["last"], where=again)
    return aggregates


def _found(row: dict[str, Any]) -> KeysFound:
    equal, full = (_repeated(row, prefix) if f"{prefix}_rows" in row else None for prefix in ("equal", "full"))
    return KeysFound(rows=int(row["rows"] or 0), equal=equal, full=full, empty_rows=row.get("empty_rows") or ())


def _repeated(row: dict[str, Any], prefix: str) -> Repeated:
    return Repeated(
        rows=int(row[f"{prefix}_rows"] or 0),
        groups=int(row[f"{prefix}_groups"] or 0),
        members=int(row[f"{prefix}_members"] or 0),
        last=row.get(f"{prefix}_last") or (),
        first=row.get(f"{prefix}_first") or (),
    )


def _examples(groups: ir.Table, columns: tuple[str, ...], entry: Entry, scanner: Scanner) -> ir.Table:
    """Ten repeated groups, where rows have no numbers."""
    group = entry.group
    assert group is not None  # noqa: S101  key_sets keeps only these
    wrong = groups.n > 1
    if group.nulls == "skip":
        wrong = wrong & _full(groups, len(columns))
    elif group.nulls == "fail":
        wrong = wrong | ~_full(groups, len(columns))
    chosen = {name: scanner.dialect.fetchable(groups[f"k{position}"]) for position, name in enumerate(columns)}
    return groups.filter(wrong).limit(SAMPLE_ROWS).select(**chosen)
