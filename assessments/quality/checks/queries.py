"""Pieces of queries that several checks share. No backend-specific text: they run in files, databases and clusters."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Scope, place
from assessments.quality.specs import RuleSpec

FAMILIES = ("is_string", "is_numeric", "is_temporal", "is_boolean")


def filled(column: ir.Column) -> ir.Column:
    """The column with NaN as null: neither holds a value."""
    return ibis.cases((column.isnan(), None), else_=column) if column.type().is_floating() else column


def cells(scope: Scope, **columns: ir.Value) -> ir.Table:
    """Only these expressions of the table, and beside them the number of the row as ``row`` where there is one."""
    return scope.table.select(**columns, **({"row": scope.row} if scope.row is not None else {}))


def keyed(columns: Mapping[str, ir.Value], names: Iterable[str], prefix: str = "k") -> dict[str, ir.Value]:
    """The named columns under names of our own (k0, k1, …), with NaN as null."""
    return {f"{prefix}{position}": filled(columns[name]) for position, name in enumerate(names)}


def all_there(table: ir.Table, names: Iterable[str]) -> ir.BooleanValue:
    """Whether none of the columns is null."""
    return reduce(and_, (table[name].notnull() for name in names))


def first_row(table: ir.Table) -> dict[str, ir.Scalar]:
    """The least row number of a group, where rows have numbers."""
    return {"row": table.row.min()} if "row" in table.columns else {}


def whole(value: ir.Scalar) -> ir.Scalar:
    """A count as a whole number of 64 bits, 0 for none: sums come as decimals from some databases."""
    return value.fill_null(0).cast("int64")


def shown(table: ir.Table, names: Mapping[str, str]) -> ir.Table:
    """Failing rows under the names of the rule's columns, so that the engine knows which to mask.

    ``names`` maps our names to theirs. A column that is itself named "row" is left out of samples.
    """
    theirs = {name: table[ours] for ours, name in names.items() if name != "row"}
    return table.select(**theirs, **({"row": table.row} if "row" in table.columns else {}))


def by_role(scope: Scope, given: str | None, role: str, parameter: str, spec: RuleSpec) -> str:
    """The column given, or the one with the role; raises GovernError when there is neither."""
    name = given or scope.roles.get(role)
    if name is None:
        raise GovernError(
            _("The parameter “%(name)s” is missing, and no column has the role “%(role)s”.")
            % {"name": parameter, "role": role},
            where=place(spec),
            hint=_("Name the column in the rule, or confirm the column's role."),
        )
    return name


def earlier_of(scope: Scope, spec: RuleSpec) -> ir.Table:
    """The table of the snapshot before; raises GovernError when there is none, or when its rows were not kept."""
    if scope.looked is not None:
        raise GovernError(
            _("The table stays in its database, and what its rows were at the look before is not kept."),
            where=place(spec),
            hint=_("Have the dataset copied: then each snapshot keeps its rows, and this rule can compare them."),
        )
    if scope.earlier is None:
        raise GovernError(
            _("There is nothing to compare with yet: this is the first snapshot."),
            where=place(spec),
            hint=_("The rule is measured from the second snapshot on."),
        )
    return scope.earlier


def column_of(table: ir.Table, name: str, whose: str, spec: RuleSpec) -> ir.Column:
    """A column of another table; raises GovernError saying where it is missing."""
    if name not in table.columns:
        raise GovernError(
            _("The column “%(name)s” is not in %(whose)s.") % {"name": name, "whose": whose},
            where=place(spec),
            hint=_("There are: %(listed)s.") % {"listed": ", ".join(list(table.columns)[:30])},
        )
    return table[name]


def comparable(ours: ir.Column, theirs: ir.Column, spec: RuleSpec) -> None:
    """Refuse to look for a text among numbers: that would count wrongly in silence."""
    if any(getattr(ours.type(), family)() and getattr(theirs.type(), family)() for family in FAMILIES):
        return
    raise GovernError(
        _("The column “%(ours)s” holds %(our_type)s and “%(theirs)s” holds %(their_type)s: they are never equal.")
        % {
            "ours": ours.get_name(),
            "our_type": ours.type(),
            "theirs": theirs.get_name(),
            "their_type": theirs.type(),
        },
        where=place(spec),
        hint=_("Read both columns with the same type."),
    )


def together(rows: int, fails: bool) -> tuple[int, int]:
    """Rows checked and failing of a rule on the table as a whole: all of them or none; an empty table counts as one."""
    rows = max(rows, 1)
    return rows, rows if fails else 0


def require_whole(spec: RuleSpec, values: Mapping[str, Any], name: str, least: int, most: int) -> None:
    """Refuse a parameter that is no whole number within the bounds."""
    value = values[name]
    if value is not None and not (float(value).is_integer() and least <= value <= most):
        raise GovernError(
            _("The parameter “%(name)s” cannot be %(value)s.") % {"name": name, "value": value},
            where=place(spec),
            hint=_("It must be a whole number from %(least)d to %(most)d.") % {"least": least, "most": most},
        )


def require_share(spec: RuleSpec, values: Mapping[str, Any], *names: str) -> None:
    """Refuse a parameter that is no share from 0 to 1."""
    for name in names:
        if values[name] is not None and not 0 <= values[name] <= 1:
            raise GovernError(
                _("The parameter “%(name)s” cannot be %(value)s.") % {"name": name, "value": values[name]},
                where=place(spec),
                hint=_("It must be a share from 0 to 1."),
            )


def require_order(spec: RuleSpec, values: Mapping[str, Any], least: str, greatest: str) -> None:
    """Refuse a least value above the greatest."""
    if values[least] is not None and values[greatest] is not None and values[least] > values[greatest]:
        raise GovernError(
            _("The parameter “%(least)s” is greater than “%(greatest)s”.") % {"least": least, "greatest": greatest},
            where=place(spec),
            hint=_("Exchange the two."),
        )
