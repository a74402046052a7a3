"""Options of the models come from forms and from anybody's JSON."""

from typing import Any

import pytest

from ml.errors import DataError
from ml.models.options import Option, check_options


@pytest.mark.parametrize("value", [10**400, -(10**400), float("nan"), "1e999", "x", None, [], {}, True])
def test_a_number_that_is_none_is_refused_by_name(value: Any) -> None:
    with pytest.raises(DataError, match="not a possible value of l2"):
        check_options("ease", {"l2": value})


WORDS = Option("kind", "red", 0, 0, "which", ("red", "green"))
SEVERAL = Option("kinds", "red,green", 0, 0, "which", ("red", "green", "blue"), several=True)


def test_words_are_chosen_from_a_list() -> None:
    assert WORDS.parse(" green ", model="m") == "green"
    assert SEVERAL.parse("blue, red", model="m") == "blue,red"


@pytest.mark.parametrize(
    ("option", "value"), [(WORDS, "blue"), (WORDS, "red,green"), (WORDS, 1), (SEVERAL, "red,red"), (SEVERAL, "")]
)
def test_another_word_is_refused_with_the_choices(option: Option, value: Any) -> None:
    with pytest.raises(DataError, match="not a possible value of kind") as caught:
        option.parse(value, model="m")
    assert "red, green" in caught.value.hint
