"""Several sources that tell of the same things: what most of them say is probably right. Pure.

Only where the table is built so: a column of sources and a column of things, of which each pair occurs once. An order
line or a rating also has several rows for one thing, but they are different events and need not agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assessments.quality.repairs.discovery.grouping import Codes, grouped, key_of

LEAST_SOURCES, MOST_SOURCES, LEAST_THINGS = 3, 500, 5
ROWS_FOR_EACH = 3  # of a thing, on average
PAIRS = 0.95  # the share of rows that have their pair of source and thing for themselves
# Times and names may be told differently by many; grades and flags agree by chance.
LEAST_TAU, MOST_CHANCE, LEAST_VALUES = 0.2, 0.2, 10
MOST_COLUMNS = 40


@dataclass(frozen=True)
class Told:
    """``column`` of ``thing`` is told by each ``source``; ``deviating`` rows do not say what most say."""

    source: str
    thing: str
    column: str
    deviating: int
    rows: int


def told_by_sources(codes: Mapping[str, Codes]) -> list[Told]:
    """The columns that several sources tell of one thing, where they disagree."""
    names = list(codes)[:MOST_COLUMNS]
    different = {name: len(np.unique(codes[name][codes[name] >= 0])) for name in names}
    rows = len(next(iter(codes.values()))) if codes else 0
    sources = [name for name in names if LEAST_SOURCES <= different[name] <= min(MOST_SOURCES, rows / LEAST_THINGS)]
    things = [name for name in names if LEAST_THINGS <= different[name] <= rows / ROWS_FOR_EACH]
    told: list[str] = []
    for thing in sorted(things, key=lambda name: -different[name]):
        for source in sorted(sources, key=lambda name: different[name]):
            if source == thing or different[source] > different[thing] or not _crossed(codes[source], codes[thing]):
                continue
            if any(_shared(codes[thing], codes[other]) for other in told):
                break
            told.append(thing)
            found = [_told(source, thing, name, codes) for name in names if name not in (source, thing)]
            kept = [each for each in found if each is not None]
            if kept:
                return kept
    return []


def _crossed(source: Codes, thing: Codes) -> bool:
    """Whether nearly each source tells of a thing once, and most things are told by several sources."""
    pairs = key_of([source, thing])
    pairs = pairs[pairs >= 0]
    if len(pairs) < PAIRS * len(source):
        return False
    n = np.bincount(pairs)
    sizes = np.bincount(thing[thing >= 0])
    return bool((n == 1).sum() >= PAIRS * len(pairs) and np.median(sizes[sizes > 0]) >= ROWS_FOR_EACH)


def _shared(values: Codes, things: Codes) -> bool:
    """Whether each thing has one of the values, and several have the same: the time at which two flights leave."""
    found = grouped(things, values)
    return found is not None and bool((found.most == found.size).all()) and _several(values) < _several(things)


def _several(values: Codes) -> int:
    """How many values stand in as many rows as a thing of which several sources tell."""
    return int((np.bincount(values[values >= 0]) >= ROWS_FOR_EACH).sum())


def _told(source: str, thing: str, column: str, codes: Mapping[str, Codes]) -> Told | None:
    values = codes[column]
    if len(np.unique(values[values >= 0])) < LEAST_VALUES:
        return None
    by_thing, by_source = grouped(codes[thing], values), grouped(codes[source], values)
    if by_thing is None or by_thing.chance > MOST_CHANCE or by_thing.tau < LEAST_TAU:
        return None
    # What one source says alike of all things is of the source.
    if by_source is not None and by_source.tau >= by_thing.tau:
        return None
    deviating = int((by_thing.size - by_thing.most).sum())
    return Told(source, thing, column, deviating, by_thing.rows) if deviating else None
