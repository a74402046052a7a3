"""A tree to an Ibis expression, with no text that a backend would read as anything but a value or a column's name.

NaN is read as null, computed or stored, since it compares differently everywhere: in arithmetic it goes on as NaN, as a
null would, and wherever a value is asked for it becomes null. A division by zero is null. Decimals
and whole numbers beyond 64 bits are computed as 64-bit floating point. Times are UTC without zone.
"""

import operator as op
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from assessments.quality.dialect import Dialect
from assessments.quality.expressions.families import NUMBERS, Family
from assessments.quality.expressions.tree import (
    ARITHMETIC,
    COMPARISONS,
    Between,
    Call,
    Column,
    Constant,
    In,
    IsNull,
    Negative,
    Node,
    Not,
    Operation,
    may_be_nan,
)
from assessments.quality.expressions.typing import common, family_of
from assessments.quality.numbers import ceil, floor

NOT_A_NUMBER = float("nan")
COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": op.eq,
    "!=": op.ne,
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
}


def translate(
    tree: Node, table: ir.Table, families: Mapping[str, Family], as_of: datetime, dialect: Dialect
) -> ir.Value:
    """The expression over ``table``; raises GovernError where its parts do not fit the columns' ``families``.

    ``as_of`` is what now() means, in UTC without zone.
    """
    family_of(tree, families)
    return _Translation(table, families, as_of, dialect).closed(tree)


@dataclass(frozen=True)
class _Translation:
    table: ir.Table
    families: Mapping[str, Family]
    as_of: datetime
    dialect: Dialect

    def value(self, node: Node) -> Any:
        match node:
            case Column(name):
                return _read(self.table[name], self.families[name])
            case Constant(value):
                return _literal(value)
            case Operation(operator, left, right) if operator in ARITHMETIC:
                return self.arithmetic(operator, left, right)
            case Operation(operator, left, right) if operator in COMPARISONS:
                one, two = self.alike([left, right])
                return COMPARE[operator](one, two)
            case Operation(operator, left, right):
                one, two = self.value(left), self.value(right)
                return one & two if operator == "and" else one | two
            case Not(operand):
                return ~self.value(operand)
            case Negative(operand):
                return -self.value(operand)
            case IsNull(operand, negated):
                value = self.closed(operand)
                return value.notnull() if negated else value.isnull()
            case In(operand, values, negated):
                value, *listed = self.alike([operand, *values])
                return value.notin(listed) if negated else value.isin(listed)
            case Between(operand, low, high, negated):
                value, least, most = self.alike([operand, low, high])
                return ~value.between(least, most) if negated else value.between(least, most)
            case Call(function, arguments):
                return self.call(function, arguments)

    def closed(self, node: Node) -> Any:
        """The value with null for NaN, and as one term.

        Ibis 12 writes (not a) is null as NOT a IS NULL, which databases read as not (a is null).
        """
        value = self.value(node)
        if may_be_nan(node):
            return _known(value) if self.family(node) is Family.NUMBER else value
        if self.family(node) is Family.TRUTH and not isinstance(node, Column | Constant | Call):
            return ibis.coalesce(value, ibis.null("boolean"))
        return value

    def family(self, node: Node) -> Family:
        return family_of(node, self.families)

    def alike(self, nodes: list[Node]) -> list[Any]:
        """The values in one type, so that no backend has to guess how to compare them."""
        shared = common([self.family(node) for node in nodes])
        return [_cast(self.closed(node), self.family(node), shared) for node in nodes]

    def arithmetic(self, operator: str, left: Node, right: Node) -> Any:
        one, two = self.value(left), self.value(right)
        if operator != "/" and self.family(left) is self.family(right) is Family.WHOLE:
            one, two = (_wide(each, part) for each, part in ((one, left), (two, right)))
            if operator == "%":
                return one % two.nullif(_wide(_literal(0), Constant(0)))
            return {"+": op.add, "-": op.sub, "*": op.mul}[operator](one, two)
        one, two = _float(one), _float(two)
        if operator == "/":
            return one / two.nullif(ibis.literal(0.0))
        return {"+": op.add, "-": op.sub, "*": op.mul}[operator](one, two)

    def call(self, function: str, arguments: tuple[Node, ...]) -> Any:
        if function == "now":
            return ibis.literal(self.as_of, "timestamp")
        if function == "if":
            condition = self.value(arguments[0])
            yes, no = self.alike(list(arguments[1:]))
            return ibis.cases((condition, yes), else_=no)
        if function == "coalesce":
            return ibis.coalesce(*self.alike(list(arguments)))
        if function == "matches":
            pattern = arguments[1]
            assert isinstance(pattern, Constant)  # noqa: S101  verified before
            return self.dialect.search(self.value(arguments[0]), str(pattern.value))
        read = self.value if function == "abs" else self.closed
        return CALLS[function](*(read(argument) for argument in arguments))


def _read(column: ir.Column, family: Family) -> Any:
    kind = column.type()
    if family is Family.NUMBER:
        return _known(column.cast("float64"))
    if family is Family.WHOLE:
        return column if kind.is_int64() else column.cast("int64")
    if family is Family.TIME:
        return column.cast("timestamp(6)")
    return column


def _literal(value: Any) -> Any:
    if value is None:
        return ibis.null()
    if isinstance(value, bool | str):
        return ibis.literal(value)
    if isinstance(value, int):
        return ibis.literal(value, "int64")
    if isinstance(value, float):
        return ibis.literal(value, "float64")
    return ibis.literal(value, "timestamp" if isinstance(value, datetime) else "date")


def _wide(number: Any, node: Node) -> Any:
    """A written whole number in 64 bits: backends take a bare one for 32 bits, and a product of two overflows."""
    return ibis.literal(str(node.value)).cast("int64") if isinstance(node, Constant) else number


def _known(number: Any) -> Any:
    """NaN as null."""
    return number.nullif(ibis.literal(NOT_A_NUMBER, "float64"))


def _float(number: Any) -> Any:
    return number if number.type().is_float64() else number.cast("float64")


def _cast(value: Any, family: Family, shared: Family | None) -> Any:
    if shared is None or family is shared or family is Family.NOTHING:
        return value
    return _float(value) if shared in NUMBERS else value.cast("timestamp(6)")


def _day(value: Any) -> Any:
    return value.date() if value.type().is_timestamp() else value


def _round(number: Any, digits: Any = None) -> Any:
    """floor(x · 10^digits + ½) / 10^digits: a half goes up, everywhere alike."""
    scale = 10.0 ** (digits.op().value if digits is not None else 0)
    shifted = _float(number) * ibis.literal(scale) + ibis.literal(0.5)
    return floor(shifted) / ibis.literal(scale)


CALLS: Mapping[str, Callable[..., Any]] = {
    "contains": lambda text, part: text.contains(part),
    "starts_with": lambda text, part: text.startswith(part),
    "ends_with": lambda text, part: text.endswith(part),
    "length": lambda text: text.length().cast("int64"),
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "abs": lambda number: number.abs(),
    "round": _round,
    "floor": lambda number: floor(_float(number)),
    "ceil": lambda number: ceil(_float(number)),
    "year": lambda moment: moment.year().cast("int64"),
    "month": lambda moment: moment.month().cast("int64"),
    "day": lambda moment: moment.day().cast("int64"),
    "days_between": lambda begin, end: _day(end).delta(_day(begin), unit="day").cast("int64"),
}
