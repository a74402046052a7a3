"""Has a column's distribution moved since the snapshot before?"""

import math
from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part
from assessments.quality import distances
from assessments.quality.checks.base import Check, Measurement, Reader, Scope, place
from assessments.quality.checks.drift_bins import binned
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import column_of, earlier_of, filled, require_whole, together, whole
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec

LIMITS = {"psi": distances.PSI_LARGE, "ks": 0.1, "js": 0.1}


@register
class Drift(Check):
    """The distance of a column's distribution to that in the snapshot before is under a limit."""

    name = "drift"
    label = gettext_lazy("Same distribution as before")
    help = gettext_lazy(
        "The values of a column are distributed as in the snapshot before. psi: population stability index, where by "
        "the convention of credit scoring under 0.1 little has moved and over 0.25 much. ks: Kolmogorov–Smirnov, the "
        "greatest distance of the two distribution functions (numbers only). js: Jensen–Shannon distance, from 0 for "
        "equal to 1 for nothing in common."
    )
    dimension = "consistency"
    characteristic = "credibility"
    measured_by = "inspect"
    needs_earlier = True
    parameters = (
        Parameter(
            "measure",
            "choice",
            gettext_lazy("How the distance is measured."),
            "psi",
            choices=("psi", "ks", "js"),
            label=gettext_lazy("Measure of the distance"),
            shown=(
                gettext_lazy("population stability index"),
                gettext_lazy("Kolmogorov–Smirnov"),
                gettext_lazy("Jensen–Shannon"),
            ),
        ),
        Parameter(
            "limit",
            "number",
            gettext_lazy("The greatest distance that passes; 0.25 for psi, 0.1 for ks and js when left out."),
            label=gettext_lazy("Greatest distance"),
        ),
        Parameter(
            "bins",
            "whole",
            gettext_lazy("For psi and js: numbers are put into so many equally full bins of the snapshot before."),
            default=10,
            label=gettext_lazy("Classes of numbers"),
        ),
        Parameter(
            "categories",
            "whole",
            gettext_lazy("For psi and js: so many of the most frequent texts before stand alone, the rest together."),
            default=50,
            label=gettext_lazy("Texts that stand alone"),
        ),
    )
    example = {"columns": ["price"], "parameters": {"measure": "psi", "limit": 0.25}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_whole(spec, values, "bins", 2, 100)
        require_whole(spec, values, "categories", 1, 500)

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "All rows; they pass or fail together. Empty cells and NaN are left out of both distributions, and their "
            "shares are told apart. For psi a share under 0.0001 counts as 0.0001. Without a snapshot before, nothing "
            "is measured."
        )

    def inspect(self, scope: Scope, spec: RuleSpec, reader: Reader, progress: Progress) -> Measurement:
        values = self.read(spec)
        name = spec.columns[0]
        now, then = scope.column(name), column_of(earlier_of(scope, spec), name, _("the snapshot before"), spec)
        numeric = _is_number(now) and _is_number(then)
        if not numeric and (values["measure"] == "ks" or not (_is_category(now) and _is_category(then))):
            raise _refusal(now, then, values["measure"], spec)
        as_type = "float64" if numeric else "string"
        tables = (then.name("value").as_table(), now.name("value").as_table())
        before, after = (table.select(value=filled(table.value.cast(as_type))) for table in tables)
        sizes = [_sizes(reader, table) for table in (before, after)]
        detail: dict[str, Any] = {"measure": values["measure"], **_emptiness(*sizes)}
        if not all(filled_rows for _rows, filled_rows in sizes):
            raise GovernError(
                _("One of the two snapshots has no value in the column “%(name)s”.") % {"name": name}, where=place(spec)
            )
        share = part(progress, 0.2, 1.0)
        if values["measure"] == "ks":
            detail |= _ks(reader, before, after, sizes, share)
        else:
            detail |= binned(reader, before, after, values, hidden=name in scope.masked, progress=share)
        limit = LIMITS[values["measure"]] if values["limit"] is None else values["limit"]
        checked, failing = together(sizes[1][0], detail["value"] > limit)
        return Measurement(checked, failing, {**detail, "limit": limit})


def _is_number(column: ir.Column) -> bool:
    return bool(column.type().is_numeric() and not column.type().is_boolean())


def _is_category(column: ir.Column) -> bool:
    return bool(column.type().is_string() or column.type().is_boolean())


def _refusal(now: ir.Column, then: ir.Column, measure: str, spec: RuleSpec) -> GovernError:
    message = _("The column “%(name)s” holds %(now)s, and %(then)s in the snapshot before.")
    hint = _("“ks” compares numbers.") if measure == "ks" else _("Numbers are compared with numbers, texts with texts.")
    types = {"name": spec.columns[0], "now": now.type(), "then": then.type()}
    return GovernError(message % types, where=place(spec), hint=hint)


def _sizes(reader: Reader, table: ir.Table) -> tuple[int, int]:
    """Rows, and those of them with a value."""
    found = reader.rows(table.aggregate(rows=table.count(), filled=table.value.count()))[0]
    return int(found["rows"]), int(found["filled"])


def _emptiness(then: tuple[int, int], now: tuple[int, int]) -> dict[str, Any]:
    return {
        "rows_before": then[0],
        "rows": now[0],
        "empty_share_before": 1 - then[1] / then[0] if then[0] else None,
        "empty_share": 1 - now[1] / now[0] if now[0] else None,
    }


def _ks(
    reader: Reader, before: ir.Table, after: ir.Table, sizes: list[tuple[int, int]], progress: Progress
) -> dict[str, Any]:
    """D from the counts of each value, which come in ascending order piece by piece: exact, and not held at once."""
    (_rows, then), (_rows_now, now) = sizes
    both = ibis.union(
        before.mutate(then=ibis.literal(1), now=ibis.literal(0)),
        after.mutate(then=ibis.literal(0), now=ibis.literal(1)),
    )
    both = both.filter(both.value.notnull())
    counts = both.group_by("value").aggregate(then=whole(both.then.sum()), now=whole(both.now.sum()))
    statistic = distances.kolmogorov_smirnov(_pieces(reader, counts.order_by("value"), progress), then, now)
    p_value = distances.kolmogorov_smirnov_p(statistic, then, now)
    return {"value": statistic, "p_value": p_value if math.isfinite(p_value) else None}


def _pieces(reader: Reader, counts: ir.Table, progress: Progress) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for batch in reader.batches(counts, progress):
        yield batch.column("then").to_numpy(zero_copy_only=False), batch.column("now").to_numpy(zero_copy_only=False)
