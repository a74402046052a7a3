"""Which rare values are wrong writings of frequent ones. Pure.

A rare value is taken for a typing error of a frequent one when a few edits lead there (insertions, deletions and
substitutions, Levenshtein 1966), or when one character stands for another throughout, as damaged encodings leave it;
that counts as one edit. Values whose digits differ are different things, and short values are all close to each other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

# Characters that a value must have for each edit, so that "al" and "ak" stay two values.
LENGTH_PER_EDIT = 4
MOST_VALUES = 20_000
GAP = "\0"


def corrections(counts: Mapping[str, int], *, edits: int = 2, ratio: float = 10.0, least: int = 5) -> dict[str, str]:
    """{rare value: the frequent value that it should be}, from the number of rows of each value.

    A value is frequent enough to correct another when it has at least ``least`` rows and ``ratio`` times those of the
    other. Of several at the same distance the most frequent wins if it is ``ratio`` times more frequent than the next;
    else the value stays.
    """
    frequent = sorted((value for value, count in counts.items() if count >= least), key=lambda v: (-counts[v], v))
    rare = [value for value in counts if any(counts[value] * ratio <= counts[other] for other in frequent[:1])]
    if not frequent or not rare:
        return {}
    near: dict[str, dict[str, int]] = defaultdict(dict)
    for value, other, distance in (*_by_edits(rare, frequent, edits), *_by_one_letter(rare, frequent)):
        if value != other and counts[other] >= ratio * counts[value] and _digits(value, other):
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


def _by_edits(rare: list[str], frequent: list[str], edits: int) -> Iterator[tuple[str, str, int]]:
    """Pairs that a few edits tell apart, as many as the length of the value allows."""
    for value in rare:
        most = min(edits, len(value) // LENGTH_PER_EDIT)
        if not most:
            continue
        close = process.extract(value, frequent, scorer=Levenshtein.distance, score_cutoff=most, limit=5)
        yield from ((value, other, int(distance)) for other, distance, _position in close)


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


def _digits(value: str, other: str) -> bool:
    return [c for c in value if c.isdigit()] == [c for c in other if c.isdigit()]
