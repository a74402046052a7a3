"""What rules become on Spark: regular expressions are Arrow's (RE2), since Java's own backtrack without end."""

import re
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from assessments.quality.dialect import Dialect
from assessments.quality.places.rewriting import DAYS, NUMBER, SPECIAL, TIME, read_where, rewriter, text_of, unfit

LABEL = "Spark"
FUNCTIONS = frozenset(
    {"floor", "ceil", "govern_search", "govern_replace", "govern_extract", "rlike", "regexp_replace", "isnull"}
)


@ibis.udf.scalar.builtin(name="govern_search")  # type: ignore[untyped-decorator]
def _matches(value: str, pattern: str) -> bool: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="govern_replace")  # type: ignore[untyped-decorator]
def _replace(value: str, pattern: str, other: str) -> str: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="govern_extract")  # type: ignore[untyped-decorator]
def _extract(value: str, pattern: str, group: str) -> str: ...  # type: ignore[empty-body]


# Java's own, for the shapes of numbers and times alone, in which nothing can be read in two ways.
@ibis.udf.scalar.builtin(name="rlike")  # type: ignore[untyped-decorator]
def _shaped(value: str, pattern: str) -> bool: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="regexp_replace")  # type: ignore[untyped-decorator]
def _reshaped(value: str, pattern: str, other: str) -> str: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="isnull", signature=(("float64",), "boolean"))
def _isnull(value): ...  # type: ignore[no-untyped-def]  # ibis reads the types from the signature


class SparkDialect(Dialect):
    """Regular expressions by functions that run where the rows are."""

    def search(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        return _matches(text, f"(?s){regex}")

    def full_match(self, text: ir.StringValue, regex: str) -> ir.BooleanValue:
        return _matches(text, f"(?s)\\A(?:{regex})\\z")


def functions_register(session: Any) -> None:
    """Teach the session the functions that the rewritten expressions call. Workers need pandas and PyArrow."""
    from pyspark.sql.pandas.functions import pandas_udf

    # Defined here and without types of ours, so that they travel to the workers whole.
    def search(value, pattern):  # type: ignore[no-untyped-def]
        import pyarrow
        import pyarrow.compute

        texts = pyarrow.array(value, pyarrow.string(), from_pandas=True)
        found = pyarrow.compute.match_substring_regex(texts, pattern.iloc[0]) if len(value) else texts.is_null()
        return found.to_pandas().astype(object)

    def replace(value, pattern, other):  # type: ignore[no-untyped-def]
        import pyarrow
        import pyarrow.compute

        texts = pyarrow.array(value, pyarrow.string(), from_pandas=True)
        if not len(value):
            return value
        return pyarrow.compute.replace_substring_regex(texts, pattern.iloc[0], other.iloc[0]).to_pandas().astype(object)

    def extract(value, pattern, group):  # type: ignore[no-untyped-def]
        import pyarrow
        import pyarrow.compute

        texts = pyarrow.array(value, pyarrow.string(), from_pandas=True)
        if not len(value):
            return value
        parts = pyarrow.compute.struct_field(pyarrow.compute.extract_regex(texts, pattern.iloc[0]), group.iloc[0])
        # Nothing found is an empty text, as everywhere else; nothing to look in is null.
        found = pyarrow.compute.if_else(texts.is_valid(), parts.fill_null(""), parts)
        return found.to_pandas().astype(object)

    session.udf.register("govern_search", pandas_udf(search, "boolean", 200))
    session.udf.register("govern_replace", pandas_udf(replace, "string", 200))
    session.udf.register("govern_extract", pandas_udf(extract, "string", 200))


def _search(node: Any) -> ir.Value:
    return _matches(node.arg.to_expr(), f"(?s){text_of(node.pattern, LABEL)}")


def _replaced(node: Any) -> ir.Value:
    other = text_of(node.replacement, LABEL)
    return _replace(node.arg.to_expr(), f"(?s){text_of(node.pattern, LABEL)}", other)


def _extracted(node: Any) -> ir.Value:
    if not isinstance(node.index, ops.Literal):
        raise unfit("re_extract", LABEL)
    regex = named_groups(text_of(node.pattern, LABEL))
    return _extract(node.arg.to_expr(), f"(?s)(?P<g0>{regex})", f"g{node.index.value}")


def named_groups(regex: str) -> str:
    """The expression with its groups named g1, g2 and so on: Arrow takes parts of a text by name alone."""
    written, number, inside, position = [], 0, False, 0
    while position < len(regex):
        letter = regex[position]
        if letter == "\\":
            written.append(regex[position : position + 2])
            position += 2
            continue
        if inside:
            inside = letter != "]" or regex[position - 1] == "[" or regex[position - 2 : position] == "[^"
        elif letter == "[":
            inside = True
        named = re.match(r"\((?:\?P?<[^>]*>|(?!\?))", regex[position:]) if letter == "(" and not inside else None
        if named:
            number += 1
            written.append(f"(?P<g{number}>")
            position += len(named[0])
            continue
        written.append(letter)
        position += 1
    return "".join(written)


def _try_cast(node: Any) -> ir.Value:
    to, value = node.to, node.arg.to_expr()
    if not value.type().is_string():
        raise unfit(f"{value.type()} → {to}", LABEL)
    if to.is_floating():
        return read_where(value, _shaped(value, f"\\A(?:{NUMBER}|{SPECIAL})\\z"), to)
    if to.is_timestamp() or to.is_date():
        shape = TIME if to.is_timestamp() else f"(?:{DAYS})"
        # Spark wants seconds before a zone, and one space.
        text = _reshaped(value, r"(?:T| +)(\d{1,2}:\d{2})(?=\z|Z| ?UTC|[+-])", " $1:00")
        return read_where(_reshaped(text, " +", " "), _shaped(value, f"\\A(?:{shape})\\z"), to)
    raise unfit(f"{value.type()} → {to}", LABEL)


def _null(node: Any) -> ir.Value | None:
    """Ibis takes NaN for null on Spark; here it is a value, as everywhere else."""
    if not node.arg.dtype.is_floating():
        return None
    empty = _isnull(node.arg.to_expr())
    return ~empty if isinstance(node, ops.NotNull) else empty


def _infinite(node: Any) -> ir.Value:
    """Ibis says of no number on Spark that it is infinite."""
    return node.arg.to_expr().abs() == ibis.literal("Infinity").cast("float64")


def _without_nulls(node: Any) -> ir.Table:
    table = node.parent.to_expr()
    names = [column.name for column in node.subset or ()] or table.columns
    empty = [_isnull(table[name]) if table[name].type().is_floating() else table[name].isnull() for name in names]
    return table.filter(~reduce(or_ if node.how == "any" else and_, empty))


def _refused(node: Any) -> ir.Value:
    raise unfit(type(node).__name__, LABEL)


rewrite = rewriter(
    {
        ops.RegexSearch: _search,
        ops.RegexReplace: _replaced,
        ops.RegexExtract: _extracted,
        ops.RegexSplit: _refused,
        ops.TryCast: _try_cast,
        (ops.IsNull, ops.NotNull): _null,
        ops.IsInf: _infinite,
        ops.DropNull: _without_nulls,
    },
    functions=FUNCTIONS,
    label=LABEL,
)
