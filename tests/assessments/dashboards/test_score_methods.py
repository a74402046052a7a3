"""How a node was put together, in words, from what the document says of it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from assessments.dashboards.score_methods import how_of, method_words

NOTHING = {"operator": None, "memberships": None, "comparison": None, "units": None}
WORST = {"first": "a", "second": "b", "stated": 9.0, "consistent": 22.5}
SCORES: Any = {f"p.{name}": SimpleNamespace(label=name.upper()) for name in "ab"}


def aggregation(method: str = "arithmetic", weighting: str = "equal", **more: Any) -> dict[str, Any]:
    return {**NOTHING, "method": method, "weighting": weighting, **more}


def comparison(ratio: float, worst: Any = None) -> dict[str, Any]:
    judges = [{"by": "Ada", "consistency_ratio": ratio}, {"by": "Bo", "consistency_ratio": 0.0}]
    return {"judges": judges, "consistency_ratio": ratio, "most_inconsistent": worst}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "measured"),
        (aggregation("arithmetic"), "weighted mean"),
        (aggregation("geometric"), "weighted geometric mean"),
        (aggregation("minimum"), "the least of its parts"),
        (aggregation("fuzzy", operator="weighted_average"), "fuzzy evaluation, weighted average of the levels"),
    ],
)
def test_every_method_has_its_words(found: Any, words: str) -> None:
    assert method_words(found) == words


def test_a_leaf_was_not_put_together() -> None:
    assert how_of(None, "p.a", SCORES) == {}


@pytest.mark.parametrize(
    ("weighting", "words"),
    [
        ("equal", "all parts alike"),
        ("given", "given in the scoring model"),
        ("pairwise", "compared in pairs (AHP)"),
        ("entropy", "by entropy: what tells the assessed units apart"),
        ("combined", "combined: given or compared in pairs, times entropy"),
    ],
)
def test_every_weighting_has_its_words(weighting: str, words: str) -> None:
    how = how_of(aggregation(weighting=weighting, units=4), "p", SCORES)
    assert (how["weights"], how["units"], how["comparison"], how["memberships"]) == (words, 4, None, [])


def test_judgements_and_levels_are_told() -> None:
    how = how_of(
        aggregation("fuzzy", "pairwise", operator="max_min", comparison=comparison(0.104, WORST), memberships=[0, 0.5]),
        "p",
        SCORES,
    )
    assert how["memberships"] == [(1, 0), (2, 0.5)]
    assert (how["comparison"]["ratio"], how["comparison"]["contradicts"]) == (0.104, True)
    assert how["comparison"]["judges"] == ["Ada: 0.104", "Bo: 0.000"]
    assert how["comparison"]["furthest"] == "“A” against “B”: judged 9.00, the others imply 22.50"


def test_a_ratio_of_a_tenth_may_be_published() -> None:
    how = how_of(aggregation(weighting="pairwise", comparison=comparison(0.1)), "p", SCORES)
    assert (how["comparison"]["contradicts"], how["comparison"]["furthest"]) == (False, "")


def test_it_is_told_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert how_of(aggregation(weighting="pairwise"), "p", SCORES)["weights"] == "两两比较（AHP）"
