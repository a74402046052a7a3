"""Texts that are days and times, in a format written as for strptime, decided by arithmetic that every backend has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def any_case(words: tuple[str, ...]) -> str:
    """A regular expression of these words in upper or lower case."""
    return "|".join("".join(f"[{letter.upper()}{letter}]" for letter in word) for word in words)


# What Python's strptime takes for each directive; the calendar is looked at afterwards.
DIRECTIVES = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": "1[0-2]|0[1-9]|[1-9]",
    "b": any_case(MONTHS),
    "B": any_case(LONG_MONTHS),
    "d": "3[01]|[12][0-9]|0[1-9]|[1-9]",
    "j": "36[0-6]|3[0-5][0-9]|[12][0-9][0-9]|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]",
    "a": any_case(DAYS),
    "A": any_case(LONG_DAYS),
    "H": "2[0-3]|[01][0-9]|[0-9]",
    "I": "1[0-2]|0[1-9]|[1-9]",
    "p": any_case(("am", "pm")),
    "M": "[0-5][0-9]|[0-9]",
    "S": "[0-5][0-9]|[0-9]",
    "f": "[0-9]{1,6}",
    "z": "Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]",
}
Part = Callable[[str], ir.StringValue]
OF_CALENDAR = "YymbBdj"
ISO_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
ISO_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?"
ISO = f"([0-9]{{4}})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[T ]{ISO_TIME}{ISO_ZONE})?"


@dataclass(frozen=True)
class DateFormat:
    """``regex`` covers the whole text; ``groups`` maps directives of the calendar to the numbers of its groups."""

    regex: str
    groups: dict[str, int]


def date_format(written: str | None) -> DateFormat:
    """The format as a regular expression; ISO 8601's when left out. Raises GovernError for what it cannot read."""
    if written is None:
        return DateFormat(ISO, {"Y": 1, "m": 2, "d": 3})
    groups: dict[str, int] = {}
    regex, position = "", 0
    while position < len(written):
        letter = written[position]
        if letter != "%":
            regex += f"\\{letter}" if letter in r"\^$.|?*+()[]{}-" else letter
            position += 1
            continue
        directive = written[position + 1 : position + 2]
        position += 2
        if directive == "%":
            regex += "%"
            continue
        if directive not in DIRECTIVES or not directive or directive in groups:
            raise _refused(directive, twice=directive in groups)
        groups[directive] = sum(one in OF_CALENDAR for one in groups) + 1 if directive in OF_CALENDAR else 0
        regex += f"({DIRECTIVES[directive]})" if directive in OF_CALENDAR else f"(?:{DIRECTIVES[directive]})"
    if not groups:
        raise GovernError(_("The format “%(format)s” has no part of a date.") % {"format": written}, hint=_hint())
    return DateFormat(regex, {name: number for name, number in groups.items() if number})


def _refused(directive: str, *, twice: bool) -> GovernError:
    if twice:
        return GovernError(_("The format has %(part)s twice.") % {"part": "%" + directive}, hint=_hint())
    return GovernError(_("The format has no part %(part)s.") % {"part": "%" + directive}, hint=_hint())


def _hint() -> str:
    parts = ", ".join(f"%{name}" for name in DIRECTIVES)
    return _("Write it as for strptime, such as %%d.%%m.%%Y. There are: %(parts)s.") % {"parts": parts}


def is_on_calendar(text: ir.StringValue, form: DateFormat) -> ir.BooleanValue:
    """Whether the day of a text that has the format's shape exists: no 30 February, no 29th in a common year."""
    groups = form.groups

    def part(name: str) -> ir.StringValue:
        return text.re_extract(f"^(?:{form.regex})$", groups[name]).nullif("")

    conditions: list[ir.BooleanValue] = []
    leap = _leap(part, groups)
    if "Y" in groups:
        conditions.append(part("Y").cast("int64") > 0)
    if "j" in groups and leap is not None:
        conditions.append((part("j").cast("int64") < 366) | leap)
    if "d" in groups:
        short, february = _short_months(part, groups)
        day = part("d").cast("int64")
        if short is not None and february is not None:
            conditions.append(~(short & (day > 30)) & ~(february & (day > 29)))
            if leap is not None:
                conditions.append(~(february & (day > 28)) | leap)
    return reduce(and_, conditions, ibis.literal(True))


def _leap(part: Part, groups: dict[str, int]) -> ir.BooleanValue | None:
    if "Y" in groups:
        year = part("Y").cast("int64")
        return (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    # Two digits mean 1969 to 2068, of which every fourth is a leap year.
    return part("y").cast("int64") % 4 == 0 if "y" in groups else None


def _short_months(part: Part, groups: dict[str, int]) -> tuple[ir.BooleanValue | None, ir.BooleanValue | None]:
    if "m" in groups:
        month = part("m").cast("int64")
        return month.isin([4, 6, 9, 11]), month == 2
    named = next((name for name in "bB" if name in groups), None)
    if named is None:
        return None, None
    name = part(named).lower().left(3)
    return name.isin(["apr", "jun", "sep", "nov"]), name == "feb"
