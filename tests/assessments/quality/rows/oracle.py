"""The language of expressions in plain Python, and trees of it at random: what the translation is held against."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st

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
)
from tests.assessments.quality.rows.verdicts import NOW

COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def evaluate(node: Node, row: Mapping[str, Any]) -> Any:
    """The value of the expression on a row, None where it has none."""
    match node:
        case Column(name):
            return known(row[name])
        case Constant(value):
            return value
        case Operation("and" | "or" as how, left, right):
            return both(how, evaluate(left, row), evaluate(right, row))
        case Operation(how, left, right):
            a, b = evaluate(left, row), evaluate(right, row)
            if a is None or b is None:
                return None
            return COMPARE[how](*alike(a, b)) if how in COMPARE else arithmetic(how, a, b)
        case Not(operand):
            value = evaluate(operand, row)
            return None if value is None else not value
        case Negative(operand):
            value = evaluate(operand, row)
            return None if value is None else -value
        case IsNull(operand, negated):
            return (evaluate(operand, row) is None) != negated
        case In(operand, values, negated):
            value = evaluate(operand, row)
            return None if value is None else any(COMPARE["="](*alike(value, v.value)) for v in values) != negated
        case Between(operand, low, high, negated):
            left, right = Operation(">=", operand, low), Operation("<=", operand, high)
            inside = both("and", evaluate(left, row), evaluate(right, row))
            return None if inside is None else inside != negated
        case Call(name, arguments):
            return call(name, [evaluate(argument, row) for argument in arguments])
    raise AssertionError(node)


def known(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def both(how: str, a: bool | None, b: bool | None) -> bool | None:
    decided = how == "or"
    if a is decided or b is decided:
        return decided
    return None if a is None or b is None else not decided


def alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Texts compare by bytes, a day with a moment as its midnight, whole numbers with others as floating point."""
    if isinstance(a, str):
        return a.encode(), b.encode()
    if isinstance(a, date):
        return midnight(a), midnight(b)
    return (float(a), float(b)) if isinstance(a, float) or isinstance(b, float) else (a, b)


