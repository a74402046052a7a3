"""Notes on a reading are told in the language of whoever looks at the snapshot."""

import ast
from pathlib import Path

from django.utils import translation

import assessments.datasets as datasets
from assessments.datasets.note_words import NOTES, notes_in_words
from assessments.datasets.reading.inference import ColumnInference

ROOT = Path(datasets.__path__[0])


def test_each_note_is_one_that_a_reading_makes() -> None:
    """A text that was changed where it is made would no longer be recognised."""
    written = {
        node.value
        for path in ROOT.rglob("*.py")
        if path.name != "note_words.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [note for note in NOTES if note not in written] == []


def test_a_note_of_an_english_reading_is_read_in_chinese() -> None:
    column = ColumnInference("InvoiceNo", date_format="")
    column.kind, column.broken, column.misfits, column.present = "text", ("integer", 142, "C536379"), 9_291, 541_909
    with translation.override("en"):
        note = column.note()
        assert "up to row 141" in note
        assert notes_in_words(note) == note
    with translation.override("zh-hans"):
        assert notes_in_words(note) != note
        assert "C536379" in notes_in_words(note)
        assert notes_in_words(note) == column.note()


def test_a_note_that_nobody_knows_stays_as_it_is() -> None:
    with translation.override("zh-hans"):
        assert notes_in_words("Something else.") == "Something else."
