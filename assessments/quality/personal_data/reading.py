"""Reading a table for the search: a few facts of each column from all rows, and a bounded sample of its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.scanner import Scanner

SAMPLE_ROWS = 20_000  # rows whose cells are looked at, at most
CELL = 20_000  # characters of a cell that are read
# Cells that are held at the same time, and columns of one query: PostgreSQL takes 1,664 expressions in one.
CELLS_AT_ONCE, MOST_AT_ONCE = 800_000, 400
SAMPLE_CELLS, LEAST_SAMPLE = 40_000_000, 2_000  # cells of a sample over all columns; a very wide table shows fewer rows
# All rows of texts are searched for these two before the sample is judged, so that a rare one is not overlooked.
EMAIL = r"[^\s@]@[^\s@]+\.[^\s@]"
LONG_NUMBER = r"\d(?:[ .()/-]?\d){8}"
NEEDLES = {"email": EMAIL, "number": LONG_NUMBER}


@dataclass(frozen=True)
class ColumnFacts:
    """What all rows say of one column. ``distinct`` is estimated; ``needles`` counts the cells with each needle."""

    name: str
    kind: str
    filled: int
    distinct: int
    needles: dict[str, int]

    @property
    def distinct_share(self) -> float:
        return min(self.distinct / self.filled, 1.0) if self.filled else 0.0


def kind_of(column: ir.Column) -> str:
    """text, whole, decimal, time, boolean, or "" for what is not looked into (lists, bytes and the like)."""
    kind = column.type()
    if kind.is_string():
        return "text"
    if kind.is_boolean():
        return "boolean"
    if kind.is_integer():
        return "whole"
    if kind.is_numeric():
        return "decimal"
    return "time" if kind.is_timestamp() or kind.is_date() else ""


def read_facts(scanner: Scanner, progress: Progress) -> tuple[int, list[ColumnFacts]]:
    """The number of rows, and the facts of every column that can be looked into, in their order."""
    table, found, rows = scanner.table, [], 0
    kinds = {name: kind for name in scanner.names if (kind := kind_of(table[name]))}
    groups = _groups(list(kinds), MOST_AT_ONCE)
    for at, names in enumerate(groups):
        wanted: dict[str, ir.Scalar] = {"rows": table.count()}
        for place, name in enumerate(names):
            wanted |= {f"f{place}": table[name].count(), f"d{place}": table[name].approx_nunique()}
            if kinds[name] == "text":
                wanted |= {
                    f"{needle}{place}": scanner.dialect.count(table, table[name].re_search(pattern).fill_null(False))
                    for needle, pattern in NEEDLES.items()
                }
        share = part(progress, at / len(groups), (at + 1) / len(groups))
        answer = scanner.runner.rows(table.aggregate(**wanted), share, _("Reading all rows"))[0]
        rows = int(answer["rows"])
        for place, name in enumerate(names):
            needles = {needle: int(answer.get(f"{needle}{place}") or 0) for needle in NEEDLES}
            found.append(
                ColumnFacts(name, kinds[name], int(answer[f"f{place}"]), int(answer[f"d{place}"] or 0), needles)
            )
    return rows, found


def read_samples(
    scanner: Scanner, columns: Sequence[ColumnFacts], rows: int, progress: Progress
) -> Iterator[tuple[ColumnFacts, list[str]]]:
    """Each column with its filled cells of the sample as texts, a few columns at a time."""
    by_name = {column.name: column for column in columns if column.filled}
    looked = sample_rows(rows, len(scanner.names))
    sample = sampled(scanner, rows, looked)
    groups = _groups(list(by_name), min(MOST_AT_ONCE, CELLS_AT_ONCE // max(looked, 1)))
    for at, names in enumerate(groups):
        share = part(progress, at / len(groups), (at + 1) / len(groups))
        cells: dict[str, list[str]] = {name: [] for name in names}
        aliases = {f"v{place}": as_text(sample[name]) for place, name in enumerate(names)}
        for batch in scanner.runner.batches(sample.select(**aliases), share, _("Looking at cells")):
            for place, name in enumerate(names):
                cells[name] += [value for value in batch.column(place).to_pylist() if value and value.strip()]
        for name in names:
            yield by_name[name], cells[name]


def read_matching(scanner: Scanner, name: str, needle: str, most: int) -> list[str]:
    """Up to ``most`` cells of a text column that hold the needle."""
    table = scanner.table
    found = table.filter(table[name].re_search(NEEDLES[needle])).select(v=as_text(table[name])).limit(most)
    return [row["v"] for row in scanner.runner.rows(found) if row["v"]]


def sample_rows(rows: int, columns: int) -> int:
    """Of how many rows of a table the cells are looked at."""
    return min(rows, SAMPLE_ROWS, max(LEAST_SAMPLE, SAMPLE_CELLS // max(columns, 1)))


def sampled(scanner: Scanner, rows: int, looked: int) -> ir.Table:
    """Every k-th row, ``looked`` in all at most, where the place numbers its rows, else rows that the place draws
    anew."""
    if rows <= looked:
        return scanner.table
    if scanner.row is None:
        return scanner.table.filter(ibis.random() < looked / rows)  # a sample with a seed is not to be had on Spark
    stride = -(-rows // looked) | 1  # odd, so that a table that alternates is not read on one side
    return scanner.table.filter(scanner.table[scanner.row] % stride == 0)


def as_text(column: ir.Column) -> ir.StringColumn:
    kind = column.type()
    if kind.is_timestamp() and kind.timezone:
        column = column.cast("timestamp")
    return column.cast("string").substr(0, CELL)


def _groups(names: list[str], width: int) -> list[list[str]]:
    return [names[at : at + width] for at in range(0, len(names), width)]
