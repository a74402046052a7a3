"""Expressions made fit for one place: what it says differently is replaced, what it cannot say is refused."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError

YEAR = r"(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|0[48]|[13579][26])00)"
DAY = "|".join(
    (
        rf"{YEAR}S(?:0?[13578]|1[02])S(?:0?[1-9]|[12][0-9]|3[01])",
        rf"{YEAR}S(?:0?[469]|11)S(?:0?[1-9]|[12][0-9]|30)",
        rf"{YEAR}S0?2S(?:0?[1-9]|1[0-9]|2[0-8])",
        rf"{LEAP}S0?2S29",
    )
)
DAYS = "|".join(DAY.replace("S", separator) for separator in "-/")
ZONE = r"(?:Z| ?UTC|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)?"
CLOCK = rf"(?:(?:T| +)(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?{ZONE})?"
# The texts that every place reads as the same time, and as the same number.
TIME = f"(?:{DAYS}){CLOCK}"
NUMBER = r"[ \t\n\f\r]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t\n\f\r]*"
SPECIAL = r"[ \t\n\f\r]*[+-]?(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)[ \t\n\f\r]*"

# From the type of an operation to what makes another expression of one, or None to leave it.
Rewrites = Mapping[Any, Callable[[Any], ir.Value | None]]


def rewriter(rewrites: Rewrites, *, functions: Collection[str], label: str) -> Callable[[Any], Any]:
    """A function that rewrites expressions by the type of their operations.

    ``functions`` are the names of the place's own functions that it may call; any other was meant for another place.
    """

    def replaced(node: Any, changed: Mapping[str, Any] | None) -> Any:
        current = node.__recreate__(changed) if changed else node
        for type_, make in rewrites.items():
            if isinstance(current, type_):
                made = make(current)
                return current if made is None else made.op()
        if isinstance(node, ops.ScalarUDF | ops.AggUDF) and node.__func_name__ not in functions:
            raise unfit(node.__func_name__, label)
        return current

    def rewrite(expression: Any) -> Any:
        return expression.op().replace(replaced).to_expr()

    return rewrite


def unfit(what: str, label: str, reason: str = "") -> GovernError:
    return GovernError(
        _("This rule needs “%(what)s”, which cannot be done in %(place)s%(reason)s.")
        % {"what": what, "place": label, "reason": f": {reason}" if reason else ""},
        hint=_("Copy the table once into a snapshot to measure it."),
    )


def text_of(value: Any, label: str) -> str:
    """The text of a constant; an expression made of columns is no pattern."""
    if not isinstance(value, ops.Literal):
        raise unfit(type(value).__name__, label)
    return str(value.value)


def read_where(text: ir.StringValue, readable: ir.BooleanValue, to: Any) -> ir.Value:
    """The text in the other type where it is written as that type is, else null."""
    text = text.replace("/", "-") if to.is_timestamp() or to.is_date() else text
    return ibis.cases((readable, text.cast(to)), else_=None)