def midnight(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001  no zone


def arithmetic(how: str, a: Any, b: Any) -> Any:
    if how == "/":
        return None if b == 0 else known(float(a) / float(b))
    if how == "%":
        return None if b == 0 else a - b * (abs(a) // abs(b)) * (1 if (a < 0) == (b < 0) else -1)
    return known({"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b}[how]())


def call(name: str, values: list[Any]) -> Any:
    if name == "now":
        return NOW
    if name == "if":
        return values[1] if values[0] is True else values[2]
    if name == "coalesce":
        return next((value for value in values if value is not None), None)
    if any(value is None for value in values):
        return None
    return CALLS[name](*values)


def rounded(x: float, digits: int = 0) -> Any:
    scale = 10.0**digits
    return known(down(float(x) * scale + 0.5) / scale)


def down(x: float) -> float:
    return x if math.isinf(x) else float(math.floor(x))


def day_of(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


CALLS = {
    "contains": lambda text, part: part in text,
    "starts_with": lambda text, part: text.startswith(part),
    "ends_with": lambda text, part: text.endswith(part),
    "length": len,
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "trim": lambda text: text.strip(" \t\n\r\v\f"),
    "abs": abs,
    "round": rounded,
    "floor": lambda x: down(float(x)),
    "ceil": lambda x: -down(-float(x)),
    "year": lambda moment: moment.year,
    "month": lambda moment: moment.month,
    "day": lambda moment: moment.day,
    "days_between": lambda a, b: (day_of(b) - day_of(a)).days,
}

# Letters of which Python and databases know the same upper and lower case.
LETTERS = "abAB éÉ红茶'\"`\\;-%_\n\t0"
TEXT = st.text(LETTERS, max_size=4)
MOMENTS = st.datetimes(datetime(1600, 1, 1), datetime(2400, 1, 1))  # noqa: DTZ001  no zone
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "w": st.none() | TEXT,
            "other text": st.none() | TEXT,
            "x": st.none() | st.sampled_from([0.0, -0.0, 0.5, -1.5, 2.25, math.nan, math.inf, -math.inf, 1e300]),
            "n": st.none() | st.integers(-4, 4),
            "数量": st.none() | st.integers(-4, 4),
            "t": st.none() | MOMENTS,
            "d": st.none() | MOMENTS.map(datetime.date),
            "b": st.none() | st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)


def columns(*names: str) -> st.SearchStrategy[Node]:
    return st.sampled_from([Column(name) for name in names])


def constants(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values.map(Constant)


def calls(name: str, *arguments: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.tuples(*arguments).map(lambda found: Call(name, found))


TEXT_LEAF = columns("w", "other text") | constants(TEXT)
WHOLE_LEAF = columns("n", "数量") | constants(st.integers(-9, 9))
NUMBER_LEAF = columns("x") | constants(st.sampled_from([0.0, 0.5, -2.0, 1e10]))
TIME_LEAF = columns("t") | constants(MOMENTS) | st.just(Call("now", ()))
DAY_LEAF = columns("d") | constants(MOMENTS.map(datetime.date))
WHEN = TIME_LEAF | DAY_LEAF


@cache
def texts(depth: int) -> st.SearchStrategy[Node]:
    if not depth:
        return TEXT_LEAF
    inner = texts(depth - 1)
    return (
        TEXT_LEAF
        | calls("lower", inner)
        | calls("upper", inner)
        | calls("trim", inner)
        | calls("coalesce", inner, inner)
        | calls("if", truths(depth - 1), inner, inner | st.just(Constant(None)))
    )


@cache
def wholes(depth: int) -> st.SearchStrategy[Node]:
    if not depth:
        return WHOLE_LEAF
    inner = wholes(depth - 1)
    return (
        WHOLE_LEAF
        | st.builds(Operation, st.sampled_from("+-*%"), inner, inner)
        | inner.map(Negative)
        | calls("abs", inner)
        | calls("length", texts(depth - 1))
        | calls("coalesce", inner, inner)
        | calls("if", truths(depth - 1), inner, inner)
        | st.builds(lambda name, when: Call(name, (when,)), st.sampled_from(["year", "month", "day"]), WHEN)
    )


@cache
def numbers(depth: int) -> st.SearchStrategy[Node]:
    if not depth:
        return NUMBER_LEAF
    inner = numbers(depth - 1) | wholes(depth - 1)
    return (
        NUMBER_LEAF
        | st.builds(Operation, st.sampled_from("+-*/"), inner, numbers(depth - 1))
        | st.builds(Operation, st.just("/"), inner, inner)
        | numbers(depth - 1).map(Negative)
        | st.builds(lambda name, x: Call(name, (x,)), st.sampled_from(["abs", "round", "floor", "ceil"]), inner)
        | calls("round", inner, constants(st.integers(0, 3)))
        | calls("coalesce", inner, inner)
    )


@cache
def truths(depth: int) -> st.SearchStrategy[Node]:
    leaf = columns("b")
    if not depth:
        return leaf
    how = st.sampled_from(sorted(COMPARE))
    inner, number, flags = truths(depth - 1), wholes(depth - 1) | numbers(depth - 1), st.booleans()
    text, listed = texts(depth - 1), st.lists(constants(TEXT), min_size=1, max_size=3).map(tuple)
    return (
        leaf
        | st.builds(Operation, how, number, number)
        | st.builds(Operation, how, text, text)
        | st.builds(Operation, how, WHEN, WHEN)
        | st.builds(Operation, st.sampled_from(["and", "or"]), inner, inner)
        | inner.map(Not)
        | st.builds(IsNull, number | text | WHEN | inner, flags)
        | st.builds(In, text, listed, flags)
        | st.builds(In, number, st.lists(WHOLE_LEAF.filter(is_constant), min_size=1, max_size=3).map(tuple), flags)
        | st.builds(In, inner, st.lists(constants(st.booleans()), min_size=1, max_size=2).map(tuple), flags)
        | st.builds(Operation, st.sampled_from(["=", "!="]), inner, inner)
        | calls("coalesce", inner, inner)
        | st.builds(Between, number, number, number, flags)
        | st.builds(Between, WHEN, WHEN, WHEN, flags)
        | st.builds(
            lambda f, a, b: Call(f, (a, b)), st.sampled_from(["contains", "starts_with", "ends_with"]), text, text
        )
        | st.builds(Operation, how, calls("days_between", WHEN, WHEN), WHOLE_LEAF)
    )


def is_constant(node: Node) -> bool:
    return isinstance(node, Constant)
