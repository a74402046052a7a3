"""The rows whose numbers are repeated, grouped by their values: what makes the answer of ``repeats`` exact.

Few of them are grouped by one statement. Many leave the database as a stream, are put aside by their numbers, and are
grouped part after part, so that a table ten times as long takes no more memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import reduce

import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part
from assessments.quality.conditions import any_of
from assessments.quality.dialect import SAMPLE_ROWS
from assessments.quality.passes.hashes import Repeats
from assessments.quality.passes.keysets import KeySet, KeysFound, Repeated
from assessments.quality.passes.parts import HASH, RowParts
from assessments.quality.scanner import Scanner

# So many rows are grouped at once.
FEW_ROWS = 250_000


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
    found = [Repeated(rows=repeats.total)] * len(together)
    if repeats.rows:
        with scanner.kept(pa.table({HASH: repeats.hashes})) as hashes:
            for more in _repeated(together, number, hashes, repeats, scanner, progress):
                found = [_sum(one, other) for one, other in zip(found, more, strict=True)]
    return [_found(keys, one, rows, scanner) for keys, one in zip(together, found, strict=True)]


def _repeated(
    together: Sequence[KeySet],
    number: ir.IntegerColumn,
    hashes: ir.Table,
    repeats: Repeats,
    scanner: Scanner,
    progress: Progress,
) -> Iterator[list[Repeated]]:
    """What is repeated in each set, at once or in parts that share no value."""
    names = [name for name in scanner.names if any(name in keys.columns for keys in together)]
    alias = {name: f"k{position}" for position, name in enumerate(names)}
    chosen = scanner.table.semi_join(hashes, number == hashes[HASH])
    columns = {"r": chosen[scanner.row], **{short: chosen[name] for name, short in alias.items()}}
    with scanner.spill() as folder:
        if repeats.rows <= FEW_ROWS or folder is None or not _plain(names, scanner):
            yield _grouped(chosen.select(**columns), together, alias, scanner, progress)
            return
        with RowParts(folder) as store:
            _put_aside(chosen.select(**columns, **{HASH: number}), store, scanner, part(progress, 0.0, 0.7))
            done = 0
            for rows in store.parts():
                share = part(progress, 0.7 + 0.3 * done / repeats.rows, 0.7 + 0.3 * (done + len(rows)) / repeats.rows)
                with scanner.kept(rows) as piece:
                    yield _grouped(piece, together, alias, scanner, share)
                done += len(rows)


def _plain(names: Sequence[str], scanner: Scanner) -> bool:
    """Whether Arrow gives the columns back as they were: those do that have a hash."""
    return scanner.dialect.row_hash([scanner.table[name] for name in names]) is not None


def _put_aside(rows: ir.Table, store: RowParts, scanner: Scanner, progress: Progress) -> None:
    with closing(scanner.runner.batches(rows, progress, _("Looking for repeated rows"))) as batches:
        for batch in batches:
            store.add(batch)


def _grouped(
    rows: ir.Table, together: Sequence[KeySet], alias: Mapping[str, str], scanner: Scanner, progress: Progress
) -> list[Repeated]:
    """What is repeated in each set among ``rows``, from one grouping by all their columns together."""
    finest = rows.group_by(list(alias.values())).aggregate(n=rows.count(), first=rows.r.min(), last=rows.r.max())
    summaries = []
    for position, keys in enumerate(together):
        groups = finest
        if len(keys.columns) < len(alias):
            groups = finest.group_by([alias[name] for name in keys.columns]).aggregate(
                n=finest.n.sum(), first=finest["first"].min(), last=finest["last"].max()
            )
        summaries.append(_of_groups(groups, position, scanner))
    summary = reduce(lambda one, other: one.cross_join(other), summaries)
    found = scanner.runner.rows(summary, progress, _("Looking for repeated rows"))[0]
    return [
        Repeated(
            rows=0,
            groups=int(found[f"groups{position}"] or 0),
            members=int(found[f"members{position}"] or 0),
            last=found[f"last{position}"] or (),
            first=found[f"first{position}"] or (),
        )
        for position in range(len(together))
    ]


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


def _sum(one: Repeated, other: Repeated) -> Repeated:
    """Both parts together; of the groups of both, those that end first are shown."""
    ends = sorted([*zip(one.last, one.first, strict=True), *zip(other.last, other.first, strict=True)])[:SAMPLE_ROWS]
    return Repeated(
        rows=one.rows + other.rows,
        groups=one.groups + other.groups,
        members=one.members + other.members,
        last=tuple(last for last, _first in ends),
        first=tuple(first for _last, first in ends),
    )


def _found(keys: KeySet, repeated: Repeated, rows: int, scanner: Scanner) -> KeysFound:
    if keys.nulls == "count":
        return KeysFound(rows, equal=repeated)
    failing = any(entry.group and entry.group.nulls == "fail" for entry in keys.entries)
    empty = _empty_rows(keys, scanner) if failing and repeated.rows < rows and not repeated.groups else ()
    return KeysFound(rows, full=repeated, empty_rows=empty)


def _empty_rows(keys: KeySet, scanner: Scanner) -> Sequence[int]:
    """The first rows with an empty key column."""
    table = scanner.table
    empty = any_of(table[name].isnull() for name in keys.columns)
    first = scanner.dialect.least(table[scanner.row], where=empty)
    return list(scanner.runner.rows(table.aggregate(rows=first))[0]["rows"] or ())
