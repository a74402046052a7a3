"""The passes over a table: one for all rules decided row by row, one for each set of columns to group by."""

from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from time import monotonic, perf_counter
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from ibis.common.exceptions import IbisError

from assessments.common.errors import GovernError
from assessments.common.masking import mask_quoted
from assessments.common.progress import Progress, part
from assessments.quality.checks.base import Check, GroupPlan, QueryPlan, RowPlan, Scope
from assessments.quality.connection import Runner
from assessments.quality.sampling import SAMPLE_ROWS, fetchable, least, value_at_least
from assessments.quality.specs import RuleSpec

REFUSALS = (GovernError, IbisError, duckdb.Error)


@dataclass
class Entry:
    """One rule on its way through the scan.

    ``rows`` are numbers of failing rows, ``same_as`` of their equals; ``found`` are failing rows as a query gave them.
    """

    spec: RuleSpec
    check: Check | None = None
    flag: str = ""
    plan: RowPlan | None = None
    group: GroupPlan | None = None
    query: QueryPlan | None = None
    measured: dict[str, Any] = field(default_factory=dict)
    checked: int = 0
    failing: int = 0
    detail: dict[str, Any] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    same_as: list[int] = field(default_factory=list)
    found: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""

    def fail(self, error: Exception) -> None:
        """Keep why this rule could not be measured; the others go on."""
        if isinstance(error, GovernError):
            self.error = f"{error.message} {error.hint}".strip()
        else:
            self.error = mask_quoted(str(error).splitlines()[0])[:500]


def measure_first(entries: list[Entry], runner: Runner, scope: Scope, progress: Progress) -> None:
    """What the rules need to know before they can be planned: one pass for all of them, or one for each if it fails."""
    asked: list[tuple[Entry, dict[str, ir.Scalar]]] = []
    for entry in entries:
        if entry.check is None or entry.error:
            continue
        try:
            wanted = dict(entry.check.prepare(scope, entry.spec))
        except REFUSALS as error:
            entry.fail(error)
            continue
        if wanted:
            asked.append((entry, wanted))
    _measure_first(asked, runner, scope.table, progress)


def _measure_first(
    asked: list[tuple[Entry, dict[str, ir.Scalar]]], runner: Runner, table: ir.Table, progress: Progress
) -> None:
    if not asked:
        return
    aggregates = {
        f"a{position}_{name}": value
        for position, (_entry, wanted) in enumerate(asked)
        for name, value in wanted.items()
    }
    try:
        found = runner.rows(table.aggregate(**aggregates), progress, _("Measuring what the rules start from"))[0]
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, IbisError) as error:
        if len(asked) == 1:
            asked[0][0].fail(error)
            return
        middle = len(asked) // 2
        _measure_first(asked[:middle], runner, table, part(progress, 0.0, 0.5))
        _measure_first(asked[middle:], runner, table, part(progress, 0.5, 1.0))
        return
    for position, (entry, wanted) in enumerate(asked):
        entry.measured = {name: found[f"a{position}_{name}"] for name in wanted}


def measure_rows(entries: list[Entry], runner: Runner, table: ir.Table, row: str, progress: Progress) -> None:
    """Fill in the entries that have a row plan, all from one aggregate SELECT.

    When the database refuses the whole (a value that overflows, say), the rules are tried by halves until the one at
    fault is alone with its error.
    """
    planned = [entry for entry in entries if entry.plan is not None and not entry.error]
    if not planned:
        return
    started = perf_counter()
    message = _("Scanning the table for %(count)d rules") % {"count": len(planned)}
    try:
        found = runner.rows(table.aggregate(**_aggregates(planned, table[row])), progress, message)[0]
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, IbisError) as error:
        if len(planned) == 1:
            planned[0].fail(error)
            return
        middle = len(planned) // 2
        measure_rows(planned[:middle], runner, table, row, part(progress, 0.0, 0.5))
        measure_rows(planned[middle:], runner, table, row, part(progress, 0.5, 1.0))
        return
    seconds = perf_counter() - started
    for position, entry in enumerate(planned):
        _read_row_answer(entry, position, found)
        entry.seconds, entry.detail["shared_with"] = seconds, len(planned) - 1


def _aggregates(planned: list[Entry], row: ir.Column) -> dict[str, ir.Scalar]:
    aggregates = {}
    for position, entry in enumerate(planned):
        plan = entry.plan
        assert plan is not None  # noqa: S101  measure_rows keeps only planned entries
        fails = plan.checked & plan.failing
        aggregates[f"c{position}"] = row.count(where=plan.checked)
        aggregates[f"f{position}"] = row.count(where=fails)
        aggregates[f"s{position}"] = least(row, where=fails)
        for name, expression in plan.extra.items():
            aggregates[f"x{position}_{name}"] = expression
    return aggregates


def _read_row_answer(entry: Entry, position: int, found: dict[str, Any]) -> None:
    plan = entry.plan
    assert plan is not None  # noqa: S101  measure_rows keeps only planned entries
    entry.checked, entry.failing = found[f"c{position}"], found[f"f{position}"]
    entry.rows = list(found[f"s{position}"] or [])
    extra = {name: found[f"x{position}_{name}"] for name in plan.extra}
    if plan.judge is not None:
        entry.checked, entry.failing, extra = plan.judge(entry.checked, entry.failing, extra)
    entry.detail.update(extra)


