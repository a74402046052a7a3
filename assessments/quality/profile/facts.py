"""What is known of one column, unmasked: for this process only, never stored and never shown as it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.datatypes as dt

NUMBERS = frozenset({"integer", "number", "decimal"})
TIMES = frozenset({"date", "timestamp"})


@dataclass(frozen=True)
class Values:
    """Values with the rows that hold them, the most frequent first.

    ``complete``: these are all values of the column. ``of_rows``: the rows that were looked at when that were not all.
    ``filled``: those of the rows looked at in which the cell is not empty.
    """

    counts: tuple[tuple[Any, int], ...]
    complete: bool
    filled: int
    of_rows: int | None = None


@dataclass(frozen=True)
class Histogram:
    """``edges`` are one more than ``counts``; ``below`` and ``above`` count the values beyond the outer edges."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int = 0
    above: int = 0
    of_rows: int | None = None


@dataclass
class ColumnFacts:
    """The figures of one column.

    ``low``, ``high``, ``mean`` and the quartiles are of numbers; of times they are seconds since 1970 in UTC, and
    ``least`` and ``greatest`` the times as texts. ``deviation`` is of a sample (n - 1). Not-a-number and infinite
    values are counted in ``unbounded`` and left out of all figures. ``lengths`` are the least, mean and greatest
    number of characters; ``shapes`` count the rows of each shape of a text, of ``shapes_of_rows`` rows when that is not
    all of them. ``distinct_exact`` and ``quantiles_exact`` say whether the figure is sketched.
    """

    name: str
    kind: str
    rows: int
    nulls: int = 0
    unbounded: int = 0
    distinct: int = 0
    distinct_exact: bool = False
    low: float | int | None = None
    high: float | int | None = None
    least: str = ""
    greatest: str = ""
    mean: float | None = None
    deviation: float | None = None
    quantiles: Mapping[float, float] = field(default_factory=dict)
    quantiles_exact: bool = True
    lengths: tuple[int, float, int] | None = None
    values: Values = Values((), False, 0)
    shapes: Counter[str] = field(default_factory=Counter)
    shapes_of_rows: int | None = None
    histogram: Histogram | None = None
    error: str = ""

    @property
    def filled(self) -> int:
        return self.rows - self.nulls

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    @property
    def is_time(self) -> bool:
        return self.kind in TIMES


def kind_of(type_: dt.DataType) -> str:
    """The word for a type: integer, number, decimal, text, boolean, date, timestamp, or other."""
    families = (
        ("integer", type_.is_integer()),
        ("number", type_.is_floating()),
        ("decimal", type_.is_decimal()),
        ("text", type_.is_string()),
        ("boolean", type_.is_boolean()),
        ("date", type_.is_date()),
        ("timestamp", type_.is_timestamp()),
    )
    return next((word for word, is_it in families if is_it), "other")
