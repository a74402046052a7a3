"""Regular expressions of RE2 in the words of PostgreSQL, meaning exactly the same.

The two disagree in silence: for PostgreSQL ``\\b`` is a backspace, ``\\w`` holds letters of every script and ``(?i)``
folds by locale. So the expression is taken apart and written anew from what means the same in both, and what does not
is refused. Without back-references PostgreSQL matches without backtracking, as RE2 does.
"""

import re
import warnings
from functools import lru_cache
from re import _constants as kind  # type: ignore[attr-defined]  # Python's own parser, which comes without types
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

from django.utils.translation import gettext as _

MOST_REPEATS = 255
DIGIT, SPACE, WORD = "0-9", r" \t\n\f\r", "0-9A-Za-z_"
CLASSES = {
    kind.CATEGORY_DIGIT: DIGIT,
    kind.CATEGORY_SPACE: SPACE,
    kind.CATEGORY_WORD: WORD,
}
OPPOSITES = {
    kind.CATEGORY_NOT_DIGIT: DIGIT,
    kind.CATEGORY_NOT_SPACE: SPACE,
    kind.CATEGORY_NOT_WORD: WORD,
}
EDGE = f"(?:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))"
INSIDE = f"(?:(?<![{WORD}])(?![{WORD}])|(?<=[{WORD}])(?=[{WORD}]))"
PLACES = {
    **{kind.AT_BEGINNING: "^", kind.AT_BEGINNING_STRING: "^", kind.AT_END: "$"},
    **{kind.AT_BOUNDARY: EDGE, kind.AT_NON_BOUNDARY: INSIDE},
}
# What RE2 folds beside the letters of ASCII themselves: the Kelvin sign and the long s.
FOLDED = {"k": "\u212a", "s": "\u017f"}


class PatternRefusedError(ValueError):
    """The expression, or a part of it, means something else in PostgreSQL."""


@lru_cache(maxsize=1024)
def written(regex: str, *, whole: bool = False, groups: bool = False) -> str:
    """The expression for PostgreSQL; ``whole`` must cover the text. Raises PatternRefusedError with the reason.

    With ``groups`` the groups are kept, and only expressions are taken that capture the same in both: those that cover
    the whole text without choices and without lazy repeats.
    """
    tree = _parsed(regex)
    if groups:
        _require_one_way(tree)
    text = _sequence(tree, bool(tree.state.flags & re.IGNORECASE), groups)
    return f"^(?:{text})$" if whole else text


@lru_cache(maxsize=1024)
def is_one_class(regex: str) -> bool:
    """Whether the expression is a run of characters of one kind, so that replacing it means the same everywhere."""
    tree = _parsed(regex)
    if len(tree) != 1:
        return False
    operation, value = tree[0]
    if operation is kind.MAX_REPEAT and value[0] >= 1 and len(value[2]) == 1:
        operation = value[2][0][0]
    return operation in {kind.IN, kind.LITERAL, kind.NOT_LITERAL, kind.ANY}


