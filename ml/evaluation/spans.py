"""How well found spans agree with labelled ones: precision, recall and F1 per type and over a set of types.

A span is found when a span of its type overlaps it by at least half of their union (Jaccard index of the characters).
Matching is one to one: with a threshold of a half or more and spans that do not overlap within their own side, no span
could match two; where they do overlap, the pairs with the largest index are taken first.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A piece of a text: characters ``start`` up to, not including, ``end``, and how sure its finder is, 0 to 1."""

    start: int
    end: int
    entity: str
    score: float = 1.0


@dataclass(frozen=True)
class Agreement:
    """Counts of spans; a ratio whose denominator is 0 is 0."""

    hits: int = 0
    found: int = 0
    labelled: int = 0

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        both = self.found + self.labelled
        return 2 * self.hits / both if both else 0.0

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(self.hits + other.hits, self.found + other.found, self.labelled + other.labelled)

    def document(self) -> dict[str, float | int]:
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "hits": self.hits,
            "found": self.found,
            "labelled": self.labelled,
        }


@dataclass(frozen=True)
class SpanScores:
    """Agreement per type, types in alphabetical order."""

    types: dict[str, Agreement]

    def micro(self, types: Collection[str] | None = None) -> Agreement:
        """All spans of these types together; of every type when none is named."""
        chosen = self.types if types is None else types
        return sum((self.types.get(name, Agreement()) for name in chosen), Agreement())

    def document(self) -> dict[str, dict[str, float | int]]:
        return {name: agreement.document() for name, agreement in self.types.items()}


def score_spans(truth: Sequence[Iterable[Span]], found: Sequence[Iterable[Span]], *, iou: float = 0.5) -> SpanScores:
    """Compare per text: ``truth[i]`` and ``found[i]`` are the spans of text i.

    ``iou`` is above 0 and at most 1. Raises ValueError when the two have not the same number of texts.
    """
    if not 0 < iou <= 1:
        raise ValueError("the share of the union must be above 0 and at most 1")
    hits: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for true_spans, found_spans in zip(truth, found, strict=True):
        true_list, found_list = list(true_spans), list(found_spans)
        labelled.update(span.entity for span in true_list)
        answered.update(span.entity for span in found_list)
        hits.update(true_list[place].entity for place, _ in match_spans(true_list, found_list, iou=iou))
    names = sorted(labelled.keys() | answered.keys())
    return SpanScores({name: Agreement(hits[name], answered[name], labelled[name]) for name in names})


def match_spans(truth: Sequence[Span], found: Sequence[Span], *, iou: float = 0.5) -> list[tuple[int, int]]:
    """Pairs of positions (in ``truth``, in ``found``) that match, each position at most once, in order of truth."""
    pairs = [
        (share, place, answer)
        for place, true_span in enumerate(truth)
        for answer, found_span in enumerate(found)
        if true_span.entity == found_span.entity and (share := overlap(true_span, found_span)) >= iou
    ]
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, place, answer in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if place not in taken and answer not in used:
            taken[place] = answer
            used.add(answer)
    return sorted(taken.items())


def overlap(one: Span, other: Span) -> float:
    """The shared characters as a share of the union; 0 for spans that do not meet or are empty."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    if shared <= 0:
        return 0.0
    return shared / (max(one.end, other.end) - min(one.start, other.start))
