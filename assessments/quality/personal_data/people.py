"""What names of people and their addresses look like in a whole cell."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "known_names.yaml"
WORD = r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+)*\.?"
LATIN_NAME = re.compile(rf"{WORD}(?:,? {WORD}){{0,4}}")
CHINESE_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
CHINESE_ROAD = re.compile(r"[\u4e00-\u9fff]{2,24}(?:路|街|道|巷|弄|胡同|村|小区|大厦)")
ROAD = re.compile(
    # The short ones follow a word: Dr Pepper and St Ives are no roads.
    r"(?<=[^\W\d_][ .,])(?:st|dr|ct|pl|sq)\b"
    r"|\b(?:street|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|court|way|square|terrace|close|place"
    r"|crescent|highway|parkway|rue|via|calle|rua|plaza|allee|weg|platz|gasse|p\.? ?o\.? box)\b"
    r"|stra(?:ß|ss)e|str\.|gatan|straat",
    re.IGNORECASE,
)
TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Herr|Frau|Mme|Mlle|Sr|Sra|Srta|Sig|Signora)\b\.? +(?=[^\W\d_])")
CHINESE_TITLE = re.compile(r"(?:先生|女士|小姐|太太|老师)$")
# What a column of names shows though most of its names are in no list: names are made of two parts that vary freely.
MANY_NAMES, KNOWN_PART, SHAPED = 8, 0.2, 0.8
WEB = re.compile(r"https?://|www\.|@|\.(?:com|net|org|html?|php)\b", re.IGNORECASE)


@cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return frozenset(content["first"]), frozenset(content["last"]), frozenset(content["chinese"])


def is_name_shape(value: str) -> bool:
    """One to five words of letters, each beginning large, or two to four Chinese signs."""
    value = value.strip()
    if CHINESE_NAME.fullmatch(value):
        return True
    if len(value) > 60 or not LATIN_NAME.fullmatch(value):
        return False
    parts = value.split()
    return sum(part[0].isupper() for part in parts) >= len(parts) - 1 or len(parts) == 1


def is_known_name(value: str) -> bool:
    """Whether a common name of a person stands in it: first or last name alone, or first and last of two to four."""
    value = value.strip()
    first, last, chinese = _known()
    if CHINESE_NAME.fullmatch(value):
        return value[0] in chinese and len(value) <= 3
    parts = [part.strip(".,").lower() for part in value.split()]
    return (
        1 <= len(parts) <= 4 and is_name_shape(value) and (parts[0] in first or parts[-1] in last or parts[0] in last)
    )


def is_full_name(value: str) -> bool:
    """First and last name, at least the first a common one, or both last: what a column without a name must show."""
    value = plain_name(value)
    first, last, chinese = _known()
    if CHINESE_NAME.fullmatch(value):
        return value[0] in chinese and len(value) <= 3
    parts = [part.strip(".,").lower() for part in value.split()]
    return 2 <= len(parts) <= 4 and is_name_shape(value) and parts[0] in first and parts[-1] in last


def plain_name(value: str) -> str:
    """The name without its title, and “Last, First” turned round."""
    name = CHINESE_TITLE.sub("", TITLE.sub("", value.strip()))
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and first and "," not in first else name


def is_titled(value: str) -> bool:
    """Whether a person is called Mr, Dr, Frau, 女士 and the like in it."""
    value = value.strip()
    latin, chinese = TITLE.match(value), CHINESE_TITLE.search(value)
    if latin:
        return is_name_shape(value[latin.end() :])
    return chinese is not None and value[0] in _known()[2] and chinese.start() <= 3


def are_people(values: Sequence[str]) -> bool:
    """Whether the cells together are people's names, though each by itself may be anything.

    Nearly all are two to four words that begin large; of the first words and of the last ones at least a fifth are
    common names, and both vary. Products that are called after people share first names, and end in what they are.
    """
    first, last, _chinese = _known()
    parts = [name.lower().split() for value in values if is_name_shape(name := plain_name(value)) and " " in name]
    if not values or len(parts) < SHAPED * len(values):
        return False
    begins, ends = [one[0] for one in parts], [one[-1] for one in parts]
    if min(len(set(begins)), len(set(ends))) < MANY_NAMES:
        return False
    return min(sum(one in first for one in begins), sum(one in last for one in ends)) >= KNOWN_PART * len(values)


def is_address(value: str) -> bool:
    """A road, with a number somewhere."""
    value = value.strip()
    if WEB.search(value) or not 5 <= len(value) <= 300:
        return False
    numbered = any(sign.isdigit() for sign in value)
    return numbered and bool(CHINESE_ROAD.search(value) or ROAD.search(value))


def is_address_shape(value: str) -> bool:
    """What may be an address in a column that says so: letters, and a number or several words."""
    value = value.strip()
    if WEB.search(value) or not 3 <= len(value) <= 300 or not any(sign.isalpha() for sign in value):
        return False
    return any(sign.isdigit() for sign in value) or " " in value or bool(CHINESE_ROAD.search(value))
