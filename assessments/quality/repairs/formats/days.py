"""Dates without a time: 4/2/15, 2015-04-02, 2 April 2015. Pure."""

import re
from collections.abc import Collection
from datetime import date
from itertools import product

from assessments.quality.repairs.formats.family import Family, Reading, Value

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NUMBER = {month[:3].lower(): at for at, month in enumerate(MONTHS, start=1)} | {"sept": 9}
# Two digits of a year up to this one are of this century.
PIVOT = 68
ORDERS = ("y{s}m{s}d", "d{s}m{s}y", "m{s}d{s}y")
NUMERIC = tuple(
    order.format(s=sign).replace("y", year).replace("m", month).replace("d", month.replace("m", "d"))
    for order, sign, year, month in product(ORDERS, "-/.", ("yyyy", "yy"), ("mm", "m"))
    if year == "yyyy" or not order.startswith("y")
)
BY_SIGN = {
    (sign, first): tuple(way for way in NUMERIC if sign in way and way.startswith("yyyy") == first)
    for sign in "-/."
    for first in (True, False)
}
NAMED = tuple(
    way.format(m=month)
    for way, month in product(
        ("d {m} yyyy", "dd {m} yyyy", "{m} d, yyyy", "{m} dd, yyyy", "d-{m}-yyyy", "d-{m}-yy"), ("month", "mon")
    )
)
WAYS = ("yyyymmdd", *NUMERIC, *NAMED)
THREE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
TOGETHER = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+([A-Za-z]{3,9})\.?[ .,-]+(\d{4}|\d{2})")
MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?[ .-]+(\d{1,2})(?:st|nd|rd|th)?[ ,.-]+(\d{4})")
PART = re.compile(r"yyyy|yy|month|mon|mm|m|dd|d")
FIELDS = {
    "yyyy": "{y:04d}",
    "yy": "{yy:02d}",
    "month": "{n}",
    "mon": "{s}",
    "mm": "{m:02d}",
    "m": "{m}",
    "dd": "{d:02d}",
    "d": "{d}",
}
TEMPLATES = {way: PART.sub(lambda match: FIELDS[match[0]], way) for way in WAYS}


def read(text: str) -> Collection[Reading]:
    """Every day that the text may be; 3/4/2015 may be two."""
    plain = text.strip()
    found = []
    for year, month, day in _meanings(plain):
        try:
            value = date(year, month, day)
        except ValueError:
            continue
        found.append(value)
    readings: list[Reading] = []
    for value in dict.fromkeys(found):
        ways = [way for way in _likely(plain) if write(value, way) == text]
        readings += [(value, way) for way in ways] or [(value, "")]
    return readings


def write(value: Value, way: str) -> str | None:
    if not isinstance(value, date):
        return None
    name = MONTHS[value.month - 1]
    return TEMPLATES[way].format(y=value.year, yy=value.year % 100, m=value.month, d=value.day, n=name, s=name[:3])


def _meanings(text: str) -> list[tuple[int, int, int]]:
    if match := TOGETHER.fullmatch(text):
        return [(int(match[1]), int(match[2]), int(match[3]))]
    if match := THREE.fullmatch(text):
        return _of_three(match[1], match[3], match[4])
    if match := DAY_FIRST.fullmatch(text):
        return _named(match[3], match[2], match[1])
    if match := MONTH_FIRST.fullmatch(text):
        return _named(match[3], match[1], match[2])
    return []


def _of_three(one: str, two: str, three: str) -> list[tuple[int, int, int]]:
    a, b, c = int(one), int(two), int(three)
    if len(one) == 4:
        return [(a, b, c)] if b <= 12 else [(a, c, b)]
    if len(one) > 2:
        return []
    if len(one) == 2 and (a == 0 or a > 31) and c <= 31:
        return [(_century(a), b, c)]
    if len(three) not in {2, 4}:
        return []
    year = c if len(three) == 4 else _century(c)
    return [(year, b, a), (year, a, b)]


def _named(year: str, month: str, day: str) -> list[tuple[int, int, int]]:
    number = NUMBER.get(month.lower()[:3])
    whole = number is not None and (len(month) <= 4 or month.lower() == MONTHS[number - 1].lower())
    return [(int(year) if len(year) == 4 else _century(int(year)), number, int(day))] if number and whole else []


def _century(year: int) -> int:
    return year + (2000 if year <= PIVOT else 1900)


def _likely(text: str) -> tuple[str, ...]:
    """The ways that may have written the text, by its kind."""
    if text.isdigit():
        return ("yyyymmdd",)
    if any(letter.isalpha() for letter in text):
        return NAMED
    sign = next((letter for letter in text if not letter.isdigit()), "")
    return BY_SIGN.get((sign, text[:4].isdigit()), ())


FAMILY = Family("date", read, write, WAYS.__contains__, usual=0.5)
