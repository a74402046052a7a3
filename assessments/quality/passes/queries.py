"""Rules that take a query of their own, or that look at the table in Python."""

from dataclasses import replace
from time import perf_counter

import ibis.expr.types as ir

from assessments.common.progress import Progress, part
from assessments.quality.checks.base import Scope
from assessments.quality.dialect import SAMPLE_ROWS
from assessments.quality.passes.entries import Entry, alone
from assessments.quality.scanner import Scanner


def measure_queries(entries: list[Entry], scanner: Scanner, progress: Progress) -> None:
    """Fill in the entries that have a query of their own."""
    planned = [entry for entry in entries if entry.query is not None and not entry.error]
    for position, entry in enumerate(planned):
        started = perf_counter()
        with alone(entry):
            _query(entry, scanner, part(progress, position / len(planned), (position + 1) / len(planned)))
        entry.seconds = perf_counter() - started


def _query(entry: Entry, scanner: Scanner, progress: Progress) -> None:
    query = entry.query
    assert query is not None  # noqa: S101  measure_queries keeps only these
    found = scanner.runner.rows(query.summary, progress, entry.spec.name)[0]
    checked, failing = int(found.pop("checked") or 0), int(found.pop("failing") or 0)
    if query.judge is not None:
        checked, failing, found = query.judge(checked, failing, found)
    entry.checked, entry.failing = checked, failing
    entry.detail.update(found)
    if failing and query.failing_rows is not None:
        entry.found = scanner.runner.rows(_first_of(query.failing_rows, scanner), progress, entry.spec.name)


def _first_of(rows: ir.Table, scanner: Scanner) -> ir.Table:
    rows = rows.order_by("row") if "row" in rows.columns else rows
    return rows.limit(SAMPLE_ROWS).select(**{name: scanner.dialect.fetchable(rows[name]) for name in rows.columns})


def measure_inspections(entries: list[Entry], scanner: Scanner, scope: Scope, progress: Progress) -> None:
    """Fill in the entries that look at the table in Python, piece by piece."""
    planned = [entry for entry in entries if entry.check and entry.check.measured_by == "inspect" and not entry.error]
    for position, entry in enumerate(planned):
        assert entry.check is not None  # noqa: S101  just filtered
        share = part(progress, position / len(planned), (position + 1) / len(planned))
        started = perf_counter()
        with alone(entry):
            mine = replace(scope, measured=entry.measured)
            found = entry.check.inspect(mine, entry.spec, scanner.runner, share)
            entry.checked, entry.failing = found.checked, found.failing
            entry.rows, entry.same_as = list(found.rows), list(found.same_as)
            entry.detail.update(found.detail)
        entry.seconds = perf_counter() - started
