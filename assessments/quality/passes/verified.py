"""The rows whose numbers are repeated, grouped by their values: what makes the answer of ``repeats`` exact."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _

from assessments.common.progress import Progress
from assessments.quality.conditions import any_of
from assessments.quality.passes.hashes import Repeats
from assessments.quality.passes.keysets import KeySet, KeysFound, Repeated
from assessments.quality.scanner import Scanner


def group_repeated(
    together: Sequence[KeySet],
    number: ir.IntegerColumn,
    repeats: Repeats,
    rows: int,
    scanner: Scanner,
    progress: Progress,
) -> list[KeysFound]:
    """What is repeated in each set of ``together``: the root, whose hash is ``number``, and wider ones.

    ``rows`` are the rows of the table; ``repeats.total`` of them have no empty key column of the root where that
    matters.
    """
    found: dict[str, Any] = {}
    if repeats.rows:
        summary = _summary(together, number, repeats, scanner)
        found = scanner.runner.rows(summary, progress, _("Looking for repeated rows"))[0]
    return [_found(keys, position, found, repeats.total, rows, scanner) for position, keys in enumerate(together)]


def _summary(together: Sequence[KeySet], number: ir.IntegerColumn, repeats: Repeats, scanner: Scanner) -> ir.Table:
    """One row for all sets, from one grouping by all their columns together, on the rows with a repeated number."""
    columns = [name for name in scanner.names if any(name in keys.columns for keys in together)]
    alias = {name: f"k{position}" for position, name in enumerate(columns)}
    kept = scanner.keep(pa.table({"h": repeats.hashes}))
    table = scanner.table
    rows = table.semi_join(kept, number == kept.h)
    rows = rows.select(**{short: rows[name] for name, short in alias.items()}, r=rows[scanner.row])
    finest = rows.group_by(list(alias.values())).aggregate(n=rows.count(), first=rows.r.min(), last=rows.r.max())
    summaries = []
    for position, keys in enumerate(together):
        groups = finest
        if len(keys.columns) < len(columns):
            groups = finest.group_by([alias[name] for name in keys.columns]).aggregate(
                n=finest.n.sum(), first=finest["first"].min(), last=finest["last"].max()
            )
        summaries.append(_of_groups(groups, position, scanner))
    return reduce(lambda one, other: one.cross_join(other), summaries)


def _of_groups(groups: ir.Table, position: int, scanner: Scanner) -> ir.Table:
    again, dialect = groups.n > 1, scanner.dialect
    return groups.aggregate(
        **{
            f"groups{position}": groups.n.count(where=again),
            f"members{position}": groups.n.sum(where=again),
            f"last{position}": dialect.least(groups["last"], where=again),
            f"first{position}": dialect.value_at_least(groups["first"], groups["last"], where=again),
        }
    )


def _found(keys: KeySet, position: int, found: dict[str, Any], full: int, rows: int, scanner: Scanner) -> KeysFound:
    repeated = Repeated(
        rows=full,
        groups=int(found.get(f"groups{position}") or 0),
        members=int(found.get(f"members{position}") or 0),
        last=found.get(f"last{position}") or (),
        first=found.get(f"first{position}") or (),
    )
    if keys.nulls == "count":
        return KeysFound(rows, equal=repeated)
    failing = any(entry.group and entry.group.nulls == "fail" for entry in keys.entries)
    empty = _empty_rows(keys, scanner) if failing and full < rows and not repeated.groups else ()
    return KeysFound(rows, full=repeated, empty_rows=empty)


def _empty_rows(keys: KeySet, scanner: Scanner) -> Sequence[int]:
    """The first rows with an empty key column."""
    table = scanner.table
    empty = any_of(table[name].isnull() for name in keys.columns)
    first = scanner.dialect.least(table[scanner.row], where=empty)
    return list(scanner.runner.rows(table.aggregate(rows=first))[0]["rows"] or ())
