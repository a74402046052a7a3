"""Every text that people read is there in simplified Chinese."""

import ast
import re

import pytest
from babel.messages.catalog import Catalog, Message

from govern_app import translations

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return translations.load(translations.CHINESE)


def texts(message: Message) -> tuple[list[str], list[str]]:
    ids = list(message.id) if isinstance(message.id, tuple) else [message.id]
    strings = list(message.string) if isinstance(message.string, tuple) else [message.string]
    return ids, strings


def test_nothing_is_missing(catalog: Catalog) -> None:
    missing = translations.incomplete(catalog)
    assert missing == [], "run: python -m govern_app.translations, then translate what is empty"


def test_no_text_hides_inside_another() -> None:
    """Babel does not read what stands between the braces of an f-string."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in translations.source_files()
        if path.suffix == ".py"
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in translations.KEYWORDS
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_placeholders_are_kept(catalog: Catalog) -> None:
    for message in catalog:
        if not message.id:
            continue
        ids, strings = texts(message)
        for string in strings:
            assert set(PLACEHOLDER.findall(string)) <= set(PLACEHOLDER.findall(" ".join(ids))), message.id
            assert set(PLACEHOLDER.findall(ids[-1])) <= set(PLACEHOLDER.findall(string)), message.id


def test_a_missing_text_is_found(catalog: Catalog) -> None:
    short = Catalog(locale="zh_Hans")
    for message in list(catalog)[:-1]:
        short.add(message.id, message.string, context=message.context)
    dropped = list(catalog)[-1]
    assert translations.incomplete(short) == [dropped.id]
