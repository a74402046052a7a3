"""The search spaces: each is of an option that exists, holds its default and keeps to its bounds."""

import pytest

from ml.models.options import MODELS
from ml.models.options.searches import SEARCHES

CASES = [(model, name) for model, searches in SEARCHES.items() for name in searches]


@pytest.mark.parametrize(("model", "name"), CASES)
def test_a_search_is_of_an_option_and_holds_its_default(model: str, name: str) -> None:
    option = next(each for each in MODELS[model] if each.name == name)
    search = SEARCHES[model][name]
    if search.choices:
        assert option.default in search.choices
        assert [option.parse(value, model=model) for value in search.choices] == list(search.choices)
        return
    assert option.low <= search.low <= option.default <= search.high <= option.high
    assert search.low < search.high
    assert not search.log or search.low > 0
