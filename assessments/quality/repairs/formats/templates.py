"""Numbers of one length: codes that lost their leading zeros, and phone numbers with other separators. Pure."""

import re
from collections.abc import Collection

from assessments.quality.repairs.formats import days
from assessments.quality.repairs.formats.family import Family, Reading, Value

LEAST_DIGITS, MOST_DIGITS, MOST_LETTERS = 6, 20, 40
WIDTH = re.compile(r"0{2,12}")
TEMPLATE = re.compile(r"[9+() ./-]{6,40}")
NUMBER = re.compile(r"[\d+() ./-]{6,40}")


def read_width(text: str) -> Collection[Reading]:
    """Digits alone; the way is as many zeros."""
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        return ()
    return [(text.lstrip("0") or "0", "0" * len(text))]


def write_width(value: Value, way: str) -> str | None:
    written = str(value).zfill(len(way))
    return written if len(written) == len(way) else None


def read_separated(text: str) -> Collection[Reading]:
    """The digits of a number with or without separators; the way has a 9 for each of them. A date is none."""
    if not text.isascii() or NUMBER.fullmatch(text) is None or days.read(text):
        return ()
    digits = re.sub(r"\D", "", text)
    return [(digits, re.sub(r"\d", "9", text))] if LEAST_DIGITS <= len(digits) <= MOST_DIGITS else ()


def write_separated(value: Value, way: str) -> str | None:
    digits = iter(str(value))
    if way.count("9") != len(str(value)):
        return None
    return "".join(next(digits) if sign == "9" else sign for sign in way)


WIDTHS = Family("zeros", read_width, write_width, lambda way: bool(WIDTH.fullmatch(way)), usual=0.8, readable=0.95)
SEPARATORS = Family("separators", read_separated, write_separated, lambda way: bool(TEMPLATE.fullmatch(way)), usual=0.8)
