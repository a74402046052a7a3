"""Fuzzy comprehensive evaluation: the published example, hand values, and what must hold for every node."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.formulas import combine
from assessments.scoring.fuzzy import OPERATORS, FuzzyCombination, Operator, compose, level_centres, memberships

CENTRES = level_centres([20, 40, 60, 80])
WEIGHTS = [0.4, 0.3, 0.2, 0.1]
ROWS = [[0.1, 0.3, 0.4, 0.2], [0.0, 0.1, 0.8, 0.1], [0.1, 0.6, 0.2, 0.1], [0.1, 0.4, 0.3, 0.2]]


def score(operator: Operator, weights: list[float], values: list[float]) -> float:
    node = FuzzyCombination(operator, CENTRES, max(weights))
    for weight, value in zip(weights, values, strict=True):
        node.add(weight, value)
    found = node.result()
    assert found is not None
    return float(found)


def test_the_published_example() -> None:
    assert compose("max_min", WEIGHTS, ROWS) == [0.1, 0.3, 0.4, 0.2]
    assert compose("weighted_average", WEIGHTS, ROWS) == pytest.approx([0.07, 0.31, 0.47, 0.15])


def test_weights_and_rows_must_fit() -> None:
    with pytest.raises(ValueError, match="one weight for each row"):
        compose("max_min", [1.0], ROWS)


def test_the_centres_are_the_scores_of_whole_levels() -> None:
    """As the default model's scale of levels: level 1 is 0, 2 is 30, 3 is 50, 4 is 70, 5 is 100."""
    assert CENTRES == (0, 30, 50, 70, 100)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, [1, 0, 0, 0, 0]),
        (15, [0.5, 0.5, 0, 0, 0]),
        (30, [0, 1, 0, 0, 0]),
        (55, [0, 0, 0.75, 0.25, 0]),
        (100, [0, 0, 0, 0, 1]),
    ],
)
def test_memberships_are_triangles_over_the_centres(value: float, expected: list[float]) -> None:
    assert memberships(value, CENTRES) == pytest.approx(expected)


def test_max_min_worked_by_hand() -> None:
    # Equal weights: half way between the least and the greatest.
    assert score("max_min", [1, 1, 1], [20, 30, 90]) == pytest.approx(55)
    # Voices 1 and 1/2. Reaching: (1, 1/2, 1/2, 1/2) of 30 and 100; against: (0, 1, 1, 1). Beyond: (1, 1/4, 1/4, 1/4).
    assert score("max_min", [2, 1], [30, 100]) == pytest.approx(30 + (20 + 20 + 30) / 4)


def test_the_centre_of_gravity_of_the_plain_vector_would_fall_when_a_child_rises() -> None:
    """Why levels reached are composed instead; the figures that the docstring of the class gives."""

    def gravity(values: list[float]) -> float:
        vector = np.array(compose("max_min", [0.5, 0.5], [memberships(value, CENTRES) for value in values]))
        return float(vector @ CENTRES / vector.sum())

    assert [round(gravity([30, value]), 1) for value in (90, 100)] == [66.2, 65.0]
    assert [score("max_min", [1, 1], [30, value]) for value in (90, 100)] == pytest.approx([60, 65])


def test_nothing_added_is_no_score() -> None:
    assert FuzzyCombination("max_min", CENTRES).result() is None


VALUES = st.lists(st.tuples(st.floats(0.01, 10), st.floats(0, 100)), min_size=1, max_size=6)


@given(VALUES)
def test_the_weighted_average_gives_the_weighted_mean(parts: list[tuple[float, float]]) -> None:
    weights, values = [weight for weight, _ in parts], [value for _, value in parts]
    assert score("weighted_average", weights, values) == pytest.approx(combine("arithmetic", values, weights))


@given(VALUES, st.sampled_from(OPERATORS), st.data())
def test_raising_a_child_never_lowers_the_node(
    parts: list[tuple[float, float]], operator: Operator, data: st.DataObject
) -> None:
    weights, values = [weight for weight, _ in parts], [value for _, value in parts]
    place = data.draw(st.integers(0, len(parts) - 1))
    raised = [*values[:place], data.draw(st.floats(values[place], 100)), *values[place + 1 :]]
    assert score(operator, weights, raised) >= score(operator, weights, values) - 1e-9


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=6), st.floats(0, 100), st.sampled_from(OPERATORS))
def test_equal_children_give_their_value(weights: list[float], value: float, operator: Operator) -> None:
    assert score(operator, weights, [value] * len(weights)) == pytest.approx(value, abs=1e-9)


@given(VALUES, st.sampled_from(OPERATORS))
def test_the_node_lies_between_its_children(parts: list[tuple[float, float]], operator: Operator) -> None:
    values = [value for _, value in parts]
    found = score(operator, [weight for weight, _ in parts], values)
    assert min(values) - 1e-9 <= found <= max(values) + 1e-9


@pytest.mark.parametrize("operator", OPERATORS)
def test_draws_give_what_each_draw_alone_gives(operator: Operator) -> None:
    random = np.random.default_rng(3)
    weights, values = random.gamma(2, 1, (3, 50)), random.uniform(0, 100, (3, 50))
    node = FuzzyCombination(operator, CENTRES, weights.max(axis=0))
    for weight, value in zip(weights, values, strict=True):
        node.add(weight, value)
    each = [score(operator, weights[:, draw].tolist(), values[:, draw].tolist()) for draw in range(50)]
    assert node.result() == pytest.approx(np.array(each))
