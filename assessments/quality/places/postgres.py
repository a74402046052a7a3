"""What rules become on PostgreSQL."""

from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from assessments.quality.dialect import Dialect
from assessments.quality.places.patterns import PatternRefusedError, is_one_class, written
from assessments.quality.places.rewriting import DAYS, NUMBER, SPECIAL, TIME, read_where, rewriter, text_of, unfit

LABEL = "PostgreSQL"
FUNCTIONS = frozenset({"floor", "ceil", "textregexeq", "regexp_replace", "govern_parts"})


# PostgreSQL's own functions. Its patterns reach it as constants that were written anew, never as they were typed.
@ibis.udf.scalar.builtin(name="textregexeq")  # type: ignore[untyped-decorator]
def _matches(value: str, pattern: str) -> bool: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="regexp_replace")  # type: ignore[untyped-decorator]
def _replace(value: str, pattern: str, other: str, flags: str) -> str: ...  # type: ignore[empty-body]


class PostgresDialect(Dialect):
    """Regular expressions in PostgreSQL's words, which mean what RE2's do."""

    def search(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        return _matches(text, pattern(regex))

    def full_match(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        return _matches(text, pattern(regex, whole=True))


def pattern(regex: str, *, whole: bool = False, groups: bool = False) -> str:
    """The expression for PostgreSQL; raises GovernError where it would mean something else."""
    try:
        return written(regex, whole=whole, groups=groups)
    except PatternRefusedError as error:
        raise unfit(regex[:80], LABEL, str(error)) from None


def _search(node: Any) -> ir.Value:
    return _matches(node.arg.to_expr(), pattern(text_of(node.pattern, LABEL)))


def _replaced(node: Any) -> ir.Value:
    regex, other = text_of(node.pattern, LABEL), text_of(node.replacement, LABEL)
    try:
        plain = is_one_class(regex)
    except PatternRefusedError:
        plain = False
    if not plain or "\\" in other or "&" in other:
        raise unfit(regex[:80], LABEL)
    return _replace(node.arg.to_expr(), pattern(regex), other, "g")


def _extracted(node: Any) -> ir.Value:
    """The part of the text, empty where there is none, as everywhere else."""
    regex, number = text_of(node.pattern, LABEL), node.index
    if not isinstance(number, ops.Literal):
        raise unfit(regex[:80], LABEL)
    value = node.arg.to_expr()
    if number.value == 0:
        whole = pattern(regex, groups=True)
        return ibis.cases((_matches(value, whole), value), (value.notnull(), ""), else_=None)
    whole = pattern(regex, groups=True)
    part = _replace(value, whole, f"\\{number.value}", "")
    return ibis.cases((_matches(value, whole), part), (value.notnull(), ""), else_=None)


def _try_cast(node: Any) -> ir.Value:
    to, value = node.to, node.arg.to_expr()
    if not value.type().is_string():
        raise unfit(f"{value.type()} → {to}", LABEL)
    if to.is_floating():
        return read_where(value, _matches(value, f"^(?:{NUMBER}|{SPECIAL})$"), to)
    if to.is_timestamp() or to.is_date():
        shape = TIME if to.is_timestamp() else f"(?:{DAYS})"
        return read_where(value, _matches(value, f"^(?:{shape})$"), to)
    raise unfit(f"{value.type()} → {to}", LABEL)


def _not_nan(node: Any) -> ir.Value | None:
    """PostgreSQL's decimals can be NaN, which is greater than every number there; a comparison does not hold for it."""
    above = node.left if isinstance(node, ops.Greater | ops.GreaterEqual) else node.right
    if not above.dtype.is_decimal() or isinstance(above, ops.Literal):
        return None
    return node.to_expr() & (above.to_expr().cast("string") != "NaN")


def _refused(node: Any) -> ir.Value:
    raise unfit(type(node).__name__, LABEL)


rewrite = rewriter(
    {
        ops.RegexSearch: _search,
        ops.RegexReplace: _replaced,
        ops.RegexExtract: _extracted,
        ops.RegexSplit: _refused,
        ops.TryCast: _try_cast,
        (ops.Greater, ops.GreaterEqual, ops.Less, ops.LessEqual): _not_nan,
    },
    functions=FUNCTIONS,
    label=LABEL,
)
