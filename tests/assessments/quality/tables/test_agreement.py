"""Agreement of judges: published examples, scikit-learn, and the check on tables of judgments."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assessments.quality.agreement import (
    agreeing_pairs,
    cohen_kappa,
    coincidences,
    fleiss_kappa,
    krippendorff_alpha,
    krippendorff_interval,
)
from tests.assessments.quality.tables.measuring import counts, outcome_of

# Fleiss, Measuring nominal scale agreement among many raters, 1971: the form of 14 raters, 10 subjects, 5 categories
# that the literature computes by hand; kappa = 0.210.
FLEISS = np.asarray(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
# Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, example C: four observers, twelve units, gaps.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
ALPHAS = [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]


def _counted(ratings: list[list[Any]], grades: list[Any]) -> np.ndarray:
    return np.asarray([[unit.count(grade) for grade in grades] for unit in map(list, zip(*ratings, strict=True))])


def test_fleiss_published_example() -> None:
    kappa = fleiss_kappa(int(agreeing_pairs(FLEISS).sum()), FLEISS.sum(axis=0), 10, 14)
    assert round(kappa, 3) == 0.210


@pytest.mark.parametrize(("level", "alpha"), ALPHAS)
def test_krippendorff_published_example(level: str, alpha: float) -> None:
    matrix = coincidences(_counted(KRIPPENDORFF, [1, 2, 3, 4, 5]))
    assert round(krippendorff_alpha(matrix, np.arange(1, 6), level), 3) == alpha


def test_units_alike_may_be_counted_once() -> None:
    units = _counted(KRIPPENDORFF, [1, 2, 3, 4, 5])
    kinds, times = np.unique(units, axis=0, return_counts=True)
    assert np.allclose(coincidences(kinds, times), coincidences(units))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40),
    st.sampled_from(["none", "linear", "quadratic"]),
)
def test_cohen_is_that_of_scikit_learn(pairs: list[tuple[int, int]], weights: str) -> None:
    table = np.zeros((4, 4))
    for one, other in pairs:
        table[one, other] += 1
    first, second = zip(*pairs, strict=True)
    found = cohen_kappa(table, weights)
    if len(set(first) | set(second)) == 1:
        assert math.isnan(found)
        return
    expected = cohen_kappa_score(first, second, labels=range(4), weights=None if weights == "none" else weights)
    assert found == pytest.approx(expected, abs=1e-9)


def test_full_agreement_is_one_and_nothing_to_tell_by_is_no_number() -> None:
    assert cohen_kappa(np.diag([3, 4])) == 1
    assert krippendorff_alpha(coincidences(np.asarray([[2, 0], [0, 3]]))) == 1
    assert math.isnan(krippendorff_alpha(coincidences(np.asarray([[2, 0], [3, 0]]))))
    assert math.isnan(krippendorff_alpha(coincidences(np.asarray([[1, 0], [0, 1]]))))
    assert math.isnan(fleiss_kappa(0, np.asarray([1]), 1, 1))


def test_the_interval_of_the_published_example_is_that_of_units_drawn_one_by_one() -> None:
    """Against a bootstrap written out: twelve units of which eleven have two ratings, each drawing counted anew."""
    units = _counted(KRIPPENDORFF, [1, 2, 3, 4, 5])
    paired = units[units.sum(axis=1) > 1]
    random = np.random.default_rng(8)
    drawn = [
        krippendorff_alpha(coincidences(paired[random.integers(0, len(paired), len(paired))]), None, "ordinal")
        for _ in range(2000)
    ]
    low, high = krippendorff_interval(units)
    assert (len(units), len(paired)) == (12, 11)
    assert (low, high) == pytest.approx(tuple(np.quantile(drawn, [0.05, 0.95])), abs=0.03)
    assert low < 0.815 < high
    assert krippendorff_interval(units) == (low, high)
    wider = krippendorff_interval(units, mass=0.99)
    assert wider[0] < low
    assert high < wider[1]


def test_an_interval_is_as_narrow_as_there_are_units() -> None:
    few = _counted(KRIPPENDORFF, [1, 2, 3, 4, 5])
    many = np.tile(few, (16, 1))
    one, other = krippendorff_interval(few), krippendorff_interval(many)
    assert (other[1] - other[0]) / (one[1] - one[0]) == pytest.approx(1 / 4, abs=0.06)


def test_an_interval_of_full_agreement_is_a_point_and_of_nothing_no_number() -> None:
    assert krippendorff_interval(np.asarray([[2, 0], [0, 3], [2, 0], [0, 2]])) == (1.0, 1.0)
    for nothing in ([[1, 0], [0, 1]], [[2, 0]], [[2, 0], [3, 0]]):
        assert all(math.isnan(end) for end in krippendorff_interval(np.asarray(nothing)))


def _wide() -> dict[str, Any]:
    return {f"judge {number}": row for number, row in enumerate(KRIPPENDORFF)}


def _long() -> dict[str, Any]:
    rows = [(unit, judge, grade) for judge, row in enumerate(KRIPPENDORFF) for unit, grade in enumerate(row)]
    units, judges, grades = zip(*rows, strict=True)
    return {"query": [f"q{unit}" for unit in units], "item": units, "judge": judges, "grade": grades}


@pytest.mark.parametrize(("level", "alpha"), ALPHAS)
def test_a_column_for_each_judge_or_a_row_for_each_judgment(level: str, alpha: float) -> None:
    wide = outcome_of(_wide(), "judge_agreement", tuple(_wide()), {"level": level, "min": 0.8})
    roles = {"query": "query", "item": "item"}
    long = outcome_of(
        _long(), "judge_agreement", ("grade",), {"level": level, "judge": "judge", "min": 0.8}, roles=roles
    )
    for outcome in (wide, long):
        assert counts(outcome) == (11, 11 if level == "nominal" else 0)
        assert round(outcome.detail["value"], 3) == alpha
        assert outcome.detail["units"] == 11
        assert outcome.detail["ratings"] == 40


def test_kappas_of_tables() -> None:
    columns = {"a": [1, 2, 3, 3, 2], "b": [1, 2, 3, 2, 2], "c": [1, 1, 3, 3, None]}
    fleiss = outcome_of(columns, "judge_agreement", ("a", "b", "c"), {"measure": "fleiss", "min": 0})
    units = _counted([columns["a"][:4], columns["b"][:4], columns["c"][:4]], [1, 2, 3])
    assert fleiss.detail["value"] == pytest.approx(
        fleiss_kappa(int(agreeing_pairs(units).sum()), units.sum(axis=0), 4, 3)
    )
    assert (fleiss.detail["units_used"], fleiss.detail["ratings_of_each"]) == (4, 3)
    cohen = outcome_of(columns, "judge_agreement", ("a", "b"), {"measure": "cohen", "weights": "quadratic", "min": 0})
    expected = cohen_kappa_score(columns["a"], columns["b"], weights="quadratic")
    assert cohen.detail["value"] == pytest.approx(expected, abs=1e-9)
    long = {
        "unit": [1, 2, 3, 4, 5] * 2,
        "judge": ["x"] * 5 + ["y"] * 5,
        "grade": columns["a"] + columns["b"],
    }
    rule = {"measure": "cohen", "weights": "quadratic", "judge": "judge", "unit": "unit", "min": 0}
    assert outcome_of(long, "judge_agreement", ("grade",), rule).detail["value"] == pytest.approx(expected, abs=1e-9)


def test_of_several_grades_of_one_judge_the_greatest_counts() -> None:
    columns = {"unit": [1, 1, 1, 2, 2], "judge": ["x", "x", "y", "x", "y"], "grade": [0, 2, 2, 1, 1]}
    outcome = outcome_of(columns, "judge_agreement", ("grade",), {"judge": "judge", "unit": "unit"})
    assert outcome.detail["value"] == 1
    assert outcome.detail["pair_agreement"] == outcome.detail["unanimous_share"] == 1


@pytest.mark.parametrize(
    ("columns", "names", "parameters", "words"),
    [
        ({"g": [1]}, ("g",), {}, "“judge” is missing"),
        ({"g": [1], "j": [1]}, ("g",), {"judge": "j"}, "role “query”"),
        ({"a": ["x", "y"], "b": ["x", "x"]}, ("a", "b"), {}, "have no order"),
        ({"a": [1, 1], "b": [1, 1]}, ("a", "b"), {}, "cannot be told"),
        ({"a": list(range(101)), "b": list(range(101))}, ("a", "b"), {}, "more than 100 different grades"),
    ],
)
def test_what_cannot_be_judged_is_not_measured(columns: Any, names: Any, parameters: Any, words: str) -> None:
    outcome = outcome_of(columns, "judge_agreement", names, parameters)
    assert words in outcome.error
    assert outcome.passed is None


def test_texts_can_be_names_of_grades() -> None:
    columns = {"a": ["good", "bad", None], "b": ["good", "bad", "bad"]}
    outcome = outcome_of(columns, "judge_agreement", ("a", "b"), {"level": "nominal"})
    assert (counts(outcome), outcome.detail["value"]) == ((2, 0), 1)


def test_nobody_judged_twice() -> None:
    outcome = outcome_of({"a": [1, None], "b": [None, 2]}, "judge_agreement", ("a", "b"))
    assert "Nothing was checked" in outcome.error
