"""The tree of an expression. Positions count characters from 1 and do not matter to equality."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assessments.quality.expressions.families import Family, family_of_constant

Value = str | bool | int | float | date | None  # a time is a date too
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
ARITHMETIC = ("+", "-", "*", "/", "%")


def _position() -> Any:
    return field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Column:
    name: str
    position: int = _position()


@dataclass(frozen=True)
class Constant:
    """A written value; ``family`` keeps 1, 1.0 and true apart, which are equal in Python."""

    value: Value
    position: int = _position()
    family: Family = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", family_of_constant(self.value))


@dataclass(frozen=True)
class Operation:
    """``operator`` is one of COMPARISONS, ARITHMETIC, "and", "or"."""

    operator: str
    left: "Node"
    right: "Node"
    position: int = _position()


@dataclass(frozen=True)
class Not:
    operand: "Node"
    position: int = _position()


@dataclass(frozen=True)
class Negative:
    operand: "Node"
    position: int = _position()


@dataclass(frozen=True)
class IsNull:
    operand: "Node"
    negated: bool = False
    position: int = _position()


@dataclass(frozen=True)
class In:
    operand: "Node"
    values: tuple[Constant, ...]
    negated: bool = False
    position: int = _position()


@dataclass(frozen=True)
class Between:
    """Both bounds are inside."""

    operand: "Node"
    low: "Node"
    high: "Node"
    negated: bool = False
    position: int = _position()


@dataclass(frozen=True)
class Call:
    function: str
    arguments: "tuple[Node, ...]"
    position: int = _position()


Node = Column | Constant | Operation | Not | Negative | IsNull | In | Between | Call


def children(node: Node) -> "tuple[Node, ...]":
    match node:
        case Operation(_, left, right):
            return (left, right)
        case Not(operand) | Negative(operand) | IsNull(operand) | In(operand):
            return (operand,)
        case Between(operand, low, high):
            return (operand, low, high)
        case Call(_, arguments):
            return arguments
    return ()


def walk(tree: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, the root at 1; without recursion, so that any depth can be measured."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(children(node)))


def may_be_nan(node: Node) -> bool:
    """Whether the node computes a number, so that NaN must be turned to null where its value is asked for."""
    match node:
        case Operation(operator):
            return operator in ARITHMETIC
        case Negative():
            return True
        case Call(function):
            return function in ("abs", "round", "floor", "ceil")
    return False


def cost(node: Node) -> int:
    """How many terms a database makes of it: what is divided by, and what may be NaN, stands there twice.

    DuckDB writes NULLIF(a, b) out as CASE WHEN a = b THEN NULL ELSE a: nested fifteen deep it plans for a minute.
    """

    def asked(each: Node) -> int:
        return cost(each) * (2 if may_be_nan(each) else 1)

    match node:
        case Operation(operator, left, right) if operator in ("/", "%"):
            return cost(left) + 2 * cost(right) + 1
        case Operation(operator, left, right) if operator in COMPARISONS:
            return asked(left) + asked(right) + 1
        case Between(operand, low, high):
            return 2 * asked(operand) + asked(low) + asked(high) + 1
        case IsNull(operand) | In(operand):
            return asked(operand) + 1
        case Call("abs", (argument,)):
            return cost(argument) + 1
        case Call(_, arguments):
            return sum(asked(each) for each in arguments) + 1
    return sum(cost(each) for each in children(node)) + 1


def columns_of(tree: Node) -> tuple[str, ...]:
    """The names of the columns that the expression reads, in the order in which they are written."""
    return tuple(dict.fromkeys(node.name for node, _depth in walk(tree) if isinstance(node, Column)))
