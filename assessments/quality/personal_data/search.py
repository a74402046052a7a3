"""The search through a table: columns judged whole, texts looked into, what is found counted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part, silent
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.judging import EXAMPLES, LEAST, SURE, Judgement, judge_column, mask_example
from assessments.quality.personal_data.reading import (
    SAMPLE_ROWS,
    ColumnFacts,
    read_facts,
    read_matching,
    read_samples,
)
from assessments.quality.personal_data.texts import Tagger, find_all
from assessments.quality.personal_data.vocabulary import about_a_thing
from assessments.quality.scanner import Scanner

JUDGED = 1_000  # cells of a column that its judgement rests on
TEXTS = 5_000  # texts that patterns look into; of more, these are taken evenly
TAGGED = 1_000  # texts that the tagger reads
RARE = 500  # cells with a needle that are looked at where the sample showed nothing
SHOWN = 500  # characters of a cell that the judgement of the whole cell reads
# The most that is said of what is good enough to show and not to raise a finding.
UNSURE = 0.7
PLACES = frozenset({"city", "postcode", "coordinates"})
# Of these the tagger decides, where there is one.
TAGGED_TYPES = frozenset({"person_name", "postal_address", "age", "nationality", "postcode"})


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
class Found:
    """What the search found. ``sampled`` is the number of rows looked at where not all were, else None."""

    rows: int
    sampled: int | None
    hits: tuple[Hit, ...]


def search(
    scanner: Scanner, roles: Mapping[str, str], *, tagger: Tagger | None = None, progress: Progress = silent
) -> Found:
    """Look for personal data in every column. ``roles`` maps roles to columns; examples in the hits are masked."""
    rows, columns = read_facts(scanner, part(progress, 0.0, 0.4))
    role_of = {name: role for role, name in roles.items()}
    hits: list[Hit] = []
    most_texts = 0
    done = 0.4

    def here(fraction: float, message: str = "") -> None:
        progress(done, message)

    for at, (column, cells) in enumerate(read_samples(scanner, columns, rows, here)):
        found, texts = _column(scanner, column, cells, role_of.get(column.name, ""), tagger, here)
        hits += found
        most_texts = max(most_texts, texts)
        done = 0.4 + 0.6 * (at + 1) / len(columns)
    looked = min(rows, most_texts or SAMPLE_ROWS)
    return Found(rows, looked if looked < rows else None, tuple(_beside_people(hits)))


def _beside_people(hits: list[Hit]) -> list[Hit]:
    """Places tell something of people only in a table about people: elsewhere they are those of shops and makers."""
    if any(entity(hit.entity).kind == "direct" and not hit.in_text and hit.confidence >= SURE for hit in hits):
        return hits
    return [
        replace(hit, confidence=min(hit.confidence, UNSURE), evidence={**hit.evidence, "nobody": True})
        if hit.entity in PLACES
        else hit
        for hit in hits
    ]


def _column(
    scanner: Scanner, column: ColumnFacts, cells: list[str], role: str, tagger: Tagger | None, progress: Progress
) -> tuple[list[Hit], int]:
    """The hits of one column, and how many texts of it were looked into (0: it holds no texts)."""
    values = [cell[:SHOWN] for cell in _evenly(cells, JUDGED)]
    judged = judge_column(column.name, column.kind, values, column.distinct_share, role)
    hits = [_whole(column, one) for one in judged if entity(one.entity).personal]
    if column.kind != "text" or any(hit.confidence >= SURE and hit.entity != "user_id" for hit in hits):
        return hits, 0
    progress(0.0, _("Looking into texts of “%(column)s”") % {"column": column.name})
    sentences = is_text(values)
    texts = list(_texts(column, cells, role, tagger)) if sentences else []
    there = {hit.entity for hit in (*hits, *texts)}
    texts = [hit for hit in texts if hit.entity not in {one.entity for one in hits}]
    rare = [hit for hit in _rare(scanner, column, sentences) if hit.entity not in there]
    once = {hit.entity: hit for hit in rare}
    return [*hits, *texts, *once.values()], min(len(cells), TAGGED if tagger else TEXTS) if sentences else 0


def _whole(column: ColumnFacts, one: Judgement) -> Hit:
    """A judgement of whole cells as a hit; e-mail addresses were counted in all rows, others in the sample."""
    rows = round(one.share * column.filled)
    if one.entity == "email" and not one.protection and column.kind == "text":
        rows = column.needles["email"]
    evidence = {**one.evidence, "rows": column.filled}
    return Hit(column.name, one.entity, one.confidence, one.share, rows, False, evidence, one.examples, one.protection)


def is_text(values: Sequence[str]) -> bool:
    """Whether the cells are mostly sentences: several words with letters, or a row of Chinese signs."""
    if not values:
        return False
    sentences = sum(len([word for word in value.split() if any(map(str.isalpha, word))]) >= 3 for value in values)
    chinese = sum(sum("\u4e00" <= sign <= "\u9fff" for sign in value) >= 10 for value in values)
    return sentences + chinese >= 0.3 * len(values)


def _texts(column: ColumnFacts, cells: list[str], role: str, tagger: Tagger | None) -> Iterator[Hit]:
    """What the patterns find in texts, and the tagger in fewer of them, each as a share of the texts it read."""
    if tagger is None:
        yield from _spans(column, _evenly(cells, TEXTS), None, role)
        return
    yield from (one for one in _spans(column, _evenly(cells, TEXTS), None, role) if one.entity not in TAGGED_TYPES)
    yield from (one for one in _spans(column, _evenly(cells, TAGGED), tagger, role) if one.entity in TAGGED_TYPES)


def _spans(column: ColumnFacts, texts: list[str], tagger: Tagger | None, role: str) -> Iterator[Hit]:
    """One hit for each type that the texts hold."""
    cells: Counter[str] = Counter()
    found: dict[str, list[tuple[float, str]]] = {}
    for text, spans in zip(texts, find_all(texts, tagger), strict=True):
        personal = [span for span in spans if entity(span.entity).personal]
        cells.update({span.entity for span in personal})
        for span in personal:
            found.setdefault(span.entity, []).append((span.score, text[span.start : span.end]))
    for name, count in cells.items():
        confidence = sum(score for score, _text in found[name]) / len(found[name])
        if entity(name).kind != "direct" or (name in TAGGED_TYPES and tagger is None):
            confidence = min(confidence, UNSURE)
        if confidence < LEAST or (name in TAGGED_TYPES and _about_things(column.name, role)):
            continue
        share = count / len(texts)
        rows = count if len(texts) >= column.filled else max(count, round(share * column.filled))
        evidence = {"rule": "text", "looked_at": len(texts), "found": count, "rows": column.filled}
        evidence |= {"tagger": tagger is not None}
        examples = tuple(dict.fromkeys(mask_example(text) for _score, text in found[name]))[:EXAMPLES]
        yield Hit(column.name, name, round(confidence, 3), share, rows, True, evidence, examples)


def _about_things(name: str, role: str) -> bool:
    return role in {"title", "category", "query"} or about_a_thing(name)


def _rare(scanner: Scanner, column: ColumnFacts, sentences: bool) -> Iterator[Hit]:
    """What a count over all rows saw and the sample did not show.

    Long numbers count in sentences only: in a column of numbers, chance makes some pass every check digit.
    """
    for needle, counted in column.needles.items():
        if not counted or (needle == "number" and not (sentences and counted < 0.5 * column.filled)):
            continue
        cells = read_matching(scanner, column.name, needle, RARE)
        for hit in _spans(column, cells, None, ""):
            if (hit.entity == "email") == (needle == "email"):
                rows = max(1, round(hit.share * counted))
                evidence = {**hit.evidence, "rare": True, "counted": counted}
                yield replace(hit, rows=rows, share=rows / column.filled, evidence=evidence)


def _evenly(cells: list[str], most: int) -> list[str]:
    if len(cells) <= most:
        return cells
    return [cells[at * len(cells) // most] for at in range(most)]
