"""A text as words with their places, sub-tokens and features.

The tokenizer lowers case, drops white space and cuts numbers; what it loses is given back as features of each word.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from ml.errors import DataError
from ml.evaluation.spans import Span
from ml.text.tagging import patterns
from ml.text.tagging.labels import OUTSIDE, begin

SHAPES = ("other", "lower", "Title", "UPPER", "mIxed", "digits", "a1", "punctuation", "initial", "ideograph", "script")
GAPS = ("none", "space", "wide", "line", "blank line", "start")
LENGTHS = 17  # 16 stands for every longer word
LETTERS = 2048  # buckets for ideographs, of which most are unknown to the tokenizer
FEATURES = {"shape": len(SHAPES), "gap": len(GAPS), "length": LENGTHS, "pattern": patterns.COUNT, "letter": LETTERS}
LATIN_END = 0x250
IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


@dataclass(frozen=True)
class Words:
    """One text. T sub-tokens without the model's own marks, W words."""

    ids: NDArray[np.int64]  # [T]
    word_of: NDArray[np.int64]  # [T] rising positions in ``places``
    places: NDArray[np.int64]  # [W, 2] first character, one past the last
    features: NDArray[np.int64]  # [W, len(FEATURES)]

    def __len__(self) -> int:
        return len(self.places)


class WordReader:
    """Cuts texts into words with one tokenizer, given as the text of a tokenizer.json."""

    def __init__(self, document: str) -> None:
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_str(document)
        except Exception as error:  # the library raises its bare Exception
            raise DataError("The tokenizer cannot be read.", where="tokenizer.json") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.document = document

    def marks(self) -> tuple[int, int, int]:
        """The ids that stand before a text, after it, and for nothing."""
        ids = self._tokenizer.encode("", add_special_tokens=True).ids
        padding = json.loads(self.document).get("padding") or {}
        if len(ids) != 2:
            raise DataError("The tokenizer sets no mark before and after a text.", where="tokenizer.json")
        return ids[0], ids[1], int(padding.get("pad_id", 0))

    def read(self, texts: Sequence[str]) -> list[Words]:
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [_words(text, encoding) for text, encoding in zip(texts, encodings, strict=True)]


def _words(text: str, encoding: Encoding) -> Words:
    ids, word_of, places = [], [], []
    before = None
    for token, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets, strict=True):
        if word is None or end <= start:
            continue  # nothing of the text stands behind it
        if word != before:
            places.append([start, end])
            before = word
        places[-1][1] = max(places[-1][1], end)
        ids.append(token)
        word_of.append(len(places) - 1)
    return Words(
        ids=np.asarray(ids, np.int64),
        word_of=np.asarray(word_of, np.int64),
        places=np.asarray(places, np.int64).reshape(-1, 2),
        features=_features(text, places),
    )


def _features(text: str, places: list[list[int]]) -> NDArray[np.int64]:
    rows = np.zeros((len(places), len(FEATURES)), np.int64)
    end = 0
    for row, (start, stop) in enumerate(places):
        word = text[start:stop]
        rows[row] = (_shape(word), _gap(text[end:start], row), min(len(word), LENGTHS - 1), 0, _letter(word))
        end = stop
    if len(places):
        firsts = np.asarray(places)[:, 0]
        for start, stop, kind in patterns.find_patterns(text):
            low, high = np.searchsorted(firsts, (start, stop))
            covered = rows[low:high, 3]
            covered[covered == patterns.NONE] = kind
    return rows


def _shape(word: str) -> int:
    first = ord(word[0])
    if _ideograph(first):
        return SHAPES.index("ideograph")
    if word.isdigit():
        return SHAPES.index("digits")
    if not any(letter.isalnum() for letter in word):
        return SHAPES.index("punctuation")
    if not word.isalpha():
        return SHAPES.index("a1")
    if word.islower():
        return SHAPES.index("lower") if first < LATIN_END else SHAPES.index("script")
    if word.isupper():
        return SHAPES.index("initial") if len(word) == 1 else SHAPES.index("UPPER")
    if word[0].isupper() and word[1:].islower():
        return SHAPES.index("Title")
    return SHAPES.index("mIxed") if first < LATIN_END else SHAPES.index("script")


def _gap(between: str, row: int) -> int:
    if row == 0:
        return GAPS.index("start")
    lines = between.count("\n")
    if lines:
        return GAPS.index("line") if lines == 1 else GAPS.index("blank line")
    return min(len(between), 2)


def _letter(word: str) -> int:
    code = ord(word[0])
    return 1 + code % (LETTERS - 1) if _ideograph(code) else 0


def _ideograph(code: int) -> bool:
    return code >= IDEOGRAPHS[0][0] and any(low <= code <= high for low, high in IDEOGRAPHS)


def label_words(words: Words, spans: Sequence[Span], entities: Sequence[str]) -> NDArray[np.int64]:
    """[W] the label of each word; a word belongs to a span that holds at least half of its characters."""
    labels = np.full(len(words), OUTSIDE, np.int64)
    positions = {entity: place for place, entity in enumerate(entities)}
    for span in spans:
        low, high = np.maximum(words.places[:, 0], span.start), np.minimum(words.places[:, 1], span.end)
        inside = np.flatnonzero(2 * (high - low) >= words.places[:, 1] - words.places[:, 0])
        if len(inside):
            labels[inside] = begin(positions[span.entity]) + 1
            labels[inside[0]] -= 1
    return labels
