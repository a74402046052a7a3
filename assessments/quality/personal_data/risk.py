"""How easily people could be told apart by columns that do not name them: k-anonymity, l-diversity, t-closeness.

Rows with the same values in the chosen columns (quasi-identifiers) form a class. An empty cell is a value like any
other. k is the size of the smallest class (Sweeney 2002), l the least number of different sensitive values in a class
(distinct l-diversity, Machanavajjhala 2007), t the largest distance of a class's sensitive values from those of the
whole table (Li 2007), here with the same distance between any two values: half the sum of the absolute differences.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir

# First and last class size of each band; the last band has no end.
BANDS: tuple[tuple[int, int | None], ...] = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 99), (100, None))


class Rows(Protocol):
    """What runs an expression: ``assessments.quality.connection.Runner`` or anything like it."""

    def rows(self, expression: Any) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Band:
    """Classes of ``least`` to ``most`` rows (None: without end), and how many rows are in them."""

    least: int
    most: int | None
    classes: int
    rows: int


@dataclass(frozen=True)
class Risk:
    """``unique_share`` is the share (0 to 1) of rows that are alone in their class. l and t are None unless asked."""

    columns: tuple[str, ...]
    rows: int
    classes: int
    unique_rows: int
    unique_share: float
    k: int
    bands: tuple[Band, ...]
    sensitive: str = ""
    l_diversity: int | None = None
    homogeneous_rows: int | None = None
    t_closeness: float | None = None

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "columns": list(self.columns), "bands": [asdict(band) for band in self.bands]}


def measure_risk(table: ir.Table, runner: Rows, columns: Sequence[str], *, sensitive: str = "") -> Risk:
    """Measure the classes of ``columns`` in the whole table; with ``sensitive``, also l and t of that column.

    A table without rows, or no columns, has no risk: every count is 0.
    """
    if not columns:
        return Risk((), 0, 0, 0, 0.0, 0, tuple(Band(least, most, 0, 0) for least, most in BANDS))
    keys = {f"k{position}": table[name] for position, name in enumerate(columns)}
    classes = table.select(**keys).group_by(list(keys)).aggregate(n=ibis._.count())
    found = runner.rows(classes.aggregate(**_class_counts(classes)))[0]
    rows, unique = int(found["rows"] or 0), int(found["unique_rows"] or 0)
    bands = tuple(
        Band(least, most, int(found[f"c{at}"] or 0), int(found[f"r{at}"] or 0))
        for at, (least, most) in enumerate(BANDS)
    )
    risk = Risk(
        columns=tuple(columns),
        rows=rows,
        classes=int(found["classes"]),
        unique_rows=unique,
        unique_share=unique / rows if rows else 0.0,
        k=int(found["k"] or 0),
        bands=bands,
        sensitive=sensitive,
    )
    if not sensitive or not rows:
        return risk
    least, homogeneous, distance = _sensitive(table, runner, keys, sensitive, rows)
    return replace(risk, l_diversity=least, homogeneous_rows=homogeneous, t_closeness=distance)


def _class_counts(classes: ir.Table) -> dict[str, ir.Scalar]:
    counts = {
        "rows": classes.n.sum(),
        "classes": classes.count(),
        "unique_rows": classes.n.sum(where=classes.n == 1),
        "k": classes.n.min(),
    }
    for at, (least, most) in enumerate(BANDS):
        inside = classes.n >= least if most is None else classes.n.between(least, most)
        counts |= {f"c{at}": classes.n.count(where=inside), f"r{at}": classes.n.sum(where=inside)}
    return counts


def _sensitive(
    table: ir.Table, runner: Rows, keys: dict[str, ir.Column], sensitive: str, rows: int
) -> tuple[int, int, float]:
    """l, the rows of classes with one sensitive value only, and t.

    A value that is missing in a class adds its whole share of the table to that class's distance, so the distance is
    half of: the differences over the values that are there, and 1 less the table's share of those values.
    """
    pairs = table.select(**keys, s=table[sensitive]).group_by([*keys, "s"]).aggregate(n=ibis._.count())
    overall = pairs.group_by("s").aggregate(of_all=ibis._.n.sum())
    of_class = pairs.group_by(list(keys)).aggregate(size=ibis._.n.sum(), different=ibis._.n.count())
    summary = of_class.aggregate(
        l=of_class.different.min(), homogeneous=of_class["size"].sum(where=of_class.different == 1)
    )
    window = ibis.window(group_by=[pairs[name] for name in keys])
    sized = pairs.mutate(size=pairs.n.sum().over(window))
    joined = sized.inner_join(overall, sized.s.identical_to(overall.s))
    here, there = joined.n.cast("float64") / joined["size"], joined.of_all.cast("float64") / rows
    parts = joined.select(*keys, gap=(here - there).abs(), there=there)
    distances = parts.group_by(list(keys)).aggregate(d=(ibis._.gap.sum() + 1.0 - ibis._.there.sum()) / 2)
    found, distance = runner.rows(summary)[0], runner.rows(distances.aggregate(t=distances.d.max()))[0]
    return int(found["l"]), int(found["homogeneous"] or 0), max(float(distance["t"]), 0.0)
