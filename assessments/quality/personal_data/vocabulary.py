"""The words that speak for a type of personal data, read from vocabulary.yaml, and how names of columns are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "vocabulary.yaml"
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
WORD = re.compile(r"[a-zà-ÿ]+\d*|\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """The words of one type; see vocabulary.yaml."""

    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    near: re.Pattern[str] | None = None
    unlike: re.Pattern[str] | None = None
    values: frozenset[str] = field(default_factory=frozenset)
    not_names: frozenset[str] = field(default_factory=frozenset)


@cache
def words() -> Mapping[str, Words]:
    """The words of each type by its name."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["entities"]
    return {
        name: Words(
            names=tuple(one.get("names", ())),
            weak=tuple(one.get("weak", ())),
            near=any_of(tuple(one.get("near", ()))),
            unlike=any_of(tuple(one.get("unlike", ()))),
            values=frozenset(one.get("values", ())),
            not_names=frozenset(one.get("not", ())),
        )
        for name, one in found.items()
    }


@cache
def things() -> frozenset[str]:
    """Words in a column's name that say that it is about something other than a person."""
    return frozenset(str(word) for word in yaml.safe_load(FILE.read_text(encoding="utf-8"))["things"])


@cache
def writing() -> re.Pattern[str]:
    """A pattern for the words of sentences."""
    found = any_of(tuple(str(word) for word in yaml.safe_load(FILE.read_text(encoding="utf-8"))["writing"]))
    assert found is not None  # noqa: S101  the list is there
    return found


def any_of(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """A pattern for any of the phrases: Latin ones as whole words, Chinese ones anywhere."""
    if not phrases:
        return None
    parts = [rf"(?<![a-z]){re.escape(one)}s?(?![a-z])" if one.isascii() else re.escape(one) for one in phrases]
    return re.compile("|".join(parts), re.IGNORECASE)


def spoken(name: str) -> tuple[str, ...]:
    """The lower-case words of a column's name: ``customerEmail_1`` is customer, email, 1."""
    return tuple(WORD.findall(CAMEL.sub(" ", name).lower()))


@cache
def named(name: str) -> Mapping[str, float]:
    """The types that a column's name speaks for, with how strongly: 1 for a name of the type, 0.5 for a weak one."""
    parts = spoken(name)
    said = f" {' '.join(parts)} "
    found = {}
    for entity, one in words().items():
        if any(has_word(word, name, parts) for word in one.not_names):
            continue
        strength = max(
            max((1.0 for phrase in one.names if _says(phrase, name, said, parts)), default=0.0),
            max((0.5 for phrase in one.weak if _says(phrase, name, said, parts)), default=0.0),
        )
        if strength:
            found[entity] = strength
    return found


def about_a_thing(name: str) -> bool:
    """Whether a column's name says that it is about something other than a person."""
    parts = spoken(name)
    return any(has_word(word, name, parts) for word in things())


def has_word(word: str, name: str, parts: tuple[str, ...]) -> bool:
    return word in parts if word.isascii() else word in name


def _says(phrase: str, name: str, said: str, parts: tuple[str, ...]) -> bool:
    if not phrase.isascii():
        return phrase in name
    return f" {phrase} " in said or (" " in phrase and phrase.replace(" ", "") in parts)
