"""Many conditions as one. Trees of them are kept shallow: Ibis walks an expression by recursion, column by column."""

from collections.abc import Iterable, Sequence
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.types as ir


def all_of(conditions: Iterable[ir.BooleanValue]) -> ir.BooleanValue:
    return _tree(list(conditions), and_, empty=True)


def any_of(conditions: Iterable[ir.BooleanValue]) -> ir.BooleanValue:
    return _tree(list(conditions), or_, empty=False)


def _tree(conditions: Sequence[ir.BooleanValue], join: Any, *, empty: bool) -> ir.BooleanValue:
    if not conditions:
        return ibis.literal(empty)
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    joined: ir.BooleanValue = join(
        _tree(conditions[:middle], join, empty=empty), _tree(conditions[middle:], join, empty=empty)
    )
    return joined
