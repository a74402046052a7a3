"""Numbers written with and without separators, currency signs and needless zeros. Pure."""

import re
from collections.abc import Collection
from decimal import Decimal

from assessments.quality.repairs.formats.family import Family, Reading, Value

# 1234.5 shortest; 1234.0 with a point in any case; two decimals, one; separators between thousands.
WAYS = ("1234.5", "1234.0", "1234.50", "1,234.5", "1,234.50", "1234,5", "1234,50")
SIGNS = re.compile(r"^(?:[$€£¥]|USD|EUR|GBP|CNY)\s*|\s*(?:[$€£¥元]|USD|EUR|GBP|CNY)$")
PLAIN = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[, ']\d{3})+(?:\.\d+)?")
COMMA = re.compile(r"[+-]?(?:0|[1-9]\d*),\d{1,2}")
EUROPEAN = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d{1,2}")
OUT_OF = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(5|10|100)")


def read(text: str) -> Collection[Reading]:
    """The number; 1,234 is a thousand and more, and a code that begins with a zero is no number."""
    plain = SIGNS.sub("", text.strip())
    if (match := OUT_OF.fullmatch(plain)) and Decimal(match[1]) <= Decimal(match[2]):
        plain = match[1]
    if PLAIN.fullmatch(plain):
        written = plain
    elif THOUSANDS.fullmatch(plain):
        written = re.sub(r"[, ']", "", plain)
    elif COMMA.fullmatch(plain):
        written = plain.replace(",", ".")
    elif EUROPEAN.fullmatch(plain):
        written = plain.replace(".", "").replace(",", ".")
    else:
        return ()
    if len(written) > 24:
        return ()
    value = Decimal(written)
    ways = [way for way in WAYS if write(value, way) == text]
    return [(value, way) for way in ways] or [(value, "")]


def write(value: Value, way: str) -> str | None:
    """None where the way would lose decimals."""
    if not isinstance(value, Decimal):
        return None
    grouped, comma = "," if way.startswith("1,") else "", way.startswith("1234,")
    if way.endswith("50"):
        written = f"{value:{grouped}.2f}" if value == value.quantize(Decimal("0.01")) else None
    else:
        written = f"{value:{grouped}f}"
        written = written.rstrip("0").rstrip(".") if "." in written else written
        written = f"{written}.0" if way == "1234.0" and "." not in written else written
    return written.replace(".", ",") if comma and written else written


FAMILY = Family("number", read, write, WAYS.__contains__, usual=0.8)
