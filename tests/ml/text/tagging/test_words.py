"""Words, their places in the text, their labels and features."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ml.errors import DataError
from ml.evaluation.spans import Span
from ml.text.tagging import patterns
from ml.text.tagging.words import FEATURES, GAPS, SHAPES, WordReader, Words, label_words

TEXTS = (
    "Zoë O'Neil 👩‍🚀 rang",
    "王小明住在上海。",
    "İstanbul ﬁn ß\u00a0x",
    "a\n\nb \t c",
    "Straße 5\r\nBonn",
    "e\u0301te\u0301",
)


def words_of(reader: WordReader, text: str) -> list[str]:
    return [text[start:end] for start, end in reader.read([text])[0].places.tolist()]


def row(reader: WordReader, text: str, word: str, feature: str) -> int:
    words: Words = reader.read([text])[0]
    return int(words.features[words_of(reader, text).index(word), list(FEATURES).index(feature)])


@pytest.mark.parametrize("text", TEXTS)
def test_places_are_those_of_the_original_text(reader: WordReader, text: str) -> None:
    found = words_of(reader, text)
    assert all(word and not any(letter.isspace() for letter in word) for word in found)
    assert set("".join(found)) <= set(text)
    places = reader.read([text])[0].places
    assert (places[1:, 0] >= places[:-1, 1]).all()


def test_words_by_hand(reader: WordReader) -> None:
    assert words_of(reader, "Mr. Šušulić, 49-51") == ["Mr", ".", "Šušulić", ",", "49", "-", "51"]
    assert words_of(reader, "王小明 ok") == ["王", "小", "明", "ok"]
    assert words_of(reader, "👋 Ana") == ["👋", "Ana"]
    assert words_of(reader, " \n ") == []


@settings(max_examples=60)
@given(st.text(max_size=60))
@example("\x00a\ufffd b")
def test_any_text_is_read(reader: WordReader, text: str) -> None:
    words = reader.read([text])[0]
    assert len(words.ids) == len(words.word_of)
    assert ((words.places >= 0) & (words.places <= len(text))).all()
    assert (words.features >= 0).all()
    assert (words.features < list(FEATURES.values())).all()


def test_features_by_hand(reader: WordReader) -> None:
    text = "Ana NASA\n12 x@y.org\n\nIBM A 王"
    assert row(reader, text, "Ana", "gap") == GAPS.index("start")
    assert row(reader, text, "NASA", "shape") == SHAPES.index("UPPER")
    assert row(reader, text, "12", "gap") == GAPS.index("line")
    assert row(reader, text, "12", "shape") == SHAPES.index("digits")
    assert row(reader, text, "y", "pattern") == patterns.EMAIL
    assert row(reader, text, "IBM", "gap") == GAPS.index("blank line")
    assert row(reader, text, "A", "shape") == SHAPES.index("initial")
    assert row(reader, text, "王", "letter") > 0
    assert row(reader, text, "Ana", "letter") == 0


def test_labels_begin_and_go_on(reader: WordReader) -> None:
    words = reader.read(["Ana Lopez of Acme"])[0]
    labels = label_words(words, [Span(0, 9, "B"), Span(13, 17, "A")], ("A", "B"))
    assert labels.tolist() == [3, 4, 0, 1]


def test_a_word_cut_by_a_span_belongs_to_it_from_half_on(reader: WordReader) -> None:
    words = reader.read(["abcd efgh"])[0]
    assert label_words(words, [Span(0, 7, "A")], ("A",)).tolist() == [1, 2]
    assert label_words(words, [Span(0, 6, "A")], ("A",)).tolist() == [1, 0]


def test_another_file_is_no_tokenizer() -> None:
    with pytest.raises(DataError, match="tokenizer"):
        WordReader("{}")
