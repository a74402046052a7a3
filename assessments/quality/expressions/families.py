"""The kinds of value that an expression tells apart."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from django.utils.translation import gettext as _


class Family(StrEnum):
    """WHOLE is a number of 64 bits without decimals, OTHER a type that can only be asked whether it is null."""

    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    DATE = "date"
    TIME = "time"
    NOTHING = "nothing"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        return {
            Family.WHOLE: _("a whole number"),
            Family.NUMBER: _("a number"),
            Family.TEXT: _("a text"),
            Family.TRUTH: _("true or false"),
            Family.DATE: _("a date"),
            Family.TIME: _("a time"),
            Family.NOTHING: _("null"),
            Family.OTHER: _("a value of a type that expressions do not read"),
        }[self]


NUMBERS = frozenset({Family.WHOLE, Family.NUMBER})
TIMES = frozenset({Family.DATE, Family.TIME})
SIGNED_WHOLE = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")


def family_of_constant(value: Any) -> Family:
    if value is None:
        return Family.NOTHING
    if isinstance(value, bool):
        return Family.TRUTH
    if isinstance(value, int):
        return Family.WHOLE
    if isinstance(value, float):
        return Family.NUMBER
    if isinstance(value, str):
        return Family.TEXT
    return Family.TIME if isinstance(value, datetime) else Family.DATE if isinstance(value, date) else Family.OTHER


def family_of_type(kind: dt.DataType) -> Family:
    """Of an Ibis type. Whole numbers that do not fit 64 bits with a sign count as NUMBER."""
    if kind.is_boolean():
        return Family.TRUTH
    if kind.is_integer():
        return Family.NUMBER if str(kind.copy(nullable=True)) == "uint64" else Family.WHOLE
    if kind.is_numeric():
        return Family.NUMBER
    if kind.is_string():
        return Family.TEXT
    if kind.is_timestamp():
        return Family.TIME
    return Family.DATE if kind.is_date() else Family.OTHER


def families_of(table: ir.Table, names: tuple[str, ...]) -> dict[str, Family]:
    schema = table.schema()
    return {name: family_of_type(schema[name]) for name in names}


def family_of_name(kind: str) -> Family:
    """Of a type as a snapshot's columns keep it ("integer", "timestamp with zone"), or as Arrow writes it."""
    kind = kind.strip().lower()
    if kind.startswith("dictionary<values="):
        kind = kind.removeprefix("dictionary<values=").split(",")[0]
    exact: Mapping[str, Family] = {
        **dict.fromkeys((*SIGNED_WHOLE, "integer"), Family.WHOLE),
        **dict.fromkeys(
            ("uint64", "halffloat", "float16", "float", "float32", "double", "float64", "number"), Family.NUMBER
        ),
        **dict.fromkeys(("string", "large_string", "string_view", "utf8", "text"), Family.TEXT),
        **dict.fromkeys(("bool", "boolean"), Family.TRUTH),
    }
    if kind in exact:
        return exact[kind]
    if kind.startswith("decimal"):
        return Family.NUMBER
    if kind.startswith("timestamp"):
        return Family.TIME
    return Family.DATE if kind.startswith("date") else Family.OTHER
