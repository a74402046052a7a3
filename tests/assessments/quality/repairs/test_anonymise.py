"""k-anonymity and l-diversity hold in what comes out, counted by hand."""

import random
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from assessments.common.errors import GovernError
from assessments.quality.repairs.mondrian import classes
from assessments.quality.repairs.suppression import Losses, suppressed


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


def planted(rows: int = 200) -> dict[str, Any]:
    """People of 20 to 59 in two towns, five of each age, and three who are alone: old, and in a third town."""
    ages = [20 + at % 40 for at in range(rows)]
    table = {
        "age": ages,
        "town": [("Graz", "Wels")[at % 2] for at in range(rows)],
        "illness": ["abc"[(at // 40) % 3] for at in range(rows)],
    }
    for column, values in (("age", [96, 97, 99]), ("town", ["Oslo"] * 3), ("illness", list("abc"))):
        table[column] = [*table[column], *values]
    return table


def spread(result: Any) -> int:
    """How many years the widest group of ages spans."""
    ends = [re.findall(r"\d+", text) for text in set(result["age"])]
    return max(int(found[-1]) - int(found[0]) for found in ends)


def test_the_rows_that_stand_alone_are_left_out(repair: Callable[..., Any]) -> None:
    columns, table = ("age", "town"), planted()
    whole = repair(table, "k_anonymise", columns, {"k": 5})
    assert len(whole["age"]) == 203
    assert spread(whole) > 35
    finer = repair(table, "k_anonymise", columns, {"k": 5, "suppress": 0.02})
    assert "Oslo" not in str(finer["town"])
    assert finer["illness"] == table["illness"][:200], "the three and nobody else"
    assert finer.outcome.notes == ("3 rows were left out.",)
    assert spread(finer) <= 4
    found = groups(finer, columns, "illness")
    assert (min(map(len, found.values())), finer.outcome.risk["after"]["k"]) == (5, 5)
    again = repair(finer.table, "k_anonymise", columns, {"k": 5, "suppress": 0.02})
    assert again.digest == finer.digest


@pytest.mark.parametrize(("share", "most"), [(0.0, 0), (0.004, 0), (0.01, 2), (0.015, 3), (0.5, 3)])
def test_never_more_than_allowed_and_none_without_need(repair: Callable[..., Any], share: float, most: int) -> None:
    result = repair(planted(), "k_anonymise", ("age", "town"), {"k": 5, "suppress": share})
    assert 203 - len(result["age"]) <= most
    found = groups(result, ("age", "town"), "illness")
    assert min(map(len, found.values())) >= 5
    even = {"age": [at % 60 for at in range(300)], "s": ["xy"[at % 2] for at in range(300)]}
    assert len(repair(even, "k_anonymise", ("age",), {"k": 4, "suppress": 0.5})["age"]) == 300


@pytest.mark.parametrize("diversity", [2, 3])
def test_what_is_left_is_as_diverse_as_asked(repair: Callable[..., Any], diversity: int) -> None:
    parameters = {"k": 5, "sensitive": "illness", "l": diversity, "suppress": 0.02}
    result = repair(planted(), "k_anonymise", ("age", "town"), parameters)
    found = groups(result, ("age", "town"), "illness")
    smallest = min(len(set(values)) for values in found.values())
    assert smallest >= diversity
    risk = result.outcome.risk
    assert (risk["sensitive"], risk["before"]["l"], risk["after"]["l"]) == ("illness", 1, smallest)
    assert 200 <= len(result["age"]) < 203


def test_random_tables_keep_every_promise() -> None:
    """The greedy choice against its own contract, on tables that nobody drew by hand."""
    draw = np.random.default_rng(5)
    for _round in range(60):
        entries, k = int(draw.integers(8, 60)), int(draw.integers(2, 6))
        codes = draw.integers(0, 12, (entries, 2))
        counts = draw.integers(1, 4, entries)
        if counts.sum() < k:
            continue
        losses = Losses(codes**2 / 121.0, counts, k)
        parts = list(classes(codes, counts, k))
        allowed = int(draw.integers(0, 10))
        kept = suppressed(parts, losses, allowed)
        assert all(losses.holds(part) for part in kept)
        assert counts.sum() - sum(losses.rows(part) for part in kept) <= allowed
        assert sum(map(losses.loss, kept)) <= sum(map(losses.loss, parts))
        assert [set(part) - set(np.concatenate(parts)) for part in kept] == [set()] * len(kept)


@pytest.mark.parametrize("share", [-0.1, 0.6])
def test_a_share_that_is_none_is_refused(repair: Callable[..., Any], share: float) -> None:
    with pytest.raises(GovernError, match="suppress"):
        repair({"a": [1, 2, 3]}, "k_anonymise", ("a",), {"k": 2, "suppress": share})


@pytest.mark.parametrize(
    ("parameters", "words"),
    [({"k": 4}, "fewer than k"), ({"k": 2, "sensitive": "s", "l": 3}, "fewer than l"), ({"sensitive": "t"}, "not in")],
)
def test_what_cannot_be_reached_is_refused(repair: Callable[..., Any], parameters: Any, words: str) -> None:
    with pytest.raises(GovernError, match=words):
        repair({"a": [1, 2, 3], "s": ["x", "y", "x"]}, "k_anonymise", ("a",), parameters)
