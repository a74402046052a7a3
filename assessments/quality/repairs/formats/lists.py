"""Several values in one cell: Action, Drama and Action,Drama. Pure."""

import re
from collections.abc import Collection

from assessments.quality.repairs.formats.family import Family, Reading, Value

WAYS = (", ", ",", "; ", ";", " | ", "|", " / ")
SIGN = re.compile(r"\s*([,;|]|(?<=\s)/(?=\s))\s*")
# Longer texts are sentences, whose commas are not between values.
MOST_LETTERS, MOST_ITEM = 200, 40


def read(text: str) -> Collection[Reading]:
    """The values; one alone is written alike in every way. Numbers may have commas of their own."""
    signs = {match[1] for match in SIGN.finditer(text)}
    if len(signs) > 1 or len(text) > MOST_LETTERS or text != text.strip():
        return ()
    items = tuple(SIGN.split(text)[::2])
    if any(not item or len(item) > MOST_ITEM or item[0].isdigit() for item in items):
        return ()
    return [(items, way) for way in WAYS if way.join(items) == text] or [(items, "")]


def write(value: Value, way: str) -> str | None:
    return way.join(value) if isinstance(value, tuple) else None


FAMILY = Family("list", read, write, WAYS.__contains__, usual=0.8)
