"""Arithmetic that Ibis has no portable words for. DuckDB, PostgreSQL and Spark know these functions by these names."""

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.dialect import Dialect

# What databases read as a number: digits, an infinity, or "nan", with spaces around.
NUMERIC = (
    r"[ \t\n\r\f\v]*(?:[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
    r"|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)|[nN][aA][nN])[ \t\n\r\f\v]*"
)


# Ibis's own floor() and ceil() give whole numbers, which fail on what does not fit 64 bits.
@ibis.udf.scalar.builtin(name="floor")  # type: ignore[untyped-decorator]
def floor(value: float) -> float: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin(name="ceil")  # type: ignore[untyped-decorator]
def ceil(value: float) -> float: ...  # type: ignore[empty-body]


def as_number(column: ir.Column, dialect: Dialect) -> ir.NumericValue:
    """The column's numbers, or its texts read as numbers (null where they are none); GovernError for other types."""
    kind = column.type()
    if kind.is_numeric() and not kind.is_boolean():
        return column
    if kind.is_string():
        readable = ibis.cases((dialect.full_match(column, NUMERIC), column), else_=None)
        return readable.try_cast("float64")
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not numbers.") % {"name": column.get_name(), "type": kind},
        where=_("column “%(name)s”") % {"name": column.get_name()},
        hint=_("Use a column of numbers, or of texts that are numbers."),
    )


def is_finite(number: ir.NumericValue) -> ir.BooleanValue:
    """Neither NaN nor an infinity; null where the number is."""
    if not number.type().is_floating():
        return number.notnull()
    return ~number.isnan() & ~number.isinf()
