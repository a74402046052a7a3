"""Two distributions over the same bins, for distances and charts."""

import math
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from django.utils.translation import gettext as _

from assessments.common.masking import mask_value
from assessments.common.progress import Progress
from assessments.quality import distances
from assessments.quality.checks.base import Reader


def binned(
    reader: Reader, before: ir.Table, after: ir.Table, values: dict[str, Any], *, hidden: bool, progress: Progress
) -> dict[str, Any]:
    """The distance by ``values["measure"]`` and the shares of each bin.

    Both tables have the column ``value``, of numbers or of texts, null where there is none. With ``hidden`` no value
    is quoted.
    """
    if before.value.type().is_floating():
        cuts = _cuts(reader, before, values["bins"])
        labels = _number_labels(cuts, hidden)
        then, now = (_in_bins(reader, table, cuts) for table in (before, after))
    else:
        kept = _most_frequent(reader, before, values["categories"])
        labels = [str(mask_value(one, personal=hidden)) for one in kept] + [_("all others")]
        then, now = (_in_categories(reader, table, kept) for table in (before, after))
    progress(1.0)
    distance = distances.population_stability_index if values["measure"] == "psi" else distances.jensen_shannon_distance
    shares = zip(labels, distances.shares(then), distances.shares(now), strict=True)
    bins = [{"label": str(label), "before": float(old), "now": float(new)} for label, old, new in shares]
    return {"value": distance(then, now), "bins": bins}


def _cuts(reader: Reader, table: ir.Table, bins: int) -> list[float]:
    """The different quantiles that part the values into ``bins`` equally full bins, ascending."""
    steps = [step / bins for step in range(1, bins)]
    found = reader.rows(table.aggregate(cuts=table.value.quantile(steps)))[0]["cuts"]
    return sorted({float(cut) for cut in found or () if cut is not None and math.isfinite(cut)})


def _number_labels(cuts: list[float], hidden: bool) -> list[str]:
    if hidden:
        return [_("bin %(number)d") % {"number": number} for number in range(1, len(cuts) + 2)]
    if not cuts:
        return [_("all values")]
    inner = [f"{low:.6g} – {high:.6g}" for low, high in pairwise(cuts)]
    return [f"≤ {cuts[0]:.6g}", *inner, f"> {cuts[-1]:.6g}"]


def _in_bins(reader: Reader, table: ir.Table, cuts: list[float]) -> np.ndarray:
    """How many values lie in each bin; a bin holds its upper bound and not its lower one."""
    branches = [(table.value <= cut, position) for position, cut in enumerate(cuts)]
    number = ibis.cases(*branches, else_=len(cuts)) if branches else ibis.literal(0)
    return _counted(reader, table, number, len(cuts) + 1)


def _most_frequent(reader: Reader, table: ir.Table, most: int) -> list[str]:
    there = table.filter(table.value.notnull())
    groups = there.group_by("value").aggregate(n=there.count())
    ordered = groups.order_by([groups.n.desc(), groups.value]).limit(most)
    return [found["value"] for found in reader.rows(ordered)]


def _in_categories(reader: Reader, table: ir.Table, kept: list[str]) -> np.ndarray:
    """How many values are each of ``kept``, and last how many are none of them."""
    groups = table.group_by("value").aggregate(n=table.count())
    counts = np.zeros(len(kept) + 1, dtype=np.int64)
    places = {value: position for position, value in enumerate(kept)}
    for found in reader.rows(groups.filter(groups.value.isin(kept))):
        counts[places[found["value"]]] = int(found["n"])
    total = reader.rows(table.aggregate(n=table.value.count()))[0]["n"]
    counts[-1] = int(total) - int(counts.sum())
    return counts


def _counted(reader: Reader, table: ir.Table, number: ir.IntegerValue, bins: int) -> np.ndarray:
    numbered = table.mutate(bin=number).filter(table.value.notnull())
    counts = np.zeros(bins, dtype=np.int64)
    for found in reader.rows(numbered.group_by("bin").aggregate(n=numbered.count())):
        counts[int(found["bin"])] = int(found["n"])
    return counts
