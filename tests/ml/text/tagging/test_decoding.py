"""The best legal sequence against all sequences; spans of words with their scores."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ml.evaluation.spans import Span
from ml.text.tagging.decoding import best_labels, spans_of
from ml.text.tagging.words import WordReader


def legal(path: tuple[int, ...]) -> bool:
    return all(
        label % 2 or not label or before in {label, label - 1} for before, label in zip((0, *path), path, strict=False)
    )


@settings(max_examples=60)
@given(arrays(np.float32, st.tuples(st.integers(1, 4), st.just(5)), elements=st.floats(-8, 0, width=16)))
def test_best_path_is_the_best_of_all(scores: np.ndarray) -> None:
    path = tuple(best_labels(scores).tolist())
    assert legal(path)
    total = max(
        sum(scores[word, label] for word, label in enumerate(each))
        for each in product(range(5), repeat=len(scores))
        if legal(each)
    )
    assert sum(scores[word, label] for word, label in enumerate(path)) == pytest.approx(total, abs=1e-4)


def scores_for(*rows: dict[int, float]) -> np.ndarray:
    scores = np.full((len(rows), 5), 1e-6, np.float32)
    for word, row in enumerate(rows):
        for label, value in row.items():
            scores[word, label] = value
    return np.log(scores)


def test_spans_and_scores_by_hand(reader: WordReader) -> None:
    words = reader.read(["Ana Lopez of Acme"])[0]
    scores = scores_for({3: 0.9}, {4: 0.6, 3: 0.2}, {0: 1.0}, {1: 0.7, 0: 0.3})
    assert spans_of(words, scores, ("A", "B")) == [Span(0, 9, "B", 0.85), Span(13, 17, "A", 0.7)]
    assert spans_of(words, scores, ("A", "B"), {"A": 0.71}) == [Span(0, 9, "B", 0.85)]


def test_two_beginnings_are_two_spans(reader: WordReader) -> None:
    words = reader.read(["Ana Bob"])[0]
    found = spans_of(words, scores_for({1: 1.0}, {1: 1.0}), ("A", "B"))
    assert [(span.start, span.end) for span in found] == [(0, 3), (4, 7)]


def test_no_word_no_span(reader: WordReader) -> None:
    assert spans_of(reader.read([""])[0], np.zeros((0, 5), np.float32), ("A", "B")) == []
