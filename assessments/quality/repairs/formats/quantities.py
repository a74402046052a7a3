"""Numbers with a unit: 500 g, 0.5 kg, 500grams. Pure."""

import re
from collections.abc import Collection

from assessments.quality.repairs.formats.family import Family, Reading, Value
from assessments.quality.repairs.measures import Measure, converted, measure_read

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)")


def read(text: str) -> Collection[Reading]:
    """The number with its unit; the way is the text with a 9 for the number. A bare number has no unit to tell."""
    measure = measure_read(text)
    number = NUMBER.match(text)
    if measure is None or not measure.unit or measure.rest or number is None:
        return ()
    return [((number[0], measure.unit), "9" + text[number.end() :])]


def write(value: Value, way: str) -> str | None:
    if not isinstance(value, tuple):
        return None
    (number, unit), wanted = value, measure_read(way)
    if wanted is None:
        return None
    written = number if unit == wanted.unit else converted(Measure(number, unit, ""), wanted.unit)
    return written + way[1:] if written is not None else None


def is_way(way: str) -> bool:
    return way.startswith("9") and len(way) <= 20 and [found for _value, found in read(way)] == [way]


FAMILY = Family("quantity", read, write, is_way, usual=0.8)
