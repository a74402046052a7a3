"""Values about people that a rule quotes: in a list, in a pattern, in an expression, in its name."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from assessments.common.errors import GovernError
from assessments.common.masking import DOT
from assessments.quality.checks import check_named
from assessments.quality.checks.completeness_disguised import DISGUISES
from assessments.quality.expressions import columns_of, parse
from assessments.quality.expressions.lexer import words
from assessments.quality.personal_data.judging import mask_example

PATTERNS = frozenset({"regex", "pattern"})  # parameters of the kind "text" that are regular expressions
# A piece of a regular expression: escapes, classes, groups' heads and repetitions say no value, words and numbers do.
PIECE = re.compile(
    r"\\[pP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\(\?(?:[a-zA-Z-]+[:)]|P?<\w+>)|\{\d*,?\d*\}"
    r"|(?P<said>[^\W\d_](?:[^\W\d_]|[ '’-](?=[^\W\d_]))*|\d+)|.",
    re.DOTALL,
)


def quoted_values(
    check: str, columns: Sequence[str], parameters: Mapping[str, Any], about_people: Collection[str]
) -> tuple[str, ...]:
    """What the rule quotes of columns about people, as it is written; most rules quote nothing.

    A value says something of a person when it has two letters or five digits in a row.
    """
    found: list[str] = []
    for name, kind in _kinds(check, parameters):
        value = parameters[name]
        if kind == "expression":
            found += _in_expression(str(value), about_people)
        elif set(columns) & set(about_people):
            found += _in_list(value) if kind == "values" else _in_pattern(str(value)) if name in PATTERNS else []
    return tuple(dict.fromkeys(found))


def columns_named(check: str, columns: Sequence[str], parameters: Mapping[str, Any]) -> frozenset[str]:
    """The columns whose values the rule could quote: its own, and those of its expressions."""
    named = set(columns)
    for name, kind in _kinds(check, parameters):
        if kind == "expression":
            with suppress(GovernError):
                named |= set(columns_of(parse(str(parameters[name]))))
    return frozenset(named)


def may_quote(check: str, parameters: Mapping[str, Any]) -> bool:
    """Whether the rule has anything in which values could stand."""
    return any(kind in {"values", "expression"} or name in PATTERNS for name, kind in _kinds(check, parameters))


def without_quotes(parameters: Mapping[str, Any], quoted: Collection[str]) -> dict[str, Any]:
    """The parameters with what they quote masked."""
    return {name: _masked(value, quoted) for name, value in parameters.items()}


def unquoted(text: str, quoted: Collection[str]) -> str:
    """A text about the rule, such as its name, with what the rule quotes masked in it."""
    if not quoted:
        return text
    longest = sorted(quoted, key=len, reverse=True)
    any_of = "|".join(re.escape(value) for value in longest)
    return re.sub(rf"(?<![^\W\d_])(?:{any_of})(?![^\W\d_])|{_chinese(longest)}", _dots, text, flags=re.IGNORECASE)


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where masking made it like another one; it is taken from then on."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name[:190]} ({number})", number + 1
    taken.add(found)
    return found


def _kinds(check: str, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    try:
        known = check_named(check).parameters
    except GovernError:
        return []
    return [(one.name, one.kind) for one in known if parameters.get(one.name) is not None]


def _in_list(values: Any) -> list[str]:
    texts = [str(one) for one in values if not isinstance(one, bool)] if isinstance(values, list) else []
    return [text for text in texts if text.strip().lower() not in DISGUISES and _tells(text)]


def _in_pattern(regex: str) -> list[str]:
    """The words and numbers of a regular expression, up to the @ of an address; a lone prefix of codes is none."""
    said = [one for one in _pieces(regex.partition("@")[0]) if _tells(one)]
    return [] if len(said) == 1 and said[0].isascii() and said[0].isupper() else said


def _pieces(regex: str) -> Iterator[str]:
    return (match["said"] for match in PIECE.finditer(regex) if match["said"])


def _in_expression(source: str, about_people: Collection[str]) -> list[str]:
    try:
        if not set(columns_of(parse(source))) & set(about_people):
            return []
        return [word.value for word in words(source) if word.kind == "text" and _tells(word.value)]
    except GovernError:
        return []


def _tells(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}|\d{5}", text))


def _masked(value: Any, quoted: Collection[str]) -> Any:
    if isinstance(value, list):
        return [mask_example(str(one)) if str(one) in quoted else one for one in value]
    return unquoted(value, quoted) if isinstance(value, str) else value


def _chinese(values: Sequence[str]) -> str:
    """Chinese is written without spaces, so that a name is found inside of other signs."""
    found = "|".join(re.escape(value) for value in values if not value.isascii())
    return found or r"(?!)"


def _dots(match: re.Match[str]) -> str:
    text = match[0]
    return mask_example(text) if len(text) > 3 else DOT * len(text)
