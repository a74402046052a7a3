"""Roles of columns whose names and values left them open: how alike they are to descriptions of the roles.

Measured by the sentence encoder, so only where torch may be loaded: in a worker or a command.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assessments.datasets.ml_adapter import likenesses
from assessments.datasets.naming import read_name, spelled_out
from assessments.datasets.role_descriptions import CHINESE_NAMES, NAMES, VALUES
from assessments.datasets.roles import ColumnRole
from assessments.datasets.suggestion import LIKE, LIKE_BOTH, Suggestion, possible

# A role is suggested when the name is this much like a description of it (a cosine) and so much less like any other
# description; or when name and values both, each a little less, are nearest to the same role. Chosen for precision.
NAME, NAME_APART = 0.6, 0.06
BOTH_NAME, BOTH_VALUES, BOTH_APART = 0.45, 0.4, 0.03
# The share of Chinese descriptions whose nearest English one must be of the same role before Chinese names are asked.
CHINESE_KNOWN = 0.7
TRUST = 30


@dataclass(frozen=True)
class OpenColumn:
    """A column of which names and values have said nothing yet; ``values`` are a few of its texts."""

    name: str
    type: pa.DataType
    values: Sequence[str] = ()


@dataclass(frozen=True)
class Nearest:
    """The role whose description is nearest, that description, how alike, and how much more than the next role's."""

    role: ColumnRole | None
    words: str
    likeness: float
    apart: float


def is_open(name: str) -> bool:
    """Whether the name says nothing that the word lists know, and has words that could be asked about."""
    return read_name(name) is None and any(len(word) > 2 for word in spelled_out(name).split() or [name])


def suggest_by_likeness(columns: Sequence[OpenColumn], *, taken: Sequence[str] = ()) -> dict[str, Suggestion]:
    """{column: suggestion} for columns that ``is_open``; roles in ``taken`` are not suggested again."""
    asked = [column for column in columns if is_open(column.name)]
    if any(_is_chinese(column.name) for column in asked) and not knows_chinese():
        asked = [column for column in asked if not _is_chinese(column.name)]
    if not asked:
        return {}
    names = nearest([spelled_out(one.name) or one.name for one in asked], NAMES)
    told = nearest([", ".join(one.values)[:300] for one in asked], VALUES)
    best: dict[ColumnRole, tuple[float, str, Suggestion]] = {}
    for column, by_name, by_values in zip(asked, names, told, strict=True):
        found = decide(by_name, by_values if column.values else None)
        if found is None or found.role in taken or not possible(ColumnRole(found.role), column.type, False):
            continue
        role = ColumnRole(found.role)
        if role not in best or by_name.likeness > best[role][0]:
            best[role] = (by_name.likeness, column.name, found)
    return {name: found for _likeness, name, found in best.values()}


def decide(by_name: Nearest, by_values: Nearest | None) -> Suggestion | None:
    if by_name.role is None:
        return None
    if by_name.likeness >= NAME and by_name.apart >= NAME_APART:
        return Suggestion(by_name.role, LIKE % {"words": by_name.words}, TRUST)
    if by_values is None or by_values.role != by_name.role:
        return None
    sure = by_name.likeness >= BOTH_NAME and by_values.likeness >= BOTH_VALUES
    if sure and min(by_name.apart, by_values.apart) >= BOTH_APART:
        return Suggestion(by_name.role, LIKE_BOTH % {"words": by_name.words}, TRUST)
    return None


def nearest(texts: Sequence[str], descriptions: Mapping[ColumnRole | None, tuple[str, ...]]) -> list[Nearest]:
    """For each text the role nearest to it."""
    pairs = [(role, words) for role, several in descriptions.items() for words in several]
    found = []
    for row in likenesses(texts, [words for _role, words in pairs]):
        best: dict[ColumnRole | None, tuple[float, str]] = {}
        for (role, words), likeness in zip(pairs, row, strict=True):
            if role not in best or likeness > best[role][0]:
                best[role] = (likeness, words)
        (role, (likeness, words)), (_other, (second, _words)) = sorted(best.items(), key=lambda one: -one[1][0])[:2]
        found.append(Nearest(role, words, likeness, likeness - second))
    return found


def knows_chinese() -> bool:
    """Whether the encoder that is set puts Chinese descriptions of roles nearest to the English ones of the same."""
    pairs = [(role, words) for role, several in CHINESE_NAMES.items() if role for words in several]
    right = [
        role == one.role for (role, _words), one in zip(pairs, nearest([w for _r, w in pairs], NAMES), strict=True)
    ]
    return sum(right) / len(right) >= CHINESE_KNOWN


def _is_chinese(name: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in name)
