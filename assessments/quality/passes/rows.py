"""One pass over a table for all rules that are decided row by row."""

from time import perf_counter
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.checks.base import RowPlan, Scope
from assessments.quality.passes.entries import Entry, alone
from assessments.quality.running import Runner, must_stop
from assessments.quality.scanner import Scanner


def measure_first(entries: list[Entry], runner: Runner, scope: Scope, progress: Progress) -> None:
    """What the rules need to know before they can be planned: one pass for all of them, or one for each if it fails."""
    asked: list[tuple[Entry, dict[str, ir.Scalar]]] = []
    for entry in entries:
        if entry.check is None or entry.error:
            continue
        with alone(entry):
            wanted = dict(entry.check.prepare(scope, entry.spec))
            if wanted:
                asked.append((entry, wanted))
    if asked:
        _measure_first(asked, runner, scope.table, progress)


def _measure_first(
    asked: list[tuple[Entry, dict[str, ir.Scalar]]], runner: Runner, table: ir.Table, progress: Progress
) -> None:
    aggregates = {
        f"a{position}_{name}": value
        for position, (_entry, wanted) in enumerate(asked)
        for name, value in wanted.items()
    }
    try:
        found = runner.rows(table.aggregate(**aggregates), progress, _("Measuring what the rules start from"))[0]
    except Exception as error:  # also what Ibis runs into while it writes SQL
        if must_stop(error):
            raise
        if len(asked) == 1:
            asked[0][0].fail(error)
            return
        middle = len(asked) // 2
        _measure_first(asked[:middle], runner, table, part(progress, 0.0, 0.5))
        _measure_first(asked[middle:], runner, table, part(progress, 0.5, 1.0))
        return
    for position, (entry, wanted) in enumerate(asked):
        entry.measured = {name: found[f"a{position}_{name}"] for name in wanted}


def measure_rows(entries: list[Entry], scanner: Scanner, table: ir.Table, progress: Progress) -> None:
    """Fill in the entries that have a row plan, all from one aggregate SELECT on ``table``, the joined one.

    When the database refuses the whole (a value that overflows, say), the rules are tried by halves until the one at
    fault is alone with its error.
    """
    planned = [entry for entry in entries if entry.plan is not None and not entry.error]
    if not planned:
        return
    started = perf_counter()
    message = _("Scanning the table for %(count)d rules") % {"count": len(planned)}
    try:
        found = scanner.runner.rows(_aggregated(planned, scanner, table), progress, message)[0]
    except Exception as error:  # also what Ibis runs into while it writes SQL
        if must_stop(error):
            raise
        if len(planned) == 1:
            planned[0].fail(error)
            return
        middle = len(planned) // 2
        measure_rows(planned[:middle], scanner, table, part(progress, 0.0, 0.5))
        measure_rows(planned[middle:], scanner, table, part(progress, 0.5, 1.0))
        return
    seconds = perf_counter() - started
    for position, entry in enumerate(planned):
        with alone(entry):
            _read_answer(entry, position, found)
        entry.seconds, entry.detail["shared_with"] = seconds, len(planned) - 1


def fails(plan: RowPlan) -> ir.BooleanValue:
    return plan.checked & plan.failing


def _aggregated(planned: list[Entry], scanner: Scanner, table: ir.Table) -> ir.Table:
    """One row with the counts, the first failing rows and the further aggregates of each rule.

    Each verdict is a column of an inner SELECT, so that it is computed once however often it is counted.
    """
    prefix, plans = ibis.util.gen_name("v"), [plan for entry in planned if (plan := entry.plan) is not None]
    verdicts = {f"{prefix}_c{position}": plan.checked for position, plan in enumerate(plans)}
    verdicts |= {f"{prefix}_f{position}": fails(plan) for position, plan in enumerate(plans)}
    extra = {
        f"x{position}_{name}": aggregate
        for position, plan in enumerate(plans)
        for name, aggregate in plan.extra.items()
    }
    read = {field.name for one in extra.values() for field in one.op().find(ops.Field) if field.rel == table.op()}
    kept = [name for name in table.columns if name in read or name == scanner.row]
    inner = table.select(*kept, **verdicts)
    aggregates: dict[str, ir.Scalar] = {}
    for position in range(len(plans)):
        failing = inner[f"{prefix}_f{position}"]
        aggregates[f"c{position}"] = scanner.dialect.count(inner, inner[f"{prefix}_c{position}"])
        aggregates[f"f{position}"] = scanner.dialect.count(inner, failing)
        if scanner.keeps_rows:
            aggregates[f"s{position}"] = scanner.dialect.least(inner[scanner.row], where=failing)
    for name, one in extra.items():
        aggregates[name] = one.op().replace({table.op(): inner.op()}).to_expr()
    return inner.aggregate(**aggregates)


def _read_answer(entry: Entry, position: int, found: dict[str, Any]) -> None:
    plan = entry.plan
    assert plan is not None  # noqa: S101  measure_rows keeps only planned entries
    entry.checked, entry.failing = int(found[f"c{position}"] or 0), int(found[f"f{position}"] or 0)
    entry.rows = list(found.get(f"s{position}") or [])
    extra = {name: found[f"x{position}_{name}"] for name in plan.extra}
    if plan.judge is not None:
        entry.checked, entry.failing, extra = plan.judge(entry.checked, entry.failing, extra)
    entry.detail.update(extra)
