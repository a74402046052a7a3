"""What a check can be told: typed parameters, refused by name when they are wrong."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.common.nearest import nearest as nearest  # others take it from here

Words = str | Promise
UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
# Parameters are kept with every result of their rule.
LONGEST_TEXT, MOST_CHARACTERS = 10_000, 1_000_000
DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([smhdw])")


@dataclass(frozen=True)
class Parameter:
    """One parameter: ``kind`` is a key of ``READERS``; ``choices`` belong to the kind "choice".

    ``label`` is what a form calls it, its name when left out; ``shown`` are the words for its choices, in their order.
    """

    name: str
    kind: str
    help: Words
    default: Any = None
    required: bool = False
    choices: tuple[str, ...] = ()
    label: Words = ""
    shown: tuple[Words, ...] = ()

    @property
    def title(self) -> str:
        return str(self.label) if self.label else self.name.replace("_", " ").capitalize()

    def words_of(self, choice: str) -> str:
        """A choice in words, as it is written where it has none."""
        return str(self.shown[self.choices.index(choice)]) if self.shown else choice

    @property
    def expects(self) -> str:
        """What its value must be, in words."""
        if self.kind == "choice":
            return _("one of: %(choices)s") % {"choices": ", ".join(self.choices)}
        return _(READERS[self.kind][1])

    def read(self, value: Any, where: str) -> Any:
        """The value as the check uses it; raises GovernError naming the parameter when its type is wrong."""
        try:
            if self.kind != "choice":
                return READERS[self.kind][0](value)
            if isinstance(value, str) and value in self.choices:
                return value
        except (ValueError, OverflowError):  # a whole number of hundreds of digits is no float
            pass
        raise GovernError(
            _("The parameter “%(name)s” cannot be %(value)s.") % {"name": self.name, "value": repr(value)[:80]},
            where=where,
            hint=_("It must be %(expected)s.") % {"expected": self.expects},
        )


def read_parameters(parameters: Sequence[Parameter], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The given parameters with their defaults; raises GovernError for one that is unknown, wrong or missing."""
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            raise GovernError(
                _("There is no parameter “%(name)s”.") % {"name": name}, where=where, hint=nearest(name, list(known))
            )
    values = {}
    for name, parameter in known.items():
        value = given.get(name)
        if value is None and parameter.required:
            raise GovernError(
                _("The parameter “%(name)s” is missing.") % {"name": name}, where=where, hint=str(parameter.help)
            )
        values[name] = parameter.default if value is None else parameter.read(value, where)
    return values


def _number(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000_000:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or not _storable(value):
        raise ValueError
    return value


def _storable(text: str) -> bool:
    """Whether a database takes the text: no character zero, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _duration(value: Any) -> float:
    """Seconds; a plain number is days."""
    if isinstance(value, str):
        match = DURATION.fullmatch(value.strip())
        if match is None:
            raise ValueError
        return float(match[1]) * UNITS[match[2]]
    seconds = _number(value) * UNITS["d"]
    if not 0 <= seconds < 1e11:
        raise ValueError
    return seconds


def _values(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value or len(value) > 10_000:
        raise ValueError
    if not all(isinstance(one, str | bool | int | float) for one in value):
        raise ValueError
    if any(isinstance(one, float) and not math.isfinite(one) for one in value):
        raise ValueError
    if sum(len(one) for one in value if isinstance(one, str)) > MOST_CHARACTERS:
        raise ValueError
    if not all(_storable(one) for one in value if isinstance(one, str)):
        raise ValueError
    return value


def _names(value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError
    return names


def gettext_noop(message: str) -> str:
    """Marks a message for translation without translating it yet."""
    return message


READERS = {
    "number": (_number, gettext_noop("a number")),
    "whole": (_whole, gettext_noop("a whole number from 0 on")),
    "text": (_text, gettext_noop("a text that is not empty")),
    "column": (_text, gettext_noop("the name of a column of this table")),
    "expression": (_text, gettext_noop("an expression such as price > 0 and currency in ('EUR', 'USD')")),
    "flag": (_flag, gettext_noop("true or false")),
    "duration": (_duration, gettext_noop("a number of days, or a text such as 36h, 7d, 2w")),
    "values": (_values, gettext_noop("a list of 1 to 10,000 texts, numbers, or true and false")),
    "names": (_names, gettext_noop("a name or a list of names")),
}
