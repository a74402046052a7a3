"""The search through a table: columns judged whole, texts looked into, what is found counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from assessments.common.progress import Progress, part, silent
from assessments.quality.personal_data.catalogue import entity
from assessments.quality.personal_data.judging import SURE, Judgement, judge_column
from assessments.quality.personal_data.prose import (
    TAGGED,
    TEXTS,
    UNSURE,
    Hit,
    Texts,
    evenly,
    is_text,
    is_written,
    names_things,
)
from assessments.quality.personal_data.reading import (
    ColumnFacts,
    read_facts,
    read_matching,
    read_samples,
    sample_rows,
)
from assessments.quality.personal_data.texts import Tagger
from assessments.quality.scanner import Scanner

JUDGED = 1_000  # cells of a column that its judgement rests on
SHOWN = 500  # characters of a cell that the judgement of the whole cell reads
RARE = 500  # cells with a needle that are looked at where the sample showed nothing
PLACES = frozenset({"city", "postcode", "coordinates"})


@dataclass(frozen=True)
class Found:
    """What the search found. ``sampled`` is the number of rows that were looked into in the column
    that was looked into least, None where that was all."""

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
    looked = sample_rows(rows, len(scanner.names))
    done = 0.4

    def here(fraction: float, message: str = "") -> None:
        progress(done, message)

    for at, (column, cells) in enumerate(read_samples(scanner, columns, rows, here)):
        found, texts = _column(scanner, column, cells, role_of.get(column.name, ""), tagger, here)
        hits += found
        looked = min(looked, texts or looked)
        done = 0.4 + 0.6 * (at + 1) / len(columns)
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
    """The hits of one column, and how many texts of it were looked into where that was not all of the sample."""
    values = [cell[:SHOWN] for cell in evenly(cells, JUDGED)]
    judged = judge_column(column.name, column.kind, values, column.distinct_share, role)
    hits = [_whole(column, one) for one in judged if entity(one.entity).personal]
    if column.kind != "text" or any(hit.confidence >= SURE and hit.entity != "user_id" for hit in hits):
        return hits, 0
    progress(0.0, _("Looking into texts of “%(column)s”") % {"column": column.name})
    sentences = is_text(values)
    things = names_things(column.name, role)
    texts = Texts(column, sentences and not things and is_written(values), things, tagger, progress)
    found = {hit.entity: hit for hit in hits}
    for hit in texts.hits(cells) if sentences else ():
        found.setdefault(hit.entity, hit)
    for hit in _rare(scanner, texts, sentences):
        shown = found.setdefault(hit.entity, hit)
        if hit.entity == "email" and shown.in_text:
            found["email"] = replace(shown, rows=hit.rows, share=hit.share)
    most = TAGGED if tagger and texts.written else TEXTS
    return list(found.values()), most if sentences and len(cells) > most else 0


def _whole(column: ColumnFacts, one: Judgement) -> Hit:
    """A judgement of whole cells as a hit; e-mail addresses were counted in all rows, others in the sample."""
    rows = round(one.share * column.filled)
    if one.entity == "email" and not one.protection and column.kind == "text":
        rows = column.needles["email"]
    evidence = {**one.evidence, "rows": column.filled}
    return Hit(column.name, one.entity, one.confidence, one.share, rows, False, evidence, one.examples, one.protection)


def _rare(scanner: Scanner, texts: Texts, sentences: bool) -> Iterator[Hit]:
    """What a count over all rows saw: addresses by the number of cells, and what the sample did not show.

    Long numbers count in sentences only: in a column of numbers, chance makes some pass every check digit.
    """
    column = texts.column
    for needle, counted in column.needles.items():
        if not counted or (needle == "number" and not (sentences and counted < 0.5 * column.filled)):
            continue
        cells = read_matching(scanner, column.name, needle, RARE)
        for hit in texts.spans(cells, None):
            if (hit.entity == "email") == (needle == "email"):
                rows = max(1, round(hit.share * counted))
                evidence = {**hit.evidence, "rare": True, "counted": counted}
                yield replace(hit, rows=rows, share=rows / column.filled, evidence=evidence)
