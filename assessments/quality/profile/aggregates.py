"""The first pass: what aggregates say of each column, many columns at a time."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.masking import mask_quoted
from assessments.common.progress import Progress, part
from assessments.quality.profile.facts import ColumnFacts, kind_of
from assessments.quality.running import REFUSALS, Runner, must_stop

COLUMNS_AT_ONCE = 48
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
# Exact quantiles hold all values of the columns of a pass: 8 bytes each, so 128 MiB at most.
EXACT_VALUES = 16_000_000


def measure_columns(
    table: ir.Table, names: Sequence[str], runner: Runner, rows: int, progress: Progress
) -> list[ColumnFacts]:
    """Nulls, distinct values, extremes, mean, deviation, quantiles and text lengths of the columns ``names``."""
    facts = []
    for start in range(0, len(names), COLUMNS_AT_ONCE):
        chunk = names[start : start + COLUMNS_AT_ONCE]
        share = part(progress, start / len(names), (start + len(chunk)) / len(names))
        facts += _measure(table, chunk, runner, rows, share)
    return facts


def _measure(
    table: ir.Table, names: Sequence[str], runner: Runner, rows: int, progress: Progress, bare: bool = False
) -> list[ColumnFacts]:
    """One pass; when the database refuses it (a sum overflows), by halves until the column at fault is alone."""
    exact = rows * sum(kind_of(table[name].type()) != "text" for name in names) <= EXACT_VALUES
    wanted = {
        f"{key}{position}": value
        for position, name in enumerate(names)
        for key, value in _aggregates(table[name], exact, bare)
    }
    try:
        found = runner.rows(table.aggregate(**wanted), progress, _("Measuring the columns"))[0]
    except REFUSALS as error:
        if must_stop(error):
            raise
        if len(names) > 1:
            middle = len(names) // 2
            first = _measure(table, names[:middle], runner, rows, part(progress, 0.0, 0.5), bare)
            return first + _measure(table, names[middle:], runner, rows, part(progress, 0.5, 1.0), bare)
        if not bare:
            return _measure(table, names, runner, rows, progress, bare=True)
        words = mask_quoted(str(error).splitlines()[0])[:300]
        return [ColumnFacts(names[0], kind_of(table[names[0]].type()), rows, error=words)]
    return [
        _read(ColumnFacts(name, kind_of(table[name].type()), rows), str(position), found, exact)
        for position, name in enumerate(names)
    ]


def _aggregates(column: ir.Column, exact: bool, bare: bool) -> Iterator[tuple[str, ir.Scalar]]:
    kind = kind_of(column.type())
    yield "n", column.count()
    if kind == "other":
        return
    yield "d", column.approx_nunique()
    if kind == "text":
        yield from (("a", column.length().min()), ("b", column.length().max()))
        yield "c", column.length().cast("float64").mean()
    elif kind == "boolean":
        yield "m", column.cast("int8").cast("float64").mean()
    elif kind in {"date", "timestamp"}:
        yield from (("x", column.min().cast("string")), ("y", column.max().cast("string")))
        yield from _of_number(seconds_of(column), exact, bare)
    else:
        yield from _of_number(finite(column), exact, bare)


def _of_number(value: ir.Column, exact: bool, bare: bool) -> Iterator[tuple[str, ir.Scalar]]:
    yield from (("f", value.count()), ("l", value.min()), ("h", value.max()))
    if not bare:
        floats = value.cast("float64")
        yield from (("m", floats.mean()), ("s", floats.std(how="sample")))
        yield "q", floats.quantile(list(QUANTILES)) if exact else floats.approx_quantile(list(QUANTILES))


def finite(column: ir.Column) -> ir.Column:
    """The numbers that can be counted with; not-a-number and infinite ones are null, decimals are floats."""
    if column.type().is_floating():
        wrong = (column.isnan() | column.isinf()).fill_null(False)
        return wrong.ifelse(ibis.null(column.type()), column)
    return column.cast("float64") if column.type().is_decimal() else column


def seconds_of(column: ir.Column) -> ir.Column:
    """Seconds since 1970 in UTC."""
    return column.cast("timestamp").epoch_seconds().cast("float64")


def _read(facts: ColumnFacts, key: str, found: dict[str, Any], exact: bool) -> ColumnFacts:
    filled = int(found[f"n{key}"])
    facts.nulls = facts.rows - filled
    facts.distinct = min(int(found.get(f"d{key}") or 0), filled)
    if f"a{key}" in found and filled:
        facts.lengths = (int(found[f"a{key}"]), float(found[f"c{key}"]), int(found[f"b{key}"]))
    facts.least, facts.greatest = str(found.get(f"x{key}") or ""), str(found.get(f"y{key}") or "")
    if f"f{key}" in found:
        facts.unbounded = filled - int(found[f"f{key}"])
        facts.low, facts.high = _plain(found[f"l{key}"]), _plain(found[f"h{key}"])
    facts.mean, facts.deviation = _plain(found.get(f"m{key}")), _plain(found.get(f"s{key}"))
    quantiles = found.get(f"q{key}")
    if quantiles is not None:
        pairs = zip(QUANTILES, quantiles, strict=True)
        facts.quantiles = {share: value for share, value in pairs if value is not None and math.isfinite(value)}
    facts.quantiles_exact = exact
    return facts


def _plain(value: Any) -> Any:
    return None if value is None or (isinstance(value, float) and not math.isfinite(value)) else value
