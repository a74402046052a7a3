"""Characters to words."""

import math
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.errors import GovernError
from assessments.quality.expressions.problems import problem

LONGEST = 4_000
KEYWORDS = frozenset({"and", "or", "not", "in", "between", "is", "null", "true", "false"})
WORD = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<text>'(?:[^']|'')*')
      | (?P<column>`(?:[^`]|``)*`)
      | (?P<name>[^\W\d]\w*)
      | (?P<symbol>!=|<>|<=|>=|==|[-+*/%=<>(),])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Word:
    """``kind`` is "number", "text", "column" (a name in backquotes), "name", "keyword", "symbol" or "end"."""

    kind: str
    value: Any
    position: int
    shown: str = ""


def words(source: str) -> list[Word]:
    """The words of an expression, the last of kind "end"; raises GovernError for what cannot be one."""
    if len(source) > LONGEST:
        raise GovernError(
            _("The expression is longer than %(length)d characters.") % {"length": LONGEST},
            where=_("the expression"),
            hint=_("Split it into several rules."),
        )
    found = []
    position = 0
    while position < len(source):
        match = WORD.match(source, position)
        if match is None:
            raise _unreadable(source, position)
        if match.lastgroup != "space":
            found.append(_word(match))
        position = match.end()
    return [*found, Word("end", "", len(source) + 1, _("the end"))]


def _word(match: re.Match[str]) -> Word:
    kind, text, position = str(match.lastgroup), match.group(), match.start() + 1
    if kind == "number":
        after = match.string[match.end() : match.end() + 1]
        if after and (after.isalnum() or after in "_."):
            raise problem(_("A number is followed by “%(text)s”.") % {"text": after}, match.end() + 1)
        return Word(kind, _number(text, position), position, text)
    if kind in ("text", "column"):
        quote = text[0]
        value = text[1:-1].replace(quote * 2, quote)
        _require_plain(value, position)
        if kind == "column" and not value:
            raise problem(_("A column needs a name between its backquotes."), position)
        return Word(kind, value, position, text)
    if kind == "name" and text.lower() in KEYWORDS:
        return Word("keyword", text.lower(), position, text)
    symbols = {"<>": "!=", "==": "="}
    return Word(kind, symbols.get(text, text), position, text)


def _number(text: str, position: int) -> int | float:
    """Whole numbers stay whole up to 2^63, which only a minus makes fit; others are floating point."""
    if text.isdigit() and len(text) < 30 and int(text) <= 2**63:
        return int(text)
    value = float(text)
    if math.isinf(value):
        raise problem(_("The number is too large."), position)
    return value


def _require_plain(value: str, position: int) -> None:
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise problem(_("The text holds a character that no database takes."), position)


def _unreadable(source: str, position: int) -> GovernError:
    letter = source[position]
    if letter in "'`":
        reason = _("The text that begins here has no end.") if letter == "'" else _("The name has no end.")
        return problem(reason, position + 1, _("Close it with %(letter)s.") % {"letter": letter})
    reason = _("“%(letter)s” has no meaning here.") % {
        "letter": letter if letter.isprintable() else f"U+{ord(letter):04X}"
    }
    hint = _("Texts stand in 'single quotes', names of columns in `backquotes`.")
    return problem(reason, position + 1, hint)
