"""Histograms of numbers and times: how many values fall between which edges."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.profile.aggregates import finite, seconds_of
from assessments.quality.profile.facts import ColumnFacts, Histogram
from assessments.quality.running import Runner

BINS = 24
# The middle 98 % of the values are drawn alone where they take less than this share of the whole width.
INNER = 0.5


def measure_histograms(table: ir.Table, facts: Sequence[ColumnFacts], runner: Runner, progress: Progress) -> None:
    """Fill in ``histogram`` of the columns of numbers and times that have none yet, by a grouping for each."""
    wanted = [one for one in facts if one.histogram is None and edges_of(one) is not None]
    for position, one in enumerate(wanted):
        share = part(progress, position / len(wanted), (position + 1) / len(wanted))
        edges = edges_of(one)
        if edges is not None:
            one.histogram = _counted(table, one, edges, runner, share)


def histogram_of(facts: ColumnFacts, column: pa.ChunkedArray, of_rows: int | None) -> Histogram | None:
    """The histogram of values at hand; None for a column of one value, or of neither numbers nor times."""
    edges = edges_of(facts)
    if edges is None:
        return None
    if facts.is_time:
        values = column.drop_null().cast(pa.timestamp("us"), safe=False).cast(pa.int64()).to_numpy() / 1e6
    else:
        values = column.drop_null().cast(pa.float64(), safe=False).to_numpy()
    values = values[np.isfinite(values)]
    counts = np.histogram(values, bins=np.asarray(edges))[0]
    outside = int((values < edges[0]).sum()), int((values > edges[-1]).sum())
    return Histogram(edges, tuple(int(n) for n in counts), *outside, of_rows)


def edges_of(facts: ColumnFacts) -> tuple[float, ...] | None:
    """Edges of equal width over all values, or over the middle 98 % of them where the rest lies far out."""
    if not (facts.is_number or facts.is_time) or facts.error or facts.low is None or facts.low == facts.high:
        return None
    low, high = float(facts.low), float(facts.high or 0)
    inner_low, inner_high = facts.quantiles.get(0.01, low), facts.quantiles.get(0.99, high)
    if 0 < inner_high - inner_low < (high - low) * INNER:
        low, high = inner_low, inner_high
    if not np.isfinite(high - low):
        return None
    if facts.kind == "integer" and high - low < 2**52:
        # As many whole numbers in each bin, or the outer bins would look fuller.
        low, wide = np.floor(low), np.ceil((np.ceil(high) - np.floor(low) + 1) / BINS)
        edges = low - 0.5 + wide * np.arange(np.ceil((np.ceil(high) - low + 1) / wide) + 1)
    else:
        edges = np.linspace(low, high, BINS + 1)
    return tuple(float(edge) for edge in edges) if np.all(np.diff(edges) > 0) else None


def _counted(
    table: ir.Table,
    facts: ColumnFacts,
    edges: tuple[float, ...],
    runner: Runner,
    progress: Progress,
) -> Histogram:
    """One grouping by the number of the bin; -1 is below the first edge, ``bins`` above the last."""
    bins = len(edges) - 1
    value = (seconds_of(table[facts.name]) if facts.is_time else finite(table[facts.name])).cast("float64")
    inner = ((value - edges[0]) * (bins / (edges[-1] - edges[0]))).floor()
    place = ibis.cases(
        (value.isnull(), ibis.null("int64")),
        (value < edges[0], ibis.literal(-1, "int64")),
        (value > edges[-1], ibis.literal(bins, "int64")),
        (inner >= bins - 1, ibis.literal(bins - 1, "int64")),
        else_=inner.cast("int64"),
    )
    groups = table.group_by(b=place).aggregate(n=table.count())
    found = {one["b"]: int(one["n"]) for one in runner.rows(groups, progress, _("Drawing histograms"))}
    return Histogram(edges, tuple(found.get(b, 0) for b in range(bins)), found.get(-1, 0), found.get(bins, 0))
