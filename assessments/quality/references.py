"""Joins a table with the distinct values of others, so that one scan can tell which of its rows are known there."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Reference, place, require_column
from assessments.quality.checks.parameters import nearest
from assessments.quality.checks.queries import comparable
from assessments.quality.specs import RuleSpec


def with_reference(
    table: ir.Table,
    names: tuple[str, ...],
    spec: RuleSpec,
    reference: Reference,
    others: Mapping[str, ir.Table],
) -> tuple[ir.Table, str]:
    """``table`` with one column more, and its name: true where the row's values are in the reference, else null.

    The other side is made distinct and free of nulls before a left join, so that the join adds no rows: the same
    answer as a semi join and an anti join together, in one pass, and without the null trap of NOT IN.
    """
    other = _other(spec, reference, others)
    flag = ibis.util.gen_name("known")
    keys = [f"{flag}_{position}" for position in range(len(reference.columns))]
    for ours, theirs in zip(spec.columns, reference.columns, strict=True):
        comparable(table[require_column(ours, names)], other[theirs], spec)
    distinct = (
        other.select(**dict(zip(keys, (other[name] for name in reference.columns), strict=True)))
        .drop_null(how="any")
        .distinct()
        .mutate(**{flag: ibis.literal(True)})
    )
    pairs: Sequence[ir.BooleanValue] = [
        table[ours] == distinct[key] for ours, key in zip(spec.columns, keys, strict=True)
    ]
    return table.left_join(distinct, reduce(and_, pairs)).drop(*keys), flag


def _other(spec: RuleSpec, reference: Reference, others: Mapping[str, ir.Table]) -> ir.Table:
    if reference.dataset not in others:
        raise GovernError(
            _("There is no dataset “%(dataset)s” with a snapshot.") % {"dataset": reference.dataset},
            where=place(spec),
            hint=nearest(reference.dataset, sorted(others)),
        )
    other = others[reference.dataset]
    for name in reference.columns:
        require_column(name, tuple(other.columns))
    return other
