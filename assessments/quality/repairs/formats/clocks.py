"""Times of day: 7:10 a.m., 07:10, 7:10AM; a date beside the time is read past. Pure."""

import re
from collections.abc import Collection

from assessments.quality.repairs.formats.family import Family, Reading, Value

HALVES = ("a.m.", "am", "AM", "A.M.", "a", "A")
EVENING = str.maketrans("aA", "pP")
WAYS = (
    "hh:mm",
    "h:mm",
    "hh:mm:ss",
    *(f"{hour}:mm{gap}{half}" for hour in ("h", "hh") for gap in ("", " ") for half in HALVES),
)
CLOCK = re.compile(
    r"(?<![\d:/.-])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?\s*([ap](?:\.?m\b\.?)?)?(?![\d:/])", re.IGNORECASE
)
# What may stand beside the time: a day, and a word in brackets, such as (Estimated).
BESIDE = re.compile(
    r"(?:\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s*\d{0,2}(?:,?\s*\d{4})?|"
    r"\d{1,2}\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|\([A-Za-z .]{1,20}\)|[\s,T*-]|on\b|at\b)*",
    re.IGNORECASE,
)


def read(text: str) -> Collection[Reading]:
    """The minutes (and seconds) since midnight that the text says."""
    found = CLOCK.search(text)
    if found is None or CLOCK.search(text, found.end()):
        return ()
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").lower()[:1]
    if minute > 59 or second > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return ()
    if not BESIDE.fullmatch(text[: found.start()]) or not BESIDE.fullmatch(text[found.end() :]):
        return ()
    value = ((hour % 12 + 12 * (half == "p")) if half else hour) * 3600 + minute * 60 + second
    ways = [way for way in WAYS if write(value, way) == text]
    return [(value, way) for way in ways] or [(value, "")]


def write(value: Value, way: str) -> str | None:
    if not isinstance(value, int):
        return None
    hour, minute, second = value // 3600, value // 60 % 60, value % 60
    if way == "hh:mm:ss":
        return f"{hour:02d}:{minute:02d}:{second:02d}"
    if second:
        return None
    pattern, _colon, rest = way.partition(":")
    half = rest[2:]
    shown = hour % 12 or 12 if half else hour
    written = f"{shown:0{len(pattern)}d}:{minute:02d}"
    return written + (half.translate(EVENING) if hour >= 12 else half)


FAMILY = Family("time", read, write, WAYS.__contains__)
