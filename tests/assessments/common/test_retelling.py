"""English texts are told again from the template that made them."""

from django.utils import translation

from assessments.common.retelling import Retelling

told = Retelling(["Choose another name.", "It must be %(expected)s.", "“%(key)s” cannot be %(value)s (50 %)."])


def test_a_text_without_values_is_told_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert told("Choose another name.") == "请换一个名称。"
    with translation.override("en"):
        assert told("Choose another name.") == "Choose another name."


def test_values_go_to_their_places() -> None:
    with translation.override("zh-hans"):
        assert told("It must be 7.") == "必须是：7。"


def test_an_unknown_text_stays() -> None:
    with translation.override("zh-hans"):
        assert told("It must be") == "It must be"
        assert told("50 % of nothing") == "50 % of nothing"
