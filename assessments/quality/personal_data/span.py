"""A piece of a text that holds personal data."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Characters ``start`` up to, not including, ``end``; ``score`` says how sure its finder is, 0 to 1."""

    start: int
    end: int
    entity: str
    score: float


def apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap, in order: of two that do, the surer one, then the longer, stays."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (-one.score, one.start - one.end, one.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)
