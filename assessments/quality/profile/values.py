"""The values of a column with their counts: all of them where that is cheap, else of a sample of rows."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.profile.facts import ColumnFacts, Values
from assessments.quality.profile.histograms import histogram_of
from assessments.quality.scanner import Scanner

# Rows of a sample, at most and at least, and its cells over all columns.
SAMPLE_SIZE, LEAST_SAMPLE, SAMPLE_HELD = 100_000, 5_000, 40_000_000
# Columns are sampled in groups, so that a sample is not held as a whole: 2 million cells.
SAMPLE_CELLS = 2_000_000
# Values held in Python over all columns.
VALUES_HELD = 400_000
# A column with more distinct values than this is not grouped as a whole.
GROUPED_DISTINCT = 200_000
# Grouping each column by itself reads the table once more in all: not for tables of more cells than this.
GROUPED_CELLS = 400_000_000
SHOWN_LETTERS, SHAPE_LETTERS = 400, 60


def measure_values(scanner: Scanner, facts: Sequence[ColumnFacts], keep: int, progress: Progress) -> None:
    """Fill in ``values`` and ``shapes`` of the facts and make distinct counts exact where all values were seen.

    At most ``keep`` values of a column are kept, fewer in a table of many columns.
    """
    if not facts:
        return
    rows, keep = facts[0].rows, max(200, min(keep, VALUES_HELD // len(facts)))
    wanted = [one for one in facts if one.kind != "other" and not one.error]
    size = max(LEAST_SAMPLE, min(SAMPLE_SIZE, SAMPLE_HELD // len(facts)))
    sampled = wanted
    if rows > size and rows * len(facts) <= GROUPED_CELLS:
        grouped = [one for one in wanted if one.distinct <= GROUPED_DISTINCT]
        for position, one in enumerate(grouped):
            share = part(progress, 0.7 * position / len(grouped), 0.7 * (position + 1) / len(grouped))
            _group(scanner, one, keep, share)
        sampled = [one for one in wanted if not one.values.complete]
    _sample(scanner, sampled, (size, keep), part(progress, 0.7, 1.0))


def _group(scanner: Scanner, facts: ColumnFacts, keep: int, progress: Progress) -> None:
    """All values by one grouping of the column."""
    table, runner = scanner.table, scanner.runner
    groups = table.group_by(v=table[facts.name]).aggregate(n=table.count())
    total = runner.rows(groups.aggregate(d=groups.v.count()), progress, _("Counting values"))[0]["d"]
    # Ordered and cut before it is told apart which group is the empty one: nothing is filtered on the column itself.
    top = groups.order_by(ibis.desc("n"), ibis.asc("v")).limit(keep + 1)
    shown = top.select(v=short(scanner.dialect.fetchable(top.v)), n=top.n, f=top.v.notnull())
    found = [one for one in runner.rows(shown, progress, _("Counting values")) if one["f"]][:keep]
    found.sort(key=lambda one: -one["n"])
    facts.distinct, facts.distinct_exact = int(total), True
    counts = tuple((one["v"], int(one["n"])) for one in found)
    facts.values = Values(counts, len(counts) == facts.distinct, facts.filled)
    if facts.kind == "text" and facts.values.complete:
        facts.shapes = shapes_of(facts.values)


def short(value: ir.Column) -> ir.Column:
    return value.substr(0, SHOWN_LETTERS) if value.type().is_string() else value


def _sample(scanner: Scanner, facts: Sequence[ColumnFacts], limits: tuple[int, int], progress: Progress) -> None:
    """``limits``: rows to look at, values to keep."""
    if not facts:
        return
    rows, (size, keep) = facts[0].rows, limits
    source, complete = sample_of(scanner, rows, size)
    width = max(1, SAMPLE_CELLS // max(1, min(rows, size)))
    for start in range(0, len(facts), width):
        chunk = facts[start : start + width]
        aliases = {
            f"v{position}": short(scanner.dialect.fetchable(source[one.name])) for position, one in enumerate(chunk)
        }
        share = part(progress, start / len(facts), (start + len(chunk)) / len(facts))
        batches = list(scanner.runner.batches(source.select(**aliases), share, _("Looking at a sample of rows")))
        if not batches:
            continue
        held = pa.Table.from_batches(batches)
        for position, one in enumerate(chunk):
            _count(one, held.column(position), keep, complete)
            if complete or rows * len(facts) > GROUPED_CELLS:
                one.histogram = histogram_of(one, held.column(position), None if complete else held.num_rows)


def sample_of(scanner: Scanner, rows: int, size: int = SAMPLE_SIZE) -> tuple[ir.Table, bool]:
    """Rows spread evenly over the table, at most ``size``, and whether these are all."""
    table = scanner.table
    if rows <= size:
        return table, True
    if scanner.row is None:
        return table.limit(size), False
    step = -(-rows // size)
    return table.filter(table[scanner.row] % step == 0), False


def _count(facts: ColumnFacts, column: pa.ChunkedArray, keep: int, complete: bool) -> None:
    """What the rows that were looked at say; values that a grouping of the whole column gave stay."""
    of_rows = None if complete else len(column)
    values = column.drop_null()
    counted = pc.value_counts(values)
    if facts.kind == "text":
        facts.shapes, facts.shapes_of_rows = _shapes(counted), of_rows
    if facts.distinct_exact:
        return
    ranked = pa.table({"v": counted.field("values"), "n": counted.field("counts")})
    ranked = ranked.sort_by([("n", "descending"), ("v", "ascending")]).slice(0, keep)
    pairs = tuple(zip(_python(ranked.column("v")), ranked.column("n").to_pylist(), strict=True))
    if complete:
        facts.distinct, facts.distinct_exact = len(counted), True
    facts.values = Values(pairs, complete and len(pairs) == len(counted), len(values), of_rows)


def _shapes(counted: pa.StructArray) -> Counter[str]:
    shapes: Counter[str] = Counter()
    texts = pc.utf8_slice_codeunits(counted.field("values"), 0, SHAPE_LETTERS)
    for pattern, sign in (("\\p{Nd}", "9"), ("\\p{L}", "A"), ("\\s", " ")):
        texts = pc.replace_substring_regex(texts, pattern=pattern, replacement=sign)
    for shape, count in zip(texts.to_pylist(), counted.field("counts").to_pylist(), strict=True):
        shapes[shape] += count
    return shapes


def _python(column: pa.ChunkedArray) -> list[Any]:
    """The values as Python knows them; times that it cannot hold (before year 1, after 9999) as texts."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return list(column.cast(pa.string()).to_pylist())


def shapes_of(values: Values) -> Counter[str]:
    """{shape: rows}, for texts."""
    shapes: Counter[str] = Counter()
    for value, count in values.counts:
        shapes[shape_of(str(value))] += count
    return shapes


def shape_of(text: str) -> str:
    """Each digit as 9, each letter of any script as A, white space as a space: “AB-12” is “AA-99”, “客户1” is “AA9”."""
    signs = ("9" if c.isdecimal() else "A" if c.isalpha() else " " if c.isspace() else c for c in text[:SHAPE_LETTERS])
    return "".join(signs)
