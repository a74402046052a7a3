"""Values as drivers give them, brought to plain Python and to Arrow."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext as _
from ibis.expr.schema import Schema

from assessments.common.errors import GovernError

LONGEST_DECIMAL = 38


def plain_row(row: Sequence[Any], schema: Schema) -> dict[str, Any]:
    """The row as a dict; whole numbers are int and fractions float, whatever the driver makes of them."""
    return {name: _plain(value, kind) for value, (name, kind) in zip(row, schema.items(), strict=True)}


def _plain(value: Any, kind: Any) -> Any:
    if isinstance(value, Decimal):
        if kind.is_integer() or (value.is_finite() and value == value.to_integral_value()):
            return int(value)
        return float(value)
    return value


def arrow_schema(schema: Schema) -> pa.Schema:
    """One Arrow type for all types of the same values; what Arrow has no plain type for is text."""
    return pa.schema([(name, _arrow(kind)) for name, kind in schema.items()])


def _arrow(kind: Any) -> pa.DataType:
    if kind.is_decimal():
        if kind.precision is None:
            return pa.float64()
        fits = kind.precision <= LONGEST_DECIMAL
        return pa.decimal128(kind.precision, kind.scale or 0) if fits else pa.string()
    if kind.is_timestamp():
        return pa.timestamp("us", "UTC") if kind.timezone else pa.timestamp("us")
    for family, type_ in (
        ("is_boolean", pa.bool_()),
        ("is_integer", pa.int64()),
        ("is_floating", pa.float64()),
        ("is_date", pa.date32()),
    ):
        if getattr(kind, family)():
            return type_
    return pa.string()


def arrow_batch(rows: Sequence[Sequence[Any]], schema: Schema) -> pa.RecordBatch:
    """The rows as one batch of ``arrow_schema``; raises GovernError for a value that its type cannot hold."""
    typed = arrow_schema(schema)
    arrays = []
    for values, field in zip(zip(*rows, strict=True), typed, strict=True):
        try:
            arrays.append(pa.array([_fitted(value, field.type) for value in values], field.type))
        except (pa.ArrowException, ValueError, TypeError, OverflowError):
            raise GovernError(
                _("A value cannot be kept as %(type)s.") % {"type": field.type},
                where=_("column “%(column)s”") % {"column": field.name},
                hint=_("It may be an infinite time or NaN in a decimal. Correct it at the source, or offer a view."),
            ) from None
    return pa.RecordBatch.from_arrays(arrays, schema=typed)


def _fitted(value: Any, type_: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_string(type_):
        return value if isinstance(value, str) else str(value)
    if pa.types.is_floating(type_):
        return float(value)
    return int(value) if pa.types.is_integer(type_) and isinstance(value, Decimal) else value
