"""Counts with noise, so that nobody can tell from them whether one person or row is in the data.

Differential privacy (Dwork, McSherry, Nissim, Smith 2006) by the discrete Laplace mechanism of OpenDP, which is an
extra (``pip install govern[privacy]``): each unit counts for at most ``most`` values, so the counts of two tables that
differ in one unit differ by at most ``most`` in all, and noise of scale ``most / epsilon`` gives epsilon.
"""

import math
from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, silent
from assessments.quality.checks.base import Reader

Value = str | int | bool


def true_counts(
    table: ir.Table,
    row: str,
    reader: Reader,
    column: ir.Column,
    values: Sequence[Value],
    unit: ir.Column | None,
    most: int,
    progress: Progress = silent,
) -> list[int]:
    """How many rows have each of ``values``, and the other filled cells together; or how many units, for a ``unit``.

    A unit counts for its first ``most`` different values in the order of the table. Empty cells, and rows
    without a unit, are not counted.
    """
    known = column.isin(list(values))
    shown = table.mutate(
        counted_row=table[row],
        counted=ibis.ifelse(known, column.cast("string"), ibis.null("string")),
        protected=table[row] if unit is None else unit,
        filled=column.notnull(),
    ).filter(ibis._.filled)
    shown = shown.select(r=shown.counted_row, v=shown.counted, u=shown.protected)
    if unit is not None:
        first = shown.drop_null("u").group_by(["u", "v"]).aggregate(r=ibis._.r.min())
        place = ibis.row_number().over(ibis.window(group_by=first.u, order_by=first.r))
        shown = first.mutate(place=place).filter(ibis._.place < most)
    found = reader.rows(shown.group_by("v").aggregate(n=ibis._.count()), progress, _("Counting"))
    counts = {one["v"]: int(one["n"]) for one in found}
    return [counts.get(_as_text(value), 0) for value in values] + [counts.get(None, 0)]


def _as_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def noisy(counts: Sequence[int], *, epsilon: float, most: int = 1) -> list[int]:
    """The counts with noise; a negative one is told as 0, which gives nothing away.

    Raises GovernError where OpenDP is not installed.
    """
    try:
        import opendp.prelude as dp
    except ImportError as error:
        raise GovernError(
            _("OpenDP is not installed, which makes the noise."), hint=_("Install it: pip install 'govern[privacy]'.")
        ) from error
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    # Any: OpenDP is typed in part, and not there at all without the extra.
    measurement: Any = dp.m.make_laplace(*space, scale=most / epsilon)
    if float(measurement.map(most)) > epsilon * (1 + 1e-9):  # OpenDP's own proof
        raise ValueError("the noise is too small for its epsilon")
    return [max(int(count), 0) for count in measurement(list(counts))]


def margin(epsilon: float, most: int = 1) -> float:
    """How far a count is from the true one at most, in 95 of 100 cases: the quantile of the Laplace distribution."""
    return most / epsilon * math.log(1 / 0.05)
