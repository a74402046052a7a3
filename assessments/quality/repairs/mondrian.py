"""Classes of at least k rows, by cutting the table in halves as long as both halves are large enough. Pure.

Mondrian (LeFevre, DeWitt, Ramakrishnan 2006), strict: of the columns in which a part still spreads, the one that
spreads widest is cut at its median. With l, both halves must also hold l different sensitive values (distinct
l-diversity, Machanavajjhala 2007). Deterministic.
"""

from collections.abc import Iterator

import numpy as np


def classes(
    codes: np.ndarray, counts: np.ndarray, k: int, sensitive: np.ndarray | None = None, diversity: int = 1
) -> Iterator[np.ndarray]:
    """The positions of each class's entries.

    ``codes`` has the shape (entries, columns): the rank of each value in its column. ``counts`` are rows for each
    entry, ``sensitive`` the codes of its sensitive value. The whole must hold k rows and l values already.
    """
    spans = np.maximum(codes.max(axis=0) - codes.min(axis=0), 1) if len(codes) else np.ones(codes.shape[1])
    waiting = [np.arange(len(codes))] if len(codes) else []
    while waiting:
        part = waiting.pop()
        halves = _cut(part, codes, counts, k, sensitive, diversity, spans)
        if halves is None:
            yield part
        else:
            waiting += halves[::-1]


def _cut(
    part: np.ndarray,
    codes: np.ndarray,
    counts: np.ndarray,
    k: int,
    sensitive: np.ndarray | None,
    diversity: int,
    spans: np.ndarray,
) -> list[np.ndarray] | None:
    own = codes[part]
    width = (own.max(axis=0) - own.min(axis=0)) / spans
    if counts[part].sum() < 2 * k:
        return None
    for column in sorted(range(codes.shape[1]), key=lambda position: (-width[position], position)):
        if width[column] == 0:
            return None
        values = own[:, column]
        for border in _borders(values, counts[part]):
            below = values <= border
            halves = [part[below], part[~below]]
            if all(_large(half, counts, k, sensitive, diversity) for half in halves):
                return halves
    return None


def _borders(values: np.ndarray, counts: np.ndarray) -> list[int]:
    """The values after which a cut comes nearest to the median: one at it, one before it."""
    order = np.argsort(values, kind="stable")
    running = np.cumsum(counts[order])
    median = values[order][int(np.searchsorted(running, running[-1] / 2))]
    before = values[values < median]
    greatest = values.max()
    borders = [int(before.max())] if len(before) else []
    return ([int(median)] if median < greatest else []) + borders


def _large(part: np.ndarray, counts: np.ndarray, k: int, sensitive: np.ndarray | None, diversity: int) -> bool:
    if counts[part].sum() < k:
        return False
    return sensitive is None or len(np.unique(sensitive[part])) >= diversity