def measure_groups(entries: list[Entry], runner: Runner, table: ir.Table, row: str, progress: Progress) -> None:
    """Fill in the entries that need a grouping, with one pass for each set of columns."""
    by_columns: dict[frozenset[str], list[Entry]] = {}
    for entry in entries:
        if entry.group is not None and not entry.error:
            by_columns.setdefault(frozenset(entry.group.columns), []).append(entry)
    for position, (columns, sharing) in enumerate(by_columns.items()):
        share = part(progress, position / len(by_columns), (position + 1) / len(by_columns))
        started = perf_counter()
        summary = _group_summary(table, [name for name in table.columns if name in columns], row)
        try:
            found = runner.rows(summary, share, _("Looking for repeated rows"))[0]
        except duckdb.InterruptException:
            raise
        except (duckdb.Error, IbisError) as error:
            for entry in sharing:
                entry.fail(error)
            continue
        for entry in sharing:
            _read_group_answer(entry, found)
            entry.seconds, entry.detail["shared_with"] = perf_counter() - started, len(sharing) - 1


def _group_summary(table: ir.Table, columns: list[str], row: str) -> ir.Table:
    """One row: for all groups and for those without an empty cell, their rows, the repeated ones and the first ten."""
    names = [f"k{position}" for position in range(len(columns))]
    keys = table.select(**{name: table[column] for name, column in zip(names, columns, strict=True)}, r=table[row])
    groups = keys.group_by(names).aggregate(n=keys.count(), first=keys.r.min(), last=keys.r.max())
    full = reduce(and_, (groups[name].notnull() for name in names))
    repeated = groups.n > 1
    every = ibis.literal(True)
    aggregates = {"empty_first": least(groups.first, where=~full)}
    for prefix, where in (("all", every), ("full", full)):
        aggregates |= {
            f"{prefix}_rows": groups.n.sum(where=where).fill_null(0),
            f"{prefix}_groups": groups.n.count(where=where & repeated),
            f"{prefix}_members": groups.n.sum(where=where & repeated).fill_null(0),
            f"{prefix}_last": least(groups["last"], where=where & repeated),
            f"{prefix}_first": value_at_least(groups["first"], groups["last"], where=where & repeated),
        }
    return groups.aggregate(**aggregates)


def _read_group_answer(entry: Entry, found: dict[str, Any]) -> None:
    group = entry.group
    assert group is not None  # noqa: S101  measure_groups keeps only these
    prefix = "all" if group.nulls == "count" else "full"
    members, groups = int(found[f"{prefix}_members"]), int(found[f"{prefix}_groups"])
    entry.checked = int(found[f"{prefix}_rows"])
    entry.failing = members - groups if group.count == "surplus" else members
    entry.rows, entry.same_as = list(found[f"{prefix}_last"] or []), list(found[f"{prefix}_first"] or [])
    entry.detail["repeated_groups"] = groups
    if group.nulls == "fail":
        empty = int(found["all_rows"]) - entry.checked
        entry.checked, entry.failing = entry.checked + empty, entry.failing + empty
        entry.detail["rows_with_an_empty_key"] = empty
        if not entry.rows:
            entry.rows = list(found["empty_first"] or [])


def measure_queries(entries: list[Entry], runner: Runner, row: str, progress: Progress) -> None:
    """Fill in the entries that have a query of their own."""
    planned = [entry for entry in entries if entry.query is not None and not entry.error]
    for position, entry in enumerate(planned):
        query = entry.query
        assert query is not None  # noqa: S101  just filtered
        share = part(progress, position / len(planned), (position + 1) / len(planned))
        started = perf_counter()
        try:
            found = runner.rows(query.summary, share, entry.spec.name)[0]
            checked, failing = int(found.pop("checked") or 0), int(found.pop("failing") or 0)
            if query.judge is not None:
                checked, failing, found = query.judge(checked, failing, found)
            entry.checked, entry.failing = checked, failing
            entry.detail.update(found)
            if failing and query.failing_rows is not None:
                entry.found = runner.rows(_first_of(query.failing_rows), share, entry.spec.name)
        except duckdb.InterruptException:
            raise
        except REFUSALS as error:
            if isinstance(error, GovernError) and monotonic() > runner.deadline:
                raise
            entry.fail(error)
        entry.seconds = perf_counter() - started


def _first_of(rows: ir.Table) -> ir.Table:
    rows = rows.order_by("row") if "row" in rows.columns else rows
    return rows.limit(SAMPLE_ROWS).select(**{name: fetchable(rows[name]) for name in rows.columns})


def measure_inspections(entries: list[Entry], runner: Runner, scope: Scope, progress: Progress) -> None:
    """Fill in the entries that look at the table in Python, piece by piece."""
    planned = [entry for entry in entries if entry.check and entry.check.measured_by == "inspect" and not entry.error]
    for position, entry in enumerate(planned):
        assert entry.check is not None  # noqa: S101  just filtered
        share = part(progress, position / len(planned), (position + 1) / len(planned))
        started = perf_counter()
        try:
            mine = replace(scope, measured=entry.measured)
            found = entry.check.inspect(mine, entry.spec, runner, share)
            entry.checked, entry.failing = found.checked, found.failing
            entry.rows, entry.same_as = list(found.rows), list(found.same_as)
            entry.detail.update(found.detail)
        except duckdb.InterruptException:
            raise
        except REFUSALS as error:
            if isinstance(error, GovernError) and monotonic() > runner.deadline:
                raise
            entry.fail(error)
        entry.seconds = perf_counter() - started
