"""Options of the models come from forms and from anybody's JSON."""

from typing import Any

import pytest

from ml.errors import DataError
from ml.models.options import check_options


@pytest.mark.parametrize("value", [10**400, -(10**400), float("nan"), "1e999", "x", None, [], {}, True])
def test_a_number_that_is_none_is_refused_by_name(value: Any) -> None:
    with pytest.raises(DataError, match="not a possible value of l2"):
        check_options("ease", {"l2": value})
