"""What forms say of the parameters of checks: every one has its words, in both languages."""

import pytest
from django.utils import translation

from assessments.quality.checks.base import Check
from assessments.quality.checks.parameters import Parameter, Words
from assessments.quality.checks.registry import all_checks

PARAMETERS = [(check, parameter) for check in all_checks() for parameter in check.parameters]
NAMES = [f"{check.name}.{parameter.name}" for check, parameter in PARAMETERS]


@pytest.mark.parametrize(("check", "parameter"), PARAMETERS, ids=NAMES)
def test_a_parameter_has_a_label_and_help_and_words_for_each_choice(check: Check, parameter: Parameter) -> None:
    assert parameter.label
    assert parameter.help
    assert len(parameter.shown) == len(parameter.choices)
    assert len({str(words) for words in parameter.shown}) == len(parameter.shown)


@pytest.mark.parametrize(("check", "parameter"), PARAMETERS, ids=NAMES)
def test_the_words_are_told_in_chinese(check: Check, parameter: Parameter) -> None:
    for words in (parameter.label, parameter.help, *parameter.shown):
        assert in_chinese(words) != in_english(words)


def test_a_form_never_has_two_fields_of_one_name() -> None:
    for check in all_checks():
        labels = [parameter.title for parameter in check.parameters]
        assert len(set(labels)) == len(labels), check.name


def in_chinese(words: Words) -> str:
    with translation.override("zh-hans"):
        return str(words)


def in_english(words: Words) -> str:
    with translation.override("en"):
        return str(words)
