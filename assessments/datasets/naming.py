"""What the name of a column says, in English, Chinese, pinyin and the short forms of both.

The last word decides, as it does in both languages: an order date is a date, a customer's name is no customer.
"""

import re
from dataclasses import dataclass

from assessments.datasets.role_words import (
    ABOUT,
    BEGINS,
    CHINESE,
    CHINESE_EVENTS,
    CHINESE_NUMBERS,
    CHINESE_OTHER,
    COUNTING,
    IDLE,
    KIND_WORDS,
    LONG,
    NUMBERED_TOO,
    OTHER_SAID,
    OTHER_THINGS,
    PREPOSITIONS,
    SAID,
    SOLD,
    STANDS_FOR,
    THINGS,
    WHICH,
)
from assessments.datasets.roles import ColumnRole

R = ColumnRole


@dataclass(frozen=True)
class Named:
    """What a name says: a role, or that it has none of them; ``word`` says so.

    ``numbers``: it is the number of something; ``alone``: the word is the whole name.
    """

    role: ColumnRole | None
    word: str = ""
    numbers: bool = False
    alone: bool = False


NONE = Named(None)


def words_of(name: str) -> list[str]:
    """The words of a column name: CustomerID, customer_id and customer-id are the same two, and their whole."""
    words = split_name(name)
    return [*words, "".join(words)] if len(words) > 1 else words


def split_name(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word for word in re.split(r"[^0-9A-Za-z]+", parted.lower()) if word]


def read_name(name: str) -> Named | None:
    """None when the name says nothing that is known here."""
    if any("\u4e00" <= letter <= "\u9fff" for letter in name):
        return _chinese(name)
    words = split_name(name)
    whole = STANDS_FOR.get("".join(words), "".join(words))
    if len(words) > 1 and (whole in SAID or whole in THINGS):  # e-mail, Unit Price and the like, written as two words
        return Named(SAID.get(whole) or THINGS[whole], "".join(words), alone=True)
    return _english(words) if words else None


def spelled_out(name: str) -> str:
    """The name as a few English words: “inv_dt” is “invoice date”."""
    return " ".join(STANDS_FOR.get(word, word) for word in split_name(name))


def _english(words: list[str]) -> Named | None:
    # "Frequency of purchases", "days since the last order": what stands before the preposition is meant.
    preposition = next((place for place, word in enumerate(words) if place and word in PREPOSITIONS), len(words))
    words = words[:preposition]
    meant = [STANDS_FOR.get(bare, bare) for bare in (word.rstrip("0123456789") or word for word in words)]
    while len(meant) > 1 and (meant[-1] in IDLE or meant[-1].isdigit()):
        meant, words = meant[:-1], words[:-1]
    if words[0] in BEGINS or ABOUT.intersection(meant):
        return NONE
    if len(words) > 1 and words[0] in COUNTING and THINGS.get(meant[-1]) == R.ITEM:
        return Named(R.QUANTITY, words[0])
    if len(meant) > 2 and meant[-1] in {"id", "name"} and meant[-2] in KIND_WORDS - {"name"}:
        meant, words = meant[:-1], words[:-1]
    if meant[-1] == "id" or (meant[-1].endswith("id") and meant[-1][:-2] in THINGS):
        return _number(words, meant)
    return _said(words, meant)


def _number(words: list[str], meant: list[str]) -> Named | None:
    """The number of the nearest thing before it."""
    if meant[-1] != "id":
        return Named(THINGS[meant[-1][:-2]], words[-1], True, len(words) == 1)
    if len(words) == 1:  # a bare “sku” or “isbn” stands for an item, a bare “id” for nothing that is known
        return Named(THINGS[words[0]], words[0], True, True) if words[0] in THINGS else None
    for word, mean in zip(reversed(words[:-1]), reversed(meant[:-1]), strict=True):
        if mean in THINGS:
            return Named(THINGS[mean], word, True)
        if SAID.get(mean) in NUMBERED_TOO:
            return Named(SAID[mean], word)
        if mean in OTHER_THINGS or mean in OTHER_SAID or mean in SAID:
            return NONE
        if mean not in WHICH:  # the number of something that is not known here
            return None
    return None


def _said(words: list[str], meant: list[str]) -> Named | None:
    last, word, alone = meant[-1], words[-1], len(meant) == 1
    if last in OTHER_SAID:
        return NONE
    if last in KIND_WORDS and not alone:
        return _kind_of(words, meant)
    if SAID.get(last) == R.QUANTITY and not alone and not (THINGS.get(meant[-2]) or meant[-2] in SOLD):
        return None
    if last in SAID:
        return Named(SAID[last], word, alone=alone)
    if last in THINGS and not (OTHER_SAID | OTHER_THINGS).intersection(meant[:-1]):
        return Named(THINGS[last], word, alone=alone)
    return None


def _kind_of(words: list[str], meant: list[str]) -> Named | None:
    """Names that end in name, description, type, group and the like: the word before them decides."""
    last, before = meant[-1], meant[-2]
    role, thing = SAID.get(before), THINGS.get(before)
    if role is not None and before not in {"name", "description", "title", "review"}:
        return Named(role, words[-2])
    if last == "description" and LONG.intersection(words):
        return Named(R.TEXT, words[-1])
    if last in {"name", "description"}:
        return Named(R.TITLE, words[-1]) if thing == R.ITEM else NONE if thing or before in OTHER_SAID else None
    return Named(R.CATEGORY, words[-1]) if thing == R.ITEM else NONE if thing else None


def _chinese(name: str) -> Named | None:
    rest, numbers = name.strip(), False
    if rest.endswith(CHINESE_EVENTS):
        return Named(R.EVENT, rest[-4:], alone=len(rest) == 4)
    if any(word in rest for word in CHINESE_OTHER):
        return NONE
    for mark in CHINESE_NUMBERS:
        if rest.endswith(mark) and len(rest) > len(mark):
            rest, numbers = rest[: -len(mark)].rstrip("_- "), True
            break
    # One letter is a word only where it is all there is: 货号 is an item's number, 收货省份 is nothing of an item.
    there = [word for word in CHINESE if word in rest and (len(word) > 1 or word == rest)]
    ends = [(rest.rfind(word) + len(word), len(word), word) for word in there]
    if not ends:
        return None
    word = max(ends)[2]
    role = CHINESE[word]
    return Named(role, word, numbers and role not in NUMBERED_TOO, word == rest)
