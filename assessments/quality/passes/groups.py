"""One pass over a table for each set of columns in which repeated rows are looked for."""

from functools import reduce
from operator import and_
from time import perf_counter
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.dialect import SAMPLE_ROWS
from assessments.quality.passes.entries import Entry
from assessments.quality.running import REFUSALS, must_stop
from assessments.quality.scanner import Scanner


def measure_groups(entries: list[Entry], scanner: Scanner, progress: Progress) -> None:
    """Fill in the entries that need a grouping, with one pass for each set of columns."""
    by_columns: dict[frozenset[str], list[Entry]] = {}
    for entry in entries:
        if entry.group is not None and not entry.error:
            by_columns.setdefault(frozenset(entry.group.columns), []).append(entry)
    for position, (columns, sharing) in enumerate(by_columns.items()):
        share = part(progress, position / len(by_columns), (position + 1) / len(by_columns))
        try:
            _measure(sharing, [name for name in scanner.names if name in columns], scanner, share)
        except REFUSALS as error:
            if must_stop(error):
                raise
            for entry in sharing:
                entry.fail(error)


def _measure(sharing: list[Entry], columns: list[str], scanner: Scanner, progress: Progress) -> None:
    started = perf_counter()
    groups = grouped(scanner, columns)
    found = scanner.runner.rows(_summary(groups, len(columns), scanner), progress, _("Looking for repeated rows"))[0]
    for entry in sharing:
        _read_answer(entry, found)
        if entry.failing and not scanner.keeps_rows:
            entry.found = scanner.runner.rows(_examples(groups, columns, entry, scanner), progress)
        entry.seconds, entry.detail["shared_with"] = perf_counter() - started, len(sharing) - 1


def grouped(scanner: Scanner, columns: list[str]) -> ir.Table:
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
    return reduce(and_, (groups[f"k{position}"].notnull() for position in range(width)))


def _summary(groups: ir.Table, width: int, scanner: Scanner) -> ir.Table:
    """One row: for all groups and for those without an empty cell, their rows, the repeated ones and the first ten."""
    full, repeated, dialect = _full(groups, width), groups.n > 1, scanner.dialect
    aggregates = {"empty_first": dialect.least(groups["first"], where=~full)} if scanner.keeps_rows else {}
    for prefix, where in (("all", ibis.literal(True)), ("full", full)):
        aggregates |= {
            f"{prefix}_rows": groups.n.sum(where=where).fill_null(0),
            f"{prefix}_groups": groups.n.count(where=where & repeated),
            f"{prefix}_members": groups.n.sum(where=where & repeated).fill_null(0),
        }
        if scanner.keeps_rows:
            again = where & repeated
            aggregates[f"{prefix}_last"] = dialect.least(groups["last"], where=again)
            aggregates[f"{prefix}_first"] = dialect.value_at_least(groups["first"], groups["last"], where=again)
    return groups.aggregate(**aggregates)


def _examples(groups: ir.Table, columns: list[str], entry: Entry, scanner: Scanner) -> ir.Table:
    """Ten repeated groups, where rows have no numbers."""
    group = entry.group
    assert group is not None  # noqa: S101  measure_groups keeps only these
    wrong = groups.n > 1
    if group.nulls == "skip":
        wrong = wrong & _full(groups, len(columns))
    elif group.nulls == "fail":
        wrong = wrong | ~_full(groups, len(columns))
    chosen = {name: scanner.dialect.fetchable(groups[f"k{position}"]) for position, name in enumerate(columns)}
    return groups.filter(wrong).limit(SAMPLE_ROWS).select(**chosen)


def _read_answer(entry: Entry, found: dict[str, Any]) -> None:
    group = entry.group
    assert group is not None  # noqa: S101  measure_groups keeps only these
    prefix = "all" if group.nulls == "count" else "full"
    members, groups = int(found[f"{prefix}_members"]), int(found[f"{prefix}_groups"])
    entry.checked = int(found[f"{prefix}_rows"])
    entry.failing = members - groups if group.count == "surplus" else members
    entry.rows, entry.same_as = list(found.get(f"{prefix}_last") or []), list(found.get(f"{prefix}_first") or [])
    entry.detail["repeated_groups"] = groups
    if group.nulls == "fail":
        empty = int(found["all_rows"]) - entry.checked
        entry.checked, entry.failing = entry.checked + empty, entry.failing + empty
        entry.detail["rows_with_an_empty_key"] = empty
        if not entry.rows:
            entry.rows = list(found.get("empty_first") or [])
