"""Ranges such as 5-12 that a spreadsheet took for dates: 12-May, and Jun-45 for 6-45. Pure."""

import re
from collections.abc import Collection

from assessments.quality.repairs.formats.days import NUMBER
from assessments.quality.repairs.formats.family import Family, Reading, Value

RANGE = re.compile(r"[A-Za-z]?\d{1,6}(?:[-–][A-Za-z]?\d{1,6})?")
MONTH_LAST = re.compile(r"(\d{1,2})-([A-Z][a-z]{2})")
MONTH_FIRST = re.compile(r"([A-Z][a-z]{2})-(\d{2})")
WAY = "5-12"


def read(text: str) -> Collection[Reading]:
    """The range itself; what is no date is written as it should be."""
    if RANGE.fullmatch(text):
        return [(text, WAY)]
    if match := MONTH_LAST.fullmatch(text):
        day, month = int(match[1]), NUMBER.get(match[2].lower())
    elif match := MONTH_FIRST.fullmatch(text):
        day, month = int(match[2]), NUMBER.get(match[1].lower())
    else:
        return ()
    return [(f"{month}-{day}", "")] if month else ()


def write(value: Value, way: str) -> str | None:
    return str(value) if way == WAY else None


FAMILY = Family("range", read, write, WAY.__eq__, readable=0.8)
