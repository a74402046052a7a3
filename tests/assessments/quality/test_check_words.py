"""What forms say of the parameters of checks and repairs: every one has its words, in both languages."""

from functools import cache
from typing import Any

import pytest
from django.utils import translation

from assessments.quality.checks.base import Check
from assessments.quality.checks.description import describe
from assessments.quality.checks.parameters import Parameter, Words
from assessments.quality.checks.registry import all_checks
from assessments.quality.repairs import Repair, all_repairs
from govern_app.translations import CHINESE, load

KINDS: list[Check | Repair] = [*all_checks(), *all_repairs()]
PARAMETERS = [parameter for kind in KINDS for parameter in kind.parameters]
NAMES = [f"{kind.name}.{parameter.name}" for kind in KINDS for parameter in kind.parameters]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=NAMES)
def test_a_parameter_has_a_label_and_help_and_words_for_each_choice(parameter: Parameter) -> None:
    assert parameter.label
    assert parameter.help
    assert len(parameter.shown) == len(parameter.choices)
    assert len({str(words) for words in parameter.shown}) == len(parameter.shown)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=NAMES)
def test_the_words_are_told_in_chinese(parameter: Parameter) -> None:
    for words in (parameter.label, parameter.help, *parameter.shown):
        # A name such as EAN is the same in both, but stands in the catalogue.
        assert in_chinese(words) != in_english(words) or known_in_chinese(in_english(words))


def test_a_form_never_has_two_fields_of_one_name() -> None:
    for kind in KINDS:
        labels = [parameter.title for parameter in kind.parameters]
        assert len(set(labels)) == len(labels), kind.name


def known_in_chinese(text: str) -> bool:
    found = chinese().get(text)
    return found is not None and bool(found.string)


@cache
def chinese() -> Any:
    return load(CHINESE)


def in_chinese(words: Words) -> str:
    with translation.override("zh-hans"):
        return str(words)


def in_english(words: Words) -> str:
    with translation.override("en"):
        return str(words)


def test_the_characteristics_of_the_standard_are_told_in_chinese() -> None:
    for check in all_checks():
        with translation.override("en"):
            assert describe(check).characteristic == check.characteristic
        with translation.override("zh-hans"):
            assert describe(check).characteristic != check.characteristic
