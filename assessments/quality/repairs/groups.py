"""The most frequent value of each group, and putting it where it belongs: what several repairs share."""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from assessments.quality.repairs.base import OWN, Scope, own


def most_frequent(table: ir.Table, keys: Sequence[ir.Value], value: ir.Value, row: ir.Column) -> ir.Table:
    """For each group: its keys ``k0``, ``k1`` …, the most frequent ``best`` value, its count ``n``, the ``total`` and
    the count of the ``second``, 0 where there is none.

    Missing values and rows with a missing key are not counted. Of equally frequent values the one that comes first in
    the table wins.
    """
    names = [f"k{position}" for position in range(len(keys))]
    pairs = table.select(**dict(zip(names, keys, strict=True)), best=value, r=row).drop_null([*names, "best"])
    counted = pairs.group_by([*names, "best"]).aggregate(n=pairs.count(), first=pairs.r.min())
    group = ibis.window(group_by=[counted[name] for name in names])
    order = ibis.window(group_by=[counted[name] for name in names], order_by=[counted.n.desc(), counted["first"]])
    ranked = counted.mutate(
        total=counted.n.sum().over(group),
        place=ibis.row_number().over(order),
        second=counted.n.lead().over(order).fill_null(0),
    )
    # A view, because ibis takes columns that come from one table for each other in a join.
    return ranked.filter(ranked.place == 0).select(*names, "best", "n", "total", "second").view()


def beside(scope: Scope, found: ir.Table, keys: Sequence[ir.Value]) -> ir.Table:
    """The table with the columns of ``found`` beside each row whose ``keys`` are its ``k0``, ``k1`` …; else null.

    They are named as ``own`` names them.
    """
    found = found.rename(OWN)
    matches = [key == found[own(f"k{position}")] for position, key in enumerate(keys)]
    return scope.table.left_join(found, matches)


def replaced(scope: Scope, joined: ir.Table, columns: Mapping[str, ir.Value], **flags: ir.Value) -> ir.Table:
    """The row numbers and the table's own columns out of a join, some of them replaced; ``flags`` beside them."""
    kept = {name: columns.get(name, joined[name]) for name in (scope.row, *scope.names)}
    return joined.select(**kept, **flags)
