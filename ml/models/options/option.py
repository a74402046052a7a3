"""One option of a model: what it may be, and how a form's or a command line's text becomes its value."""

import math
from dataclasses import dataclass
from typing import Any

from ml.errors import DataError

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}

Value = float | int | bool | str


@dataclass(frozen=True)
class Option:
    """One option: its type is the type of its default; ``low`` and ``high`` are both allowed.

    The value of an option with ``choices`` is one of these words or, where ``several`` may be named, one or more of
    them with commas between; its ``low`` and ``high`` mean nothing.
    """

    name: str
    default: Value
    low: float
    high: float
    help: str
    choices: tuple[str, ...] = ()
    several: bool = False

    def parse(self, value: Any, *, model: str) -> Value:
        where = f"option {self.name} of {model}"
        if self.choices:
            return self._words(value, where)
        if isinstance(self.default, bool):
            return self._flag(value, where)
        try:
            number = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not (self.low <= number <= self.high):
            raise DataError(
                f"“{str(value)[:50]}” is not a possible value of {self.name}.",
                where=where,
                hint=f"Give a number from {self.low:g} to {self.high:g}.",
            )
        if isinstance(self.default, int):
            if number != int(number):
                raise DataError(f"{self.name} must be a whole number.", where=where)
            return int(number)
        return number

    def _flag(self, value: Any, where: str) -> bool:
        text = str(value).strip().lower()
        if text not in TRUE | FALSE:
            raise DataError(f"“{str(value)[:50]}” is neither yes nor no.", where=where, hint="Give yes or no.")
        return text in TRUE

    def _words(self, value: Any, where: str) -> str:
        text = str(value).strip()
        words = [word.strip() for word in text.split(",")] if self.several else [text]
        if not set(words) <= set(self.choices) or len(set(words)) < len(words):
            listed = ", ".join(self.choices)
            raise DataError(
                f"“{text[:50]}” is not a possible value of {self.name}.",
                where=where,
                hint=f"Choose one or more of: {listed}." if self.several else f"Choose one of: {listed}.",
            )
        return ",".join(words)


def choice(name: str, default: str, choices: tuple[str, ...], help: str) -> Option:  # noqa: A002 - the field's name
    """An option whose value is one of these words."""
    return Option(name, default, 0, 0, help, choices)
