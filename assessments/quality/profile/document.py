"""The profile of a snapshot as it is stored: JSON with a version, nothing in it that shows a person."""

import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from assessments.common.masking import mask_value
from assessments.common.progress import Progress, part, silent
from assessments.quality.profile.activity import activity_of
from assessments.quality.profile.aggregates import measure_columns
from assessments.quality.profile.duplicates import repeated_rows
from assessments.quality.profile.facts import ColumnFacts, Histogram
from assessments.quality.profile.histograms import measure_histograms
from assessments.quality.profile.values import measure_values
from assessments.quality.scanner import Scanner

VERSION = 1
# The figures of so many columns are measured; of the others the type is kept.
COLUMNS_MEASURED = 1_000
VALUES_KEPT = 20_000
VALUES_SHOWN, SHAPES_SHOWN = 12, 8
# In a column of so many different values one that stands in one row only tells more of a row than of the column.
FEW_VALUES = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def profile_of(
    scanner: Scanner,
    *,
    kind: str = "",
    roles: Mapping[str, str] | None = None,
    masked: Collection[str] = (),
    progress: Progress = silent,
) -> dict[str, Any]:
    """The profile of the open snapshot as JSON knows it.

    ``kind`` is the dataset's, ``roles`` maps roles to columns; of the columns ``masked``, which are about persons,
    values are masked and extremes, quartiles and histograms left out.
    """
    facts = facts_of(scanner, part(progress, 0.0, 0.6))
    roles = {role: column for role, column in (roles or {}).items() if column in scanner.names}
    table = scanner.table
    activity = activity_of(table, roles, kind, scanner.runner, part(progress, 0.6, 0.85))
    rows = facts[0].rows if facts else 0
    duplicates = repeated_rows(scanner, facts, part(progress, 0.85, 1.0))
    return {
        "version": VERSION,
        "rows": rows,
        "columns_in_all": len(scanner.names),
        "duplicates": duplicates,
        "activity": activity,
        "columns": [column_document(one, personal=one.name in masked) for one in facts],
    }


def facts_of(scanner: Scanner, progress: Progress = silent, *, keep: int = VALUES_KEPT) -> list[ColumnFacts]:
    """The facts of the first columns, ``COLUMNS_MEASURED`` at most, unmasked."""
    table, runner = scanner.table, scanner.runner
    rows = int(runner.rows(table.aggregate(n=table.count()))[0]["n"])
    names = scanner.names[:COLUMNS_MEASURED]
    facts = measure_columns(table, names, runner, rows, part(progress, 0.0, 0.4))
    measure_values(scanner, facts, keep, part(progress, 0.4, 0.8))
    measure_histograms(table, facts, runner, part(progress, 0.8, 1.0))
    return facts


def column_document(facts: ColumnFacts, *, personal: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": facts.name,
        "kind": facts.kind,
        "personal": personal,
        "nulls": facts.nulls,
        "null_share": facts.nulls / facts.rows if facts.rows else None,
        "distinct": facts.distinct,
        "distinct_sketched": not facts.distinct_exact,
    }
    if facts.error:
        return told | {"error": facts.error}
    if facts.unbounded:
        told["not_finite"] = facts.unbounded
    if facts.lengths:
        told["lengths"] = list(facts.lengths)
    if not personal:
        told |= _figures(facts)
    return told | _values(facts, personal) | _shapes(facts)


def _figures(facts: ColumnFacts) -> dict[str, Any]:
    """Extremes, quartiles, mean, deviation and histogram; times are told as texts."""
    if facts.kind == "boolean":
        return {"mean": facts.mean}
    if not (facts.is_number or facts.is_time) or facts.low is None:
        return {}
    quartiles = [facts.quantiles.get(share) for share in (0.25, 0.5, 0.75)]
    told: dict[str, Any] = {"quartiles_sketched": not facts.quantiles_exact}
    if facts.is_time:
        told |= {"min": facts.least, "max": facts.greatest, "quartiles": [moment_text(one) for one in quartiles]}
    else:
        told |= {"min": plain(facts.low), "max": plain(facts.high), "quartiles": [plain(one) for one in quartiles]}
        told |= {"mean": plain(facts.mean), "deviation": plain(facts.deviation)}
    if facts.histogram:
        told["histogram"] = _histogram(facts.histogram, facts.is_time)
    return told


def _histogram(drawn: Histogram, times: bool) -> dict[str, Any]:
    return {
        "edges": [moment_text(edge) if times else edge for edge in drawn.edges],
        "counts": list(drawn.counts),
        "below": drawn.below,
        "above": drawn.above,
        "of_rows": drawn.of_rows,
    }


def _values(facts: ColumnFacts, personal: bool) -> dict[str, Any]:
    """The most frequent values, masked as needed; values of one row are left out where there are many values."""
    held = facts.values
    shown = [
        {"value": mask_value(value, personal=personal), "count": count, "share": count / held.filled}
        for value, count in held.counts[:VALUES_SHOWN]
        if count > 1 or (facts.distinct <= FEW_VALUES and not personal)
    ]
    return {"top": shown, "top_of_rows": held.of_rows}


def _shapes(facts: ColumnFacts) -> dict[str, Any]:
    total = facts.shapes.total()
    if not total:
        return {}
    shown = [{"shape": shape, "count": n, "share": n / total} for shape, n in facts.shapes.most_common(SHAPES_SHOWN)]
    return {"shapes": shown, "shapes_in_all": len(facts.shapes), "shapes_of_rows": facts.shapes_of_rows}


def moment_text(seconds: float | None) -> str | None:
    """ISO 8601 in UTC; the seconds themselves for a time that Python cannot write."""
    if seconds is None:
        return None
    try:
        return (EPOCH + timedelta(seconds=round(seconds))).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, ValueError):
        return f"{seconds:.0f} s"


def plain(value: float | int | None) -> float | int | None:
    """A number that JSON and JavaScript can hold."""
    if value is None or not math.isfinite(value):
        return None
    return value if abs(value) < 2**53 else float(value)
