"""Every text that people read is there in simplified Chinese."""

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
