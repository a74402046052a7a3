"""Which texts are worth comparing: those that share a key, or stand next to each other in an order.

All pairs of a million texts are 500 thousand million. Each way below offers some millions of them, and one that the
first does not offer is likely to be offered by another: neighbours in alphabetical order (typing errors late in the
text), neighbours from the end (errors early in it), a shared rare word, and MinHash (many shared pieces).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assessments.quality.near_duplicates.forms import digest
from assessments.quality.near_duplicates.minhash import BANDS, band_keys

RARE_WORDS = 2
WINDOW = 5


@dataclass
class LeftOut:
    """How many pairs of blocks that were too large were not offered."""

    pairs: int = 0


WAYS = 3 + BANDS


def candidates(forms: Sequence[str], most: int, left_out: LeftOut) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of positions in ``forms``, way by way (``WAYS`` of them and more pieces); a pair may come several times.

    In a block of more than ``most`` texts each is paired with the ``WINDOW`` next in alphabetical order only; the
    other pairs are added to ``left_out``.
    """
    order = np.asarray(sorted(range(len(forms)), key=forms.__getitem__), dtype=np.int64)
    yield from _neighbours(order)
    backwards = [form[::-1] for form in forms]
    yield from _neighbours(np.asarray(sorted(range(len(forms)), key=backwards.__getitem__), dtype=np.int64))
    del backwards
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    yield from _blocks(*_rare_words(forms, most), rank, most, left_out)
    positions = np.arange(len(forms), dtype=np.int64)
    for keys in band_keys(forms):
        yield from _blocks(keys, positions, rank, most, left_out)


def _neighbours(order: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for distance in range(1, min(WINDOW, len(order) - 1) + 1):
        yield order[:-distance], order[distance:]


def _rare_words(forms: Sequence[str], most: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys and positions: each text under its two rarest words that another text has too."""
    held: Counter[str] = Counter()
    for form in forms:
        held.update(set(form.split()))
    keys, positions = [], []
    for position, form in enumerate(forms):
        shared = [(held[word], word) for word in set(form.split()) if 1 < held[word] <= most]
        for _count, word in sorted(shared)[:RARE_WORDS]:
            keys.append(digest(word))
            positions.append(position)
    return np.asarray(keys, dtype=np.uint64), np.asarray(positions, dtype=np.int64)


def _blocks(
    keys: np.ndarray, positions: np.ndarray, rank: np.ndarray, most: int, left_out: LeftOut
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The pairs of texts with equal keys."""
    if not len(keys):
        return
    order = np.lexsort((rank[positions], keys))
    keys, positions = keys[order], positions[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sizes = np.diff(np.concatenate([starts, [len(keys)]]))
    left_out.pairs += _skipped(sizes[sizes > most])
    ends = np.repeat(starts + sizes, sizes)
    reach = np.repeat(np.where(sizes > most, WINDOW, sizes), sizes)
    here = np.arange(len(keys))
    for distance in range(1, most):
        here = here[(here + distance < ends[here]) & (distance <= reach[here])]
        if not len(here):
            return
        yield positions[here], positions[here + distance]


def _skipped(sizes: np.ndarray) -> int:
    """The pairs of large blocks further apart than the window."""
    apart = np.maximum(sizes - 1 - WINDOW, 0).astype(object)
    return int((apart * (apart + 1) // 2).sum())
