"""Suggestions and findings are told in the reader's language, whoever's work they came from."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from assessments.datasets.models import Snapshot
from assessments.quality import suggest
from assessments.quality.finding_words import note_in_words, title_in_words
from assessments.quality.models import Finding, RuleSuggestion
from assessments.quality.services.personal_data import personal_data_scan
from assessments.quality.services.suggestions import suggestion_accept, suggestions_make
from assessments.quality.suggestion_words import NAMES, REASONS, in_words

CHINESE = "zh-hans"
PARTS = {
    *("e-mail address", "web address", "UUID", "IP address", "number", "currency code", "language code"),
    *("country code of two letters", "country code of three letters", "capitals", "small letters", "no unit"),
}


def said_by_suggestions() -> set[str]:
    """Every text that the code marks for translation."""
    found = set()
    for file in Path(suggest.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_text_of_a_suggestion_can_be_told_again() -> None:
    assert said_by_suggestions() - PARTS == {*NAMES, *REASONS}


@pytest.mark.parametrize("template", [*NAMES, *REASONS])
def test_every_template_has_its_chinese(template: str) -> None:
    values = {name: f"v{at}" for at, name in enumerate(RuleSuggestionValues.of(template))}
    text = template % values if values else template
    with translation.override(CHINESE):
        told = in_words(text)
    assert told != text
    assert all(value in told for value in values.values())


class RuleSuggestionValues(dict):  # type: ignore[type-arg]
    """Collects the names that a template asks for."""

    @classmethod
    def of(cls, template: str) -> list[str]:
        asked = cls()
        template % asked
        return list(asked)

    def __missing__(self, name: str) -> str:
        self[name] = ""
        return ""


def test_two_sentences_and_parts_that_are_words() -> None:
    with translation.override(CHINESE):
        assert in_words(
            "1,000 rows have only 2 different values. One rare value is probably a typing error: “a → b”."
        ) == (
            in_words("1,000 rows have only 2 different values.")
            + " "
            + in_words("One rare value is probably a typing error: “a → b”.")
        )
        assert "电子邮件地址" in in_words("“mail” is a proper e-mail address")
        assert in_words("A name that somebody gave. And more.") == "A name that somebody gave. And more."


def test_stored_in_english_and_read_in_chinese(make_snapshot: Callable[..., Snapshot]) -> None:
    rows = {"code": [f"A{at:03d}" for at in range(200)], "mail": [f"u{at}@mail.example" for at in range(200)]}
    snapshot = make_snapshot(rows)
    with translation.override(CHINESE):
        found = suggestions_make(snapshot=snapshot)
        assert found
        assert all(one.name.isascii() or "“" in one.name for one in found)
        assert [one.name for one in found if in_words(one.name) == one.name] == []
        assert [one.reason for one in found if in_words(one.reason) == one.reason] == []
        accepted = suggestion_accept(suggestion=found[0])
        assert accepted.name == in_words(RuleSuggestion.objects.get(pk=found[0].pk).name)
        personal_data_scan(snapshot=snapshot)
        finding = Finding.objects.get(kind="personal_data")
        assert finding.title == "E-mail address unprotected in “mail”"
        assert "“mail”" in title_in_words(finding)
        assert title_in_words(finding) != finding.title
        assert note_in_words("It is protected now.") != "It is protected now."
    assert title_in_words(finding) == finding.title


def test_a_list_that_goes_on_ends_without_a_full_stop_and_tells_its_own_words() -> None:
    text = "All values are numbers in oz, whose unit is written in 6 ways: “no unit”, “oz”, …."
    assert in_words(text) == text[:-1]
    with translation.override(CHINESE):
        told = in_words(text)
    assert told.endswith("“oz”, …")
    assert "no unit" not in told
