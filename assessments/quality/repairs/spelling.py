"""Which rare values are wrong writings of frequent ones. Pure.

A rare value is taken for a typing error of a frequent one when a few edits lead there (insertions, deletions,
substitutions and two neighbours that change places, Damerau 1964, Levenshtein 1966), or when one character stands for
another throughout, as damaged encodings leave it; that counts as one edit. Values whose numbers differ are different
things, and so are "Home" and "Home S", "USB A" and "USB B", "SDRAM" and "DRAM"; a plural is another word, and short
values and short words are all close to each other.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Characters that a value must have for each edit, so that "al" and "ak" stay two values.
LENGTH_PER_EDIT = 5
MOST_VALUES = 20_000
# What more of the rows have is a value of its own, however close it is to another.
RARE = 0.02
GAP = "\0"
ACRONYM = 5  # letters of a word in capitals, at most, each of which says something
LETTERS, NUMBERS = re.compile(r"[^\W_]+"), re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"(?<!\S)[^\W\d_]+(?!\S)")  # between spaces, so that no part of a code is a word


def corrections(counts: Mapping[str, int], *, edits: int = 2, ratio: float = 10.0, least: int = 5) -> dict[str, str]:
    """{rare value: the frequent value that it should be}, from the number of rows of each value.

    A value is frequent enough to correct another when it has at least ``least`` rows and ``ratio`` times those of the
    other; the rare one has few (2 % of the rows, or ``least``). Of several at the same distance the most frequent wins
    if it is ``ratio`` times more frequent than the next; else the value stays. Frequent values that lie as close to
    each other (al_hf-1, al_hf-2) correct nothing: in their column an edit makes another value.
    """
    frequent = sorted((value for value, count in counts.items() if count >= least), key=lambda v: (-counts[v], v))
    most = max(least, RARE * sum(counts.values()))
    rare = [value for value in counts if frequent and counts[value] <= min(most, counts[frequent[0]] / ratio)]
    if not frequent or not rare:
        return {}
    crowded = _crowded(frequent, counts, edits, ratio)
    near: dict[str, dict[str, int]] = defaultdict(dict)
    for value, other, distance in (*_by_edits(rare, frequent, edits), *_by_one_letter(rare, frequent)):
        if other in crowded or value == other or counts[other] < ratio * counts[value]:
            continue
        if _digits(value, other) and not _plural(value, other) and not _another(value, other):
            near[value][other] = min(distance, near[value].get(other, distance))
    found = {}
    for value, others in near.items():
        least_distance = min(others.values())
        best = sorted(
            (o for o, distance in others.items() if distance == least_distance), key=lambda o: (-counts[o], o)
        )
        if len(best) == 1 or counts[best[0]] >= ratio * counts[best[1]]:
            found[value] = best[0]
    return found


def word_corrections(counts: Mapping[str, int], *, edits: int = 2, ratio: float = 10.0) -> dict[str, str]:
    """{text: the text with its rare words corrected}, as ``corrections`` for each word of letters by itself."""
    words: Counter[str] = Counter()
    for text, count in counts.items():
        for word in WORD.findall(text):
            words[word] += count
    if len(words) > MOST_VALUES:
        return {}
    right = corrections(words, edits=edits, ratio=ratio)
    found = {text: WORD.sub(lambda match: right.get(match[0], match[0]), text) for text in counts}
    return {text: corrected for text, corrected in found.items() if corrected != text}


def _crowded(frequent: list[str], counts: Mapping[str, int], edits: int, ratio: float) -> set[str]:
    """The frequent values that are as close to another one of much the same frequency as an error may be."""
    found = set()
    for value in frequent:
        most = max(min(edits, len(value) // LENGTH_PER_EDIT), 1)
        close = process.extract(value, frequent, scorer=OSA.distance, score_cutoff=most, limit=10)
        if any(other != value and counts[other] * ratio > counts[value] for other, _distance, _at in close):
            found.add(value)
    return found


def _by_edits(rare: list[str], frequent: list[str], edits: int) -> Iterator[tuple[str, str, int]]:
    """Pairs that a few edits tell apart, as many as the length of the value allows."""
    for value in rare:
        most = min(edits, len(value) // LENGTH_PER_EDIT)
        if not most:
            continue
        close = process.extract(value, frequent, scorer=OSA.distance, score_cutoff=most, limit=5)
        yield from ((value, other, int(distance)) for other, distance, _at in close if _alike(value, other))


def _by_one_letter(rare: list[str], frequent: list[str]) -> Iterator[tuple[str, str, int]]:
    """Pairs in which one character of the frequent value is another one in the rare value, wherever it stands."""
    gapped: dict[tuple[str, str], list[str]] = defaultdict(list)
    lengths = {len(value) for value in rare}
    strange = set().union(*rare)
    for other in frequent:
        if len(other) < LENGTH_PER_EDIT or len(other) not in lengths:
            continue
        for wrong in strange:
            base = other.replace(wrong, GAP)
            for right in set(other) - {wrong}:
                gapped[base.replace(right, GAP), wrong].append(other)
    for value in rare:
        for wrong in set(value):
            for other in gapped.get((value.replace(wrong, GAP), wrong), ()):
                yield value, other, 1


def _plural(value: str, other: str) -> bool:
    """Whether one is the other with an s: two words, or two names for one thing, but no slip."""
    short, long = sorted((value.lower(), other.lower()), key=len)
    return long in {f"{short}s", f"{short}es"}


def _digits(value: str, other: str) -> bool:
    """The same numbers in both, and no codes: in al_hf-1 every character may make another one."""
    if " " not in other and any(c.isdigit() for c in other):
        return False
    return NUMBERS.findall(value) == NUMBERS.findall(other)


def _another(value: str, other: str) -> bool:
    """Whether one is the other with whole words more, or they differ in a single letter, an acronym or a code."""
    words, others = LETTERS.findall(value), LETTERS.findall(other)
    if len(words) != len(others):
        some, all_ = sorted((Counter(words), Counter(others)), key=Counter.total)
        return some <= all_
    pairs = [(one, two) for one, two in zip(words, others, strict=True) if one.lower() != two.lower()]
    return any(len(one) == len(two) == 1 or (_telling(one) and _telling(two)) for one, two in pairs)


def _telling(word: str) -> bool:
    """An acronym or a code (5-15R): each of its characters says something."""
    return (word.isupper() and len(word) <= ACRONYM) or any(map(str.isdigit, word))


def _alike(value: str, other: str) -> bool:
    """Whether, where the values have as many words, each is as close to its neighbour as its own length allows."""
    words, others = LETTERS.findall(value), LETTERS.findall(other)
    if len(words) != len(others):
        return True
    return all(OSA.distance(one, two) <= max(len(two) // 4, 1) for one, two in zip(words, others, strict=True))
