"""In which ways the values of one column are written, and what that suggests. Pure."""

from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any

from assessments.quality.repairs.measures import Measure, measure_read
from assessments.quality.repairs.missing import DISGUISES
from assessments.quality.repairs.spelling import MOST_VALUES, WORD, corrections, word_corrections
from assessments.quality.repairs.texts import plainly

MOSTLY = 0.9
CLOSED_SET = 0.2  # the most different values for each row of a column whose typing errors can be told
FEW_WORDS, MOST_WORDS = 0.05, 1_000  # the same for the words of texts; titles of products have too many


def disguised(counts: Mapping[str, int]) -> list[str]:
    """The writings of the column that only say that something is missing."""
    words = [value for value in counts if plainly(value).lower() in DISGUISES]
    return sorted(words) if len(words) < len(counts) else []


def spaced(counts: Mapping[str, int]) -> int:
    """The rows with stray spaces at the ends of the text."""
    return sum(n for value, n in counts.items() if value != value.strip())


def cased(counts: Mapping[str, int]) -> int:
    """The rows whose writing differs from a more frequent one in case or spaces alone."""
    best: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for value, n in counts.items():
        key = plainly(value).lower()
        best[key], total[key] = max(best[key], n), total[key] + n
    return sum(total.values()) - sum(best.values())


def measures(counts: Mapping[str, int]) -> dict[str, Any] | None:
    """How to write a column of numbers with units, as parameters of normalise_units; None when it is no such column.

    When all measures have one unit, it says nothing and the number alone is written. Per cent signs on some of the
    numbers only are taken for one unit with the bare numbers when both are of one size; else nothing is proposed.
    """
    read = {value: measure_read(value) for value in counts}
    rows = sum(counts.values())
    good = {value: each for value, each in read.items() if each is not None}
    with_unit = sum(counts[value] for value, each in good.items() if each.unit)
    if not with_unit or sum(counts[value] for value in good) < MOSTLY * rows:
        return None
    units = {each.unit for each in good.values() if each.unit}
    bare = [each for each in good.values() if not each.unit]
    one_size = not bare or _one_size([each for each in good.values() if each.unit], bare)
    if len(units) > 1 or not one_size:
        return {"write": "number_unit"} if len(units) > 1 else None
    return {"write": "number", "rest": "drop"}


def _one_size(one: list[Measure], other: list[Measure]) -> bool:
    """Whether the medians are less than a factor of ten apart: 0.05 and 0.06 %, not 0.05 and 6 %."""
    medians = [median(abs(each.value) for each in each_side) for each_side in (one, other)]
    return min(medians) > 0 and max(medians) / min(medians) < 10


def misspelt(counts: Mapping[str, int]) -> dict[str, str]:
    """{wrong: right} for a column of few values."""
    rows = sum(counts.values())
    if len(counts) > min(MOST_VALUES, CLOSED_SET * rows):
        return {}
    return corrections(counts)


def misspelt_words(counts: Mapping[str, int]) -> dict[str, str]:
    """{text: the text with its rare words corrected} for a column of texts from a small vocabulary."""
    words: Counter[str] = Counter()
    for value, n in counts.items():
        for word in WORD.findall(value):
            words[word] += n
    if not words or len(words) > min(MOST_WORDS, FEW_WORDS * sum(words.values())):
        return {}
    return word_corrections(counts)
