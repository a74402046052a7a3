"""Durations: 100 min, 1 hr. 40 min., 1h 40min, 100. Pure."""

import re
from collections.abc import Collection

from assessments.quality.repairs.formats.family import Family, Reading, Value

WAYS = (
    "100 min",
    "100 mins",
    "100 min.",
    "100 minutes",
    "100min",
    "1 hr. 40 min.",
    "1 hr 40 min",
    "1h 40min",
    "1h 40m",
    "1 h 40 min",
    "1 hour 40 minutes",
)
HOURS = re.compile(
    r"(\d{1,3})\s*(?:h|hr|hrs|hour|hours|小时)\.?[\s,]*(?:(\d{1,3})\s*(?:m|min|mins|minute|minutes|分钟?)\.?)?", re.I
)
MINUTES = re.compile(r"(\d{1,4})\s*(m|min|mins|minute|minutes|分钟?)\.?", re.I)
BARE = re.compile(r"\d{1,4}")


def read(text: str) -> Collection[Reading]:
    """The minutes that the text says; a bare number is minutes."""
    plain = text.strip()
    if match := HOURS.fullmatch(plain):
        value = int(match[1]) * 60 + int(match[2] or 0)
    elif match := MINUTES.fullmatch(plain) or BARE.fullmatch(plain):
        value = int(re.sub(r"\D", "", match[0]))
    else:
        return ()
    ways = [way for way in WAYS if write(value, way) == text]
    return [(value, way) for way in ways] or [(value, "")]


def write(value: Value, way: str) -> str | None:
    if not isinstance(value, int):
        return None
    if way.startswith("100"):
        return f"{value}{way[3:]}"
    hours, minutes = divmod(value, 60)
    written = way.replace("40", "\0").replace("1", str(hours), 1).replace("\0", str(minutes))
    return written.replace("hour ", "hours ") if "hour" in way and hours != 1 else written


FAMILY = Family("duration", read, write, WAYS.__contains__)