def _parsed(regex: str) -> Any:
    if "[:" in regex or "{," in regex or "\0" in regex:
        raise PatternRefusedError(_("it holds “[:” or “{,”"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = parser.parse(regex)
    except (re.error, Warning, RecursionError, OverflowError) as error:
        raise PatternRefusedError(str(error)[:100]) from None
    if tree.state.flags & (re.MULTILINE | re.VERBOSE | re.ASCII | re.LOCALE):
        raise PatternRefusedError(_("it sets options other than i and s"))
    return tree


def _require_one_way(tree: Any) -> None:
    """Refuse what PostgreSQL, which takes the longest choice, might cut into parts otherwise than RE2, which takes the
    first one that fits. Both let an earlier repeat take what it can of a text that must be covered as a whole."""
    ends = len(tree) > 1 and tree[0] == (kind.AT, kind.AT_BEGINNING) and tree[-1] == (kind.AT, kind.AT_END)
    if not ends:
        raise _uncertain()
    _leaves_open(tree, False)


def _leaves_open(tree: Any, open_before: bool) -> bool:
    """Whether where the text goes on is open after ``tree``; raises when a group begins or ends in such a place."""
    left_open = open_before
    for operation, value in tree:
        if operation is kind.MIN_REPEAT or (operation is kind.MAX_REPEAT and value[1] != 1 and _captures(value[2])):
            raise _uncertain()
        if operation is kind.MAX_REPEAT:
            left_open = _leaves_open(value[2], left_open)
        elif operation is kind.SUBPATTERN:
            left_open = _leaves_open(value[3], left_open)
            if value[0] is not None and left_open:
                raise _uncertain()
        elif operation is kind.BRANCH:
            within = [_leaves_open(branch, left_open) for branch in value[1]]
            widths = {width for branch in value[1] for width in branch.getwidth()}
            left_open = any(within) or len(widths) > 1
            if left_open and any(_captures(branch) for branch in value[1]):
                raise _uncertain()
    return left_open


def _captures(tree: Any) -> bool:
    for operation, value in tree:
        inner = value[1] if operation is kind.BRANCH else ()
        if operation is kind.SUBPATTERN:
            inner = [value[3]]
        elif operation in {kind.MAX_REPEAT, kind.MIN_REPEAT}:
            inner = [value[2]]
        if (operation is kind.SUBPATTERN and value[0] is not None) or any(_captures(one) for one in inner):
            return True
    return False


def _uncertain() -> PatternRefusedError:
    return PatternRefusedError(_("it takes a part of the text in a way that is not certain there"))


def _sequence(tree: Any, fold: bool, groups: bool) -> str:
    return "".join(_one(operation, value, fold, groups) for operation, value in tree)


def _one(operation: Any, value: Any, fold: bool, groups: bool) -> str:
    if operation is kind.LITERAL:
        return _character(value) if not fold else _set([(kind.LITERAL, value)], fold)
    if operation is kind.NOT_LITERAL:
        return _set([(kind.NEGATE, None), (kind.LITERAL, value)], fold)
    if operation is kind.ANY:
        return "."
    if operation is kind.IN:
        return _set(value, fold)
    if operation is kind.BRANCH:
        return f"(?:{'|'.join(_sequence(branch, fold, groups) for branch in value[1])})"
    if operation is kind.AT and value in PLACES:
        return PLACES[value]
    if operation is kind.SUBPATTERN:
        return _group(value, fold, groups)
    if operation in {kind.MAX_REPEAT, kind.MIN_REPEAT}:
        return _repeat(value, fold, groups)
    raise PatternRefusedError(_("it looks around or back"))


def _group(value: Any, fold: bool, groups: bool) -> str:
    number, added, taken, inner = value
    if (added | taken) & ~re.IGNORECASE:
        raise PatternRefusedError(_("it sets options other than i and s"))
    fold = (fold or bool(added & re.IGNORECASE)) and not taken & re.IGNORECASE
    return f"({'' if groups and number is not None else '?:'}{_sequence(inner, fold, groups)})"


def _repeat(value: Any, fold: bool, groups: bool) -> str:
    least, most, inner = value
    if max(least, 0 if most is kind.MAXREPEAT else most) > MOST_REPEATS:
        raise PatternRefusedError(_("it repeats a part more than %(count)d times") % {"count": MOST_REPEATS})
    text = _sequence(inner, fold, groups)
    upper = "" if most is kind.MAXREPEAT else most
    return f"(?:{text}){{{least},{upper}}}"


def _set(items: Any, fold: bool) -> str:
    negated, parts = False, []
    for operation, value in items:
        if operation is kind.NEGATE:
            negated = True
        elif operation is kind.LITERAL:
            parts += [_character(ord(one)) for one in (_cases(chr(value)) if fold else chr(value))]
        elif operation is kind.RANGE:
            parts += _range(value[0], value[1], fold)
        elif operation is kind.CATEGORY and value in CLASSES:
            parts.append(_class(CLASSES[value], fold))
        elif operation is kind.CATEGORY and value in OPPOSITES and len(items) == 1 + negated:
            return f"[{'' if negated else '^'}{_class(OPPOSITES[value], fold)}]"
        else:
            raise PatternRefusedError(_("it puts “all but” among other characters"))
    return f"[{'^' if negated else ''}{''.join(parts)}]"


def _class(letters: str, fold: bool) -> str:
    """RE2 folds classes as well: where case is ignored, what its letters fold to is in ``\\w`` too."""
    return letters + "".join(FOLDED.values()) if fold and letters == WORD else letters


def _range(first: int, last: int, fold: bool) -> list[str]:
    if not fold:
        return [f"{_character(max(first, 1))}-{_character(last)}"]  # no text there holds NUL
    if last > 127:
        raise PatternRefusedError(_("it ignores the case of letters beyond A to Z"))
    return [_character(ord(one)) for code in range(first, last + 1) for one in _cases(chr(code))]


def _cases(letter: str) -> str:
    if not letter.isascii():
        raise PatternRefusedError(_("it ignores the case of letters beyond A to Z"))
    lower = letter.lower()
    return "".join(dict.fromkeys(lower + letter.upper() + FOLDED.get(lower, "")))


def _character(code: int) -> str:
    letter = chr(code)
    if code == 0:
        raise PatternRefusedError(_("it holds the character NUL"))
    if letter.isalnum() or code > 127:
        return letter
    return f"\\{letter}" if letter.isprintable() else f"\\u{code:04x}"
