"""Texts into clusters: blocking offers pairs, a similarity judges them, union–find joins what is alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessments.common.progress import Progress, silent
from assessments.quality.near_duplicates.blocking import WAYS, LeftOut, candidates
from assessments.quality.near_duplicates.forms import in_order, numbers_of, plain
from assessments.quality.near_duplicates.similarity import Forms, alike, misspelt
from assessments.quality.near_duplicates.unions import Unions

PIECE = 100_000


@dataclass(frozen=True)
class Clustering:
    """``numbers`` gives each text the position of the first text of its cluster.

    ``compared`` pairs were judged; ``left_out`` pairs share a key with so many others that they were not, unless
    another key brought them together.
    """

    numbers: np.ndarray
    compared: int
    left_out: int


def clusters(
    texts: Sequence[str | None],
    threshold: float = 0.85,
    *,
    similarity: str = "words",
    same_numbers: bool = True,
    same_words: bool = True,
    most: int = 50,
    progress: Progress = silent,
) -> np.ndarray:
    """The number of each text's cluster: the position of the first text in it. See ``cluster``."""
    found = cluster(
        texts,
        threshold,
        similarity=similarity,
        same_numbers=same_numbers,
        same_words=same_words,
        most=most,
        progress=progress,
    )
    return found.numbers


def cluster(
    texts: Sequence[str | None],
    threshold: float = 0.85,
    *,
    similarity: str = "words",
    same_numbers: bool = True,
    same_words: bool = True,
    most: int = 50,
    progress: Progress = silent,
) -> Clustering:
    """Put texts that are alike, directly or through others, into one cluster.

    ``threshold`` is the least similarity, over 0 and at most 1, by one of ``SIMILARITIES``. With ``same_numbers`` two
    texts are alike only if they have the same rows of digits: “301 ink” is not “302 ink”. With ``same_words`` the words
    in which they differ must be alike too: “blue cable” is not “green cable”, however long the rest. ``most`` texts of
    one block are compared with each other. None and empty texts stay alone. Case, punctuation and width never make a
    difference. Deterministic; memory grows with the number of different texts, not with that of pairs.
    """
    plain_forms, of_text = _different(texts)
    forms = Forms(plain_forms, [in_order(form) for form in plain_forms], similarity)
    numbers = np.fromiter((numbers_of(form) for form in plain_forms), dtype=np.int64, count=len(plain_forms))
    sets, left_out, compared = Unions(len(plain_forms)), LeftOut(), 0
    progress(0.1)
    for step, (left, right) in enumerate(candidates(forms.in_order, most, left_out)):
        for start in range(0, len(left), PIECE):
            a, b = left[start : start + PIECE], right[start : start + PIECE]
            worth = sets.roots(a) != sets.roots(b)
            if same_numbers:
                worth &= numbers[a] == numbers[b]
            a, b = a[worth], b[worth]
            matching = alike(forms, a, b, threshold)
            sets.join(*_checked(forms, a[matching], b[matching], same_words, same_numbers))
            compared += len(a)
            progress(min(0.1 + 0.9 * step / (WAYS * most), 1.0))
        sets.all_roots()
    return Clustering(_numbered(sets.all_roots(), of_text), compared, left_out.pairs)


def _checked(
    forms: Forms, left: np.ndarray, right: np.ndarray, same_words: bool, same_numbers: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The pairs whose differing words are alike as well, or all; a text that holds another's words is not looked at."""
    if not same_words or forms.similarity == "word_set":
        return left, right
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    verdicts = (misspelt(forms.plain[a], forms.plain[b], same_numbers) for a, b in pairs)
    fits = np.fromiter(verdicts, dtype=bool, count=len(left))
    return left[fits], right[fits]


def _different(texts: Sequence[str | None]) -> tuple[list[str], np.ndarray]:
    """The different plain forms in the order of their first text, and each text's form; -1 for an empty one."""
    places: dict[str, int] = {}
    of_text = np.full(len(texts), -1, dtype=np.int64)
    for position, text in enumerate(texts):
        form = plain(text) if text else ""
        if form:
            of_text[position] = places.setdefault(form, len(places))
    return list(places), of_text


def _numbered(roots: np.ndarray, of_text: np.ndarray) -> np.ndarray:
    """For each text the position of the first text of its set; its own for an empty one."""
    positions = np.arange(len(of_text), dtype=np.int64)
    there = of_text >= 0
    first = np.full(len(roots), len(of_text), dtype=np.int64)
    np.minimum.at(first, roots[of_text[there]], positions[there])
    numbers = positions.copy()
    numbers[there] = first[roots[of_text[there]]]
    return numbers
