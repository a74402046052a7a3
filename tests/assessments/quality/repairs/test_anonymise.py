"""k-anonymity and l-diversity hold in what comes out, counted by hand."""

import random
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from assessments.common.errors import GovernError


def groups(result: Any, columns: tuple[str, ...], sensitive: str) -> dict[tuple[Any, ...], list[Any]]:
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for *key, value in zip(*(result[name] for name in (*columns, sensitive)), strict=True):
        found[tuple(key)].append(value)
    return found


@pytest.mark.parametrize(("k", "diversity"), [(2, 2), (5, 2), (7, 3)])
def test_every_group_is_large_and_diverse(repair: Callable[..., Any], k: int, diversity: int) -> None:
    draw = random.Random(7)  # noqa: S311  no secret
    rows = 400
    table = {
        "age": [draw.choice([None, *range(18, 90)]) for _row in range(rows)],
        "zip": [draw.choice(["1010", "1020", "4020", None, "8010"]) for _row in range(rows)],
        "height": [round(draw.gauss(170, 12), 1) for _row in range(rows)],
        "illness": [draw.choice("abcdef") for _row in range(rows)],
    }
    columns = ("age", "zip", "height")
    result = repair(table, "k_anonymise", columns, {"k": k, "sensitive": "illness", "l": diversity})
    found = groups(result, columns, "illness")
    assert min(map(len, found.values())) >= k
    assert min(len(set(values)) for values in found.values()) >= diversity
    assert len(found) > rows / k / 6  # it is no single group either
    assert result["illness"] == table["illness"]
    risk = result.outcome.risk
    assert (risk["before"]["k"], risk["after"]["k"]) == (1, min(map(len, found.values())))
    assert risk["after"]["unique_rows"] == 0
    again = repair(result.table, "k_anonymise", columns, {"k": k, "sensitive": "illness", "l": diversity})
    assert again.digest == result.digest


def test_a_group_shows_its_values_or_their_range(repair: Callable[..., Any]) -> None:
    result = repair({"age": [20, 21, 30, 31, None, 70, 71, 72, 73]}, "k_anonymise", ("age",), {"k": 4})
    low, high = "∅ | 20 … 31", "70 … 73"
    assert result["age"] == [low] * 5 + [high] * 4


@pytest.mark.parametrize(
    ("parameters", "words"),
    [({"k": 4}, "fewer than k"), ({"k": 2, "sensitive": "s", "l": 3}, "fewer than l"), ({"sensitive": "t"}, "not in")],
)
def test_what_cannot_be_reached_is_refused(repair: Callable[..., Any], parameters: Any, words: str) -> None:
    with pytest.raises(GovernError, match=words):
        repair({"a": [1, 2, 3], "s": ["x", "y", "x"]}, "k_anonymise", ("a",), parameters)
