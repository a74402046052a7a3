"""A tree as a text that parses to the same tree."""

from datetime import date, datetime

from assessments.quality.expressions.tree import (
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
    Value,
)


def printed(tree: Node) -> str:
    match tree:
        case Column(name):
            return "`" + name.replace("`", "``") + "`"
        case Constant(value):
            return _constant(value)
        case Operation(operator, left, right):
            return f"{_inner(left)} {operator} {_inner(right)}"
        case Not(operand):
            return f"not {_inner(operand)}"
        case Negative(operand):
            return f"-({printed(operand)})"
        case IsNull(operand, negated):
            return f"{_inner(operand)} is {'not ' if negated else ''}null"
        case In(operand, values, negated):
            listed = ", ".join(_constant(value.value) for value in values)
            return f"{_inner(operand)} {'not ' if negated else ''}in ({listed})"
        case Between(operand, low, high, negated):
            return f"{_inner(operand)} {'not ' if negated else ''}between {_inner(low)} and {_inner(high)}"
        case Call(function, arguments):
            return f"{function}({', '.join(printed(argument) for argument in arguments)})"


def _inner(node: Node) -> str:
    return printed(node) if isinstance(node, Column | Constant | Call) else f"({printed(node)})"


def _constant(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"time('{value.isoformat(sep=' ')}')"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
