"""Numbers with their units, read from texts and written in one way. Pure."""

import re
from dataclasses import dataclass

# What a unit is also called, and how many of its dimension's base (g, ml, mm) one of it is.
UNITS: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "mg": ("mass", 0.001, ("milligram", "milligrams")),
    "g": ("mass", 1.0, ("gram", "grams", "gr", "克")),
    "kg": ("mass", 1000.0, ("kilogram", "kilograms", "kilo", "kilos", "kgs", "千克", "公斤")),
    "oz": ("mass", 28.349523125, ("ounce", "ounces", "ozs")),
    "lb": ("mass", 453.59237, ("pound", "pounds", "lbs")),
    "ml": ("volume", 1.0, ("millilitre", "millilitres", "milliliter", "milliliters", "毫升")),
    "cl": ("volume", 10.0, ("centilitre", "centilitres", "centiliter", "centiliters")),
    "l": ("volume", 1000.0, ("litre", "litres", "liter", "liters", "ltr", "升")),
    "mm": ("length", 1.0, ("millimetre", "millimetres", "millimeter", "millimeters", "毫米")),
    "cm": ("length", 10.0, ("centimetre", "centimetres", "centimeter", "centimeters", "厘米")),
    "m": ("length", 1000.0, ("metre", "metres", "meter", "meters", "米")),
    "in": ("length", 25.4, ("inch", "inches", '"', "″")),
    "ft": ("length", 304.8, ("foot", "feet")),
    "%": ("share", 0.01, ("percent", "pct", "％")),
    "pcs": ("pieces", 1.0, ("pc", "piece", "pieces", "个", "件")),
    "gb": ("data", 1.0, ("gigabyte", "gigabytes")),
    "mb": ("data", 0.001, ("megabyte", "megabytes")),
    "tb": ("data", 1000.0, ("terabyte", "terabytes")),
}
NAMED = {word: unit for unit, (_dimension, _factor, others) in UNITS.items() for word in (unit, *others)}
MEASURE = re.compile(r"\s*([+-]?(?:\d+(?:\.\d+)?|\.\d+))\s*([^\W\d_]+|[%％\"″])?\.?(?:\s+(.*?))?\s*", re.DOTALL)
DIGITS = 12  # what arithmetic in floating point leaves beyond them (0.055999999999999994) was never measured


@dataclass(frozen=True)
class Measure:
    """A number, the unit as it is called here ("" without one), and the words after it."""

    number: str
    unit: str
    rest: str

    @property
    def value(self) -> float:
        return float(self.number)


def measure_read(text: str) -> Measure | None:
    """The text as a measure; None when it is none, or when its word is no unit that is known."""
    match = MEASURE.fullmatch(text)
    if match is None:
        return None
    number, word, rest = match.groups()
    unit = NAMED.get(word.lower()) if word else ""
    if unit is None:
        return None
    return Measure(number_written(number), unit, (rest or "").strip())


def number_written(number: str) -> str:
    """The number without needless zeros and without what lies beyond its twelfth digit: 12.0 is 12."""
    if number.lstrip("+-").isdigit() and len(number) > DIGITS:
        return str(int(number))
    written = f"{float(number):.{DIGITS}g}"
    return format(float(written), "f").rstrip("0").rstrip(".") if "e" in written else written


def converted(measure: Measure, unit: str) -> str | None:
    """The number in another unit of the same dimension; None between dimensions."""
    if measure.unit == unit:
        return measure.number
    (dimension, factor, _words), (wanted, other, _more) = UNITS[measure.unit], UNITS[unit]
    if dimension != wanted:
        return None
    return number_written(repr(measure.value * factor / other))
