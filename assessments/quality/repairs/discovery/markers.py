"""Which values of a column only stand for a missing one. Pure.

Some writings never mean anything else (N/A, ?, null). Words such as “empty” and “none” do: a pocket may be empty, a
discount none. They need more than their name: that the column says “missing” in another way too, so that one thing
is written in two. Numbers (-1, 999, 000) need to stand apart from all others.
"""

import re
from collections.abc import Collection, Mapping

from assessments.quality.checks.completeness_disguised import DISGUISES

WORDS = frozenset(
    {"empty", "none", "nil", "blank", "missing", "na", "tba", "tbd", "no value", "no data", "no", "*", "#"}
)
WORDS |= {"空", "无", "没有"}
NUMBERS = frozenset(word for word in DISGUISES if word.isdigit())
SURE = frozenset(DISGUISES) - WORDS - NUMBERS - {""}
# A word for “missing” in nearly every row is what the column holds.
ALL = 0.95
NUMERIC, LEAST_ROWS, LEAST_SHARE = 0.9, 5, 0.001
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
ROUND = re.compile(r"-1|-?9{2,}|0{3,}|-?9{2,}\.0|-1\.0")


def markers(counts: Mapping[str, int], *, empty: int = 0) -> list[str]:
    """The texts of the column that only say “missing”; ``empty`` cells of it say so too."""
    told = {text: " ".join(text.lower().split()) for text in counts}
    sure = [text for text, plain in told.items() if plain in SURE]
    words = [text for text, plain in told.items() if plain in WORDS]
    others = {text: n for text, n in counts.items() if text not in {*sure, *words}}
    numbers = numeric_markers(others)
    found = sure + numbers
    if sure or numbers or empty:
        found += words
    rows = sum(counts.values())
    return found if others and sum(counts[text] for text in found) <= ALL * rows else []


def numeric_markers(counts: Mapping[str, int]) -> list[str]:
    """Round numbers in several rows, outside of all others: -1 where none is negative, 000 among codes, 9999."""
    rows = sum(counts.values())
    read = {text: float(text) for text in counts if NUMBER.fullmatch(text.strip())}
    if sum(counts[text] for text in read) < NUMERIC * rows:
        return []
    likely = {text for text in read if ROUND.fullmatch(text.strip())}
    others = [value for text, value in read.items() if text not in likely]
    if len(set(others)) < 3:
        return []
    least = max(LEAST_ROWS, LEAST_SHARE * rows)
    return sorted(text for text in likely if counts[text] >= least and _apart(text.strip(), read[text], others))


def _apart(text: str, value: float, others: Collection[float]) -> bool:
    low, high = min(others), max(others)
    if low <= value <= high:
        return False
    if value == -1:
        return low >= 0 and high - low >= 2
    if value == 0:
        return bool(low >= 10 ** (len(text) - 1))
    return min(abs(value - low), abs(value - high)) > max(high - low, 1.0)
