"""Texts are encoded once: the second time nothing is computed, and nothing stale is taken."""

import os
from pathlib import Path

import numpy as np
import pytest

from ml.text import vectors
from ml.text.encoder import SentenceEncoder
from ml.text.vectors import cache_folder, text_vectors

TEXTS = ["red lamp", "", "blue lamp", "red lamp"]


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> SentenceEncoder:
    """The real one, which notes what it is asked."""
    made = SentenceEncoder()
    asked: list[list[str]] = []
    encode = made.encode
    monkeypatch.setattr(made, "encode", lambda texts: asked.append(list(texts)) or encode(texts))
    monkeypatch.setattr(made, "asked", asked, raising=False)
    return made


def test_each_different_text_is_encoded_once_ever(encoder: SentenceEncoder, tmp_path: Path) -> None:
    first = text_vectors(TEXTS, encoder, folder=tmp_path / "new")
    again = text_vectors(TEXTS[::-1], encoder, folder=tmp_path / "new")
    assert encoder.asked == [["", "blue lamp", "red lamp"]]
    assert np.array_equal(again, first[::-1])
    np.testing.assert_allclose(first, SentenceEncoder().encode(TEXTS), atol=1e-6)
    assert not list((tmp_path / "new").glob(".draft-*"))


def test_another_text_or_a_damaged_file_is_encoded_anew(encoder: SentenceEncoder, tmp_path: Path) -> None:
    whole = text_vectors(TEXTS, encoder, folder=tmp_path)
    text_vectors([*TEXTS, "a bag"], encoder, folder=tmp_path)
    assert len(encoder.asked) == 2
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert np.array_equal(text_vectors(TEXTS, encoder, folder=tmp_path), whole)
    assert len(encoder.asked) == 3


def test_a_folder_that_cannot_be_written_costs_nothing_else(encoder: SentenceEncoder, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert text_vectors(TEXTS, encoder, folder=tmp_path / "file" / "below").shape == (4, 384)
    assert text_vectors([], encoder, folder=tmp_path).shape == (0, 384)


def test_what_nobody_asked_for_longest_makes_room(
    encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three sets of texts where two find room: the one used since stays, though it is older."""
    known: set[Path] = set()
    for second, text in enumerate(("first", "second")):
        text_vectors([text], encoder, folder=tmp_path)
        (path,) = set(tmp_path.iterdir()) - known
        os.utime(path, (second, second))
        known.add(path)
    one = path.stat().st_size
    text_vectors(["first"], encoder, folder=tmp_path)
    monkeypatch.setattr(vectors, "LARGEST_FOLDER", 2 * one)
    text_vectors(["third"], encoder, folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert encoder.asked == [["first"], ["second"], ["third"]]
    text_vectors(["first"], encoder, folder=tmp_path)
    assert len(encoder.asked) == 3
    text_vectors(["second"], encoder, folder=tmp_path)
    assert len(encoder.asked) == 4


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    monkeypatch.delenv("GOVERN_VECTOR_CACHE", raising=False)
    assert cache_folder() == Path("/somewhere/govern/vectors")
    monkeypatch.setenv("GOVERN_VECTOR_CACHE", "/elsewhere")
    assert cache_folder() == Path("/elsewhere")
