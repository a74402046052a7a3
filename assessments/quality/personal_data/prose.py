"""Looking into the texts of one column: by patterns, and where people write sentences, by the trained tagger."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.common.progress import Progress
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.judging import EXAMPLES, LEAST, SURE, mask_example
from assessments.quality.personal_data.reading import ColumnFacts
from assessments.quality.personal_data.span import Span
from assessments.quality.personal_data.texts import Tagger, find_all
from assessments.quality.personal_data.vocabulary import about_a_thing, writing

TEXTS = 5_000  # texts that patterns look into; of more, these are taken evenly
TAGGED = 500  # texts that the tagger reads: a few seconds of each column of texts
AT_ONCE = 50  # texts between two looks whether the search was cancelled
# The most that is said of what is good enough to show and not to raise a finding.
UNSURE = 0.7
# Of these the tagger decides, where there is one.
TAGGED_TYPES = frozenset({"person_name", "postal_address", "age", "nationality", "postcode"})
THING_ROLES = frozenset({"title", "category", "query"})


@dataclass(frozen=True)
class Hit:
    """One type in one column. ``rows`` is the number of cells that hold it; ``share`` of the filled ones, 0 to 1."""

    column: str
    entity: str
    confidence: float
    share: float
    rows: int
    in_text: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    protection: str = ""


@dataclass(frozen=True)
class Texts:
    """The texts of one column. ``written`` says that people write sentences here, not names of things; ``things`` that
    the column's name or role says what is named."""

    column: ColumnFacts
    written: bool
    things: bool
    tagger: Tagger | None
    progress: Progress

    def hits(self, cells: list[str]) -> Iterator[Hit]:
        """What the texts hold, each type once, as a share of the texts that were read for it."""
        if self.tagger is None or not self.written:
            yield from self.spans(evenly(cells, TEXTS), None)
            return
        by_pattern = self.spans(evenly(cells, TEXTS), None)
        yield from (hit for hit in by_pattern if hit.entity not in TAGGED_TYPES)
        by_tagger = self.spans(evenly(cells, TAGGED), self.tagger)
        yield from (hit for hit in by_tagger if hit.entity in TAGGED_TYPES)

    def spans(self, texts: list[str], tagger: Tagger | None) -> Iterator[Hit]:
        """One hit for each type."""
        cells: Counter[str] = Counter()
        found: dict[str, list[tuple[float, str]]] = {}
        for text, spans in self._read(texts, tagger):
            personal = [span for span in spans if entity(span.entity).personal]
            cells.update({span.entity for span in personal})
            for span in personal:
                found.setdefault(span.entity, []).append((span.score, text[span.start : span.end]))
        for name, count in cells.items():
            confidence = sum(score for score, _text in found[name]) / len(found[name])
            if entity(name).kind != "direct" or (name in TAGGED_TYPES and tagger is None):
                confidence = min(confidence, UNSURE)
            if confidence < LEAST or (name in TAGGED_TYPES and not self.written):
                continue
            examples = tuple(dict.fromkeys(mask_example(text) for _score, text in found[name]))[:EXAMPLES]
            yield self._hit(name, confidence, count, len(texts), examples, tagger is not None)

    def _hit(self, name: str, confidence: float, count: int, read: int, examples: tuple[str, ...], tagged: bool) -> Hit:
        filled = self.column.filled
        share = count / read
        rows = count if read >= filled else max(count, round(share * filled))
        evidence = {"rule": "text", "looked_at": read, "found": count, "rows": filled, "tagger": tagged}
        return Hit(self.column.name, name, round(confidence, 3), share, rows, True, evidence, examples)

    def _read(self, texts: list[str], tagger: Tagger | None) -> Iterator[tuple[str, list[Span]]]:
        """Each text with its spans. In a name of a thing only what is sure by itself counts: model numbers have the
        shape of telephone numbers, and makers those of persons."""
        for start in range(0, len(texts), AT_ONCE):
            self.progress(0.0)
            some = texts[start : start + AT_ONCE]
            for text, spans in zip(some, find_all(some, tagger), strict=True):
                if self.written or (not self.things and writing().search(text)):
                    yield text, spans
                else:
                    yield text, [span for span in find_all([text], context=False)[0] if span.score >= SURE]


def is_text(values: Sequence[str]) -> bool:
    """Whether the cells are mostly several words with letters, or a row of Chinese signs."""
    if not values:
        return False
    sentences = sum(len([word for word in value.split() if any(map(str.isalpha, word))]) >= 3 for value in values)
    chinese = sum(sum("\u4e00" <= sign <= "\u9fff" for sign in value) >= 10 for value in values)
    return sentences + chinese >= 0.3 * len(values)


def names_things(name: str, role: str) -> bool:
    """Whether the column's name or role says that things are named or described in it."""
    return role in THING_ROLES or about_a_thing(name)


def is_written(values: Sequence[str]) -> bool:
    """Whether most likely people wrote sentences here: pronouns and verbs, which names of things go without."""
    return sum(bool(writing().search(value)) for value in values) >= 0.2 * len(values)


def evenly(cells: list[str], most: int) -> list[str]:
    """At most ``most`` of the cells, taken from all over."""
    if len(cells) <= most:
        return cells
    return [cells[at * len(cells) // most] for at in range(most)]
