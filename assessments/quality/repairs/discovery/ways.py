"""In which way a column is written, when some of its cells are written in another. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.quality.repairs.formats import FAMILIES, Family, rewritten

LEAST_ROWS, PROBED = 20, 200
# Codes of digits lost zeros only where others of the column still begin with one.
WITH_ZEROS = 0.02
# The share of the rows that must hold several values, so that a comma says something.
LISTS = 0.3
# A second way with as many rows as this share of the first leaves open how 3/4/2015 is meant.
UNCLEAR = 0.97


@dataclass(frozen=True)
class Way:
    """``changes`` are {text: the text in this way}; ``rows`` of the column hold such a text, of ``filled``. ``right``
    are the texts that are written so already."""

    kind: str
    way: str
    changes: Mapping[str, str]
    rows: int
    filled: int
    right: frozenset[str]

    @property
    def example(self) -> str:
        """One of the texts that are written in it, always the same."""
        return sorted(self.right)[len(self.right) // 2]


def usual_way(counts: Mapping[str, int]) -> Way | None:
    """The way in which most values are written, with those that can be written in it too; None when there is none."""
    filled = sum(counts.values())
    if filled < LEAST_ROWS:
        return None
    for family in FAMILIES.values():
        if _may_be(family, counts):
            found = _of_family(family, counts, filled)
            if found is not None:
                return found
    return None


def _may_be(family: Family, counts: Mapping[str, int]) -> bool:
    """A look at some of the values, so that long columns of another kind cost nothing."""
    probed = list(counts)[:: max(1, len(counts) // PROBED)]
    return sum(bool(family.read(text)) for text in probed) >= 0.7 * len(probed)


def _of_family(family: Family, counts: Mapping[str, int], filled: int) -> Way | None:
    ways: Counter[str] = Counter()
    readable = 0
    for text, n in counts.items():
        readings = family.read(text)
        readable += n * bool(readings)
        for way in {way for _value, way in readings if way}:
            ways[way] += n
    if not ways or readable < family.readable * filled:
        return None
    way, rows = max(ways.items(), key=lambda each: (each[1], -len(each[0]), "," not in each[0], each[0]))
    if rows < family.usual * filled or _unclear(family, ways, way):
        return None
    if (
        family.name == "list"
        and sum(n for text, n in counts.items() if len(ways_of(family, text)) == 1) < LISTS * filled
    ):
        return None
    if family.name == "zeros" and not _zeros(counts, way, filled):
        return None
    changes = {text: rewritten(family, text, way) for text in counts}
    changes = {text: written for text, written in changes.items() if written != text}
    if not changes:
        return None
    right = frozenset(text for text in counts if any(found == way for _value, found in family.read(text)))
    return Way(family.name, way, changes, sum(counts[text] for text in changes), filled, right)


def ways_of(family: Family, text: str) -> set[str]:
    """The ways in which the text may have been written."""
    return {way for _value, way in family.read(text)}


def _unclear(family: Family, ways: Counter[str], way: str) -> bool:
    """Whether another order of day and month fits as well."""
    if family.name != "date":
        return False
    order = [
        letter for letter in "".join(dict.fromkeys(way.replace("month", "m").replace("mon", "m"))) if letter in "ymd"
    ]
    for other, rows in ways.most_common(6):
        other_order = [
            letter
            for letter in "".join(dict.fromkeys(other.replace("month", "m").replace("mon", "m")))
            if letter in "ymd"
        ]
        if other_order != order and rows >= UNCLEAR * ways[way]:
            return True
    return False


def _zeros(counts: Mapping[str, int], way: str, filled: int) -> bool:
    """Whether codes of this length do begin with zeros, and the shorter ones are few."""
    begin = sum(n for text, n in counts.items() if len(text) == len(way) and text.startswith("0"))
    shorter = sum(n for text, n in counts.items() if len(text) < len(way))
    return len(way) >= 3 and begin >= WITH_ZEROS * filled and shorter <= begin
