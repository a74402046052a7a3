"""The tree, its interval, its level and its drivers: hand values, known distributions, and properties."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import NOT_APPLICABLE, UNKNOWN, answers, assessed, branch, content, leaf, metric, rate

from assessments.common.errors import GovernError
from assessments.scoring.evaluation import points_of
from assessments.scoring.result import capped, result_of
from assessments.scoring.tree import model_of

SEED = "0" * 64
FIXED = 1_000_000.0  # a concentration at which the weights hardly vary


def scored(model: Any, leaves: dict[str, Any], gates: dict[str, Any] | None = None, seed: str = SEED) -> Any:
    return result_of(model, {"leaves": leaves, "gates": gates or {}}, seed)


def nodes(result: Any) -> dict[str, Any]:
    return {node["path"]: node for node in result["nodes"]}


def test_a_linear_score_has_the_mean_and_variance_of_theory() -> None:
    weights, means, errors = [0.5, 0.3, 0.2], [40.0, 50.0, 60.0], [2.0, 3.0, 4.0]
    children = [leaf(f"l{place}", weight=weight) for place, weight in enumerate(weights)]
    model = content(children, draws=100_000, concentration=FIXED, weighting="given")
    leaves = {f"l{place}": metric(mean, error) for place, (mean, error) in enumerate(zip(means, errors, strict=True))}
    result = scored(model, leaves)
    mean = float(np.dot(weights, means))
    spread = float(np.sqrt(np.dot(np.square(weights), np.square(errors))))
    assert result["score"] == pytest.approx(mean)
    assert result["median"] == pytest.approx(mean, abs=0.03)
    assert (result["high"] - result["low"]) / 2 == pytest.approx(1.6448536 * spread, rel=0.02)
    shares = [driver["share"] for driver in result["drivers"]["leaves"]]
    theory = np.square(weights) * np.square(errors) / spread**2
    assert shares == pytest.approx(theory, abs=0.01)
    assert result["drivers"]["weights"] == pytest.approx(0.0, abs=0.001)


def test_weights_alone_drive_a_score_whose_leaves_are_certain() -> None:
    result = scored(content([leaf("a"), leaf("b")], draws=20_000), {"a": metric(20), "b": metric(80)})
    # Two equal weights at 25: Beta(25, 25), of variance 1/4/51, times the distance of 60.
    assert (result["high"] - result["low"]) / 2 == pytest.approx(1.64 * 60 * (0.25 / 51) ** 0.5, rel=0.03)
    assert result["drivers"]["weights"] == pytest.approx(1.0)
    assert sum(driver["share"] for driver in result["drivers"]["leaves"]) == 0.0


def test_unknown_is_left_out_of_the_score_and_opens_the_interval() -> None:
    model = content([leaf("a", weight=3), leaf("b", weight=1)], concentration=FIXED, weighting="given")
    result = scored(model, {"a": metric(60), "b": UNKNOWN})
    assert (result["score"], result["coverage"]) == (60.0, 0.75)
    assert (result["low"], result["high"]) == (pytest.approx(45, abs=0.2), pytest.approx(70, abs=0.2))
    assert result["levels"]["share"] == [0, 0, 0, 1, 0]
    assert result["levels"]["if_unknown_worst"] == [0, 0, 1, 0, 0]


def test_what_does_not_apply_is_as_if_it_were_not_there() -> None:
    both = scored(content([leaf("a"), leaf("b")]), {"a": metric(60), "b": NOT_APPLICABLE})
    assert (both["score"], both["coverage"], both["low"], both["high"]) == (60.0, 1.0, 60.0, 60.0)
    assert [nodes(both)[path]["weight"] for path in "ab"] == [1.0, 0.0]


def test_nothing_known_gives_no_score_and_the_whole_range() -> None:
    result = scored(content([leaf("a"), leaf("b")]), {"a": UNKNOWN, "b": UNKNOWN})
    assert (result["score"], result["level"], result["median"], result["coverage"]) == (None, None, None, 0.0)
    assert (result["low"], result["high"]) == (0.0, 100.0)


def test_the_shares_of_the_whole_sum_to_one() -> None:
    model = content([branch("p", [leaf("a"), leaf("b")]), branch("q", [leaf("c")], weight=3)], weighting="given")
    found = nodes(scored(model, {"p.a": metric(1), "p.b": metric(2), "q.c": metric(3)}))
    assert [found[path]["share"] for path in ("p.a", "p.b", "q.c")] == pytest.approx([0.125, 0.125, 0.75])


def test_a_gate_caps_the_level_and_an_unknown_one_is_shown() -> None:
    model = content([leaf("a")])
    model["gates"] = [
        {"id": name, "name": {"en": name}, "indicator": "x", "at_most": 0, "cap": 2} for name in ("raised", "unknown")
    ]
    gates = {"raised": {"state": "known", "measure": {"kind": "count", "count": 3}}, "unknown": UNKNOWN}
    result = scored(model, {"a": metric(90)}, gates)
    assert (result["score"], result["level_by_score"], result["level"]) == (90.0, 5, 2)
    assert result["levels"]["share"] == [0, 1, 0, 0, 0]
    assert [(gate["raised"], gate["state"]) for gate in result["gates"]] == [(True, "known"), (False, "unknown")]


def test_capping_keeps_the_sum() -> None:
    assert capped([0.1, 0.2, 0.3, 0.4, 0.0], 2) == pytest.approx([0.1, 0.9, 0, 0, 0])
    assert capped([0.1, 0.2, 0.3, 0.4, 0.0], 5) == [0.1, 0.2, 0.3, 0.4, 0.0]


def test_the_same_evidence_gives_the_same_numbers_and_another_seed_others() -> None:
    model, leaves = content([leaf("a"), leaf("b")]), {"a": metric(50, 5), "b": metric(60, 5)}
    assert scored(model, leaves) == scored(model, leaves)
    assert scored(model, leaves)["low"] != scored(model, leaves, seed="1" * 64)["low"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"children": []}, "different identifiers"),
        ({"children": [leaf("a"), leaf("a")]}, "different identifiers"),
        ({"children": [leaf("a", [[0, 0], [0, 100]])]}, "units ascend"),
        ({"children": [leaf("a", [[0, 0], [1, 100], [2, 50]])]}, "ascend, or descend"),
        ({"children": [leaf("a", [[0, 0], [1, 120]])]}, "between 0 and 100"),
        ({"children": [leaf("a", "nowhere")]}, "no scale named"),
        ({"method": "geometric"}, "floor"),
    ],
)
def test_a_wrong_tree_is_refused(change: dict[str, Any], words: str) -> None:
    model = content([leaf("a")])
    model["root"] |= change
    with pytest.raises(GovernError, match=words):
        scored(model, {"a": metric(1)})


@given(assessed())
@settings(max_examples=60)
def test_the_point_score_lies_in_its_interval(case: tuple[Any, dict[str, Any]]) -> None:
    for node in scored(*case)["nodes"]:
        if node["value"] is not None:
            assert 0 <= node["low"] <= node["value"] <= node["high"] <= 100


@given(assessed(), st.data())
@settings(max_examples=60)
def test_raising_an_answer_never_lowers_a_score(case: tuple[Any, dict[str, Any]], data: st.DataObject) -> None:
    model, leaves = case
    known = [path for path, found in leaves.items() if found["state"] == "known"]
    if not known:
        return
    path = data.draw(st.sampled_from(known))
    levels = list(leaves[path]["measure"]["groups"][0]["parts"][0]["levels"])
    place = data.draw(st.integers(0, len(levels) - 1))
    levels[place] = data.draw(st.integers(levels[place], 5))
    before, after = nodes(scored(model, leaves)), nodes(scored(model, leaves | {path: answers(*levels)}))
    for place_in_tree in before:
        if before[place_in_tree]["value"] is not None:
            assert after[place_in_tree]["value"] >= before[place_in_tree]["value"] - 1e-9


@given(assessed(), st.data())
@settings(max_examples=60)
def test_losing_evidence_never_moves_a_bound_inwards(case: tuple[Any, dict[str, Any]], data: st.DataObject) -> None:
    model, leaves = case
    path = data.draw(
        st.sampled_from([path for path, found in leaves.items() if found["state"] != "not_applicable"] or [""])
    )
    if not path:
        return
    before, after = nodes(scored(model, leaves)), nodes(scored(model, leaves | {path: UNKNOWN}))
    for place in before:
        if before[place]["applies"]:
            assert after[place]["low"] <= before[place]["low"] + 1e-9
            assert after[place]["high"] >= before[place]["high"] - 1e-9
            assert after[place]["coverage"] <= before[place]["coverage"] + 1e-12


@given(assessed(states=st.just(answers(3, 4))))
@settings(max_examples=30)
def test_equal_values_give_that_value_whatever_the_weights_and_methods(case: tuple[Any, dict[str, Any]]) -> None:
    assert scored(*case)["score"] == pytest.approx(60.0)


def test_a_rate_at_its_end_keeps_its_point_in_the_interval() -> None:
    result = scored(content([leaf("a", [[0, 0], [1, 100]])]), {"a": rate(10, 10)})
    assert (result["score"], result["high"]) == (100.0, 100.0)
    assert result["low"] < 90


JUDGED = {
    "weighting": "pairwise",
    "judgements": [{"by": "Ada", "pairs": [["a", "b", 2], ["b", "c", 2], ["c", "a", 4]]}],
}


def test_the_result_says_how_consistent_the_judgements_are() -> None:
    leaves = {name: metric(50) for name in "abc"}
    node = nodes(scored(content([leaf(name) for name in "abc"], **JUDGED), leaves))[""]
    # a is 2 b, b is 2 c, c is 4 a: λ = 1 + ∛16 + 1/∛16, and all three weigh the same but for that.
    ratio = (16 ** (1 / 3) + 16 ** (-1 / 3) - 2) / 2 / 0.52
    found = node["comparison"]
    assert found["consistency_ratio"] == pytest.approx(ratio)
    assert found["judges"] == [{"by": "Ada", "consistency_ratio": pytest.approx(ratio)}]
    assert (found["random_index"], found["eigenvalue"]) == (0.52, pytest.approx(3 + 2 * 0.52 * ratio))
    assert found["most_inconsistent"] == {
        "first": "a", "second": "b", "stated": 2.0, "consistent": pytest.approx(1 / 8),
    }  # fmt: skip


def test_judgements_weigh_the_children_that_apply() -> None:
    pairs = [["a", "b", 2], ["a", "c", 6], ["b", "c", 3]]
    model = content([leaf(name) for name in "abc"], weighting="pairwise", judgements=[{"by": "Ada", "pairs": pairs}])
    everything = scored(model, {"a": metric(100), "b": metric(50), "c": metric(0)})
    assert everything["score"] == pytest.approx(75)
    without = nodes(scored(model, {"a": metric(100), "b": NOT_APPLICABLE, "c": metric(0)}))
    assert [without[name]["weight"] for name in "abc"] == pytest.approx([6 / 7, 0, 1 / 7])


def test_a_fuzzy_node_shows_its_operator_and_its_levels() -> None:
    leaves = {"a": metric(30), "b": metric(80), "c": UNKNOWN}
    children = [leaf("a", weight=3), leaf("b", weight=1), leaf("c", weight=2)]
    model = content(children, weighting="given", method="fuzzy", operator="max_min")
    node = nodes(scored(model, leaves))[""]
    assert (node["method"], node["operator"]) == ("fuzzy", "max_min")
    # Of what is known, a has 3/4 and is wholly on level 2; b has 1/4, two thirds on level 4 and one on level 5.
    assert node["memberships"] == pytest.approx([0, 0.75, 0, 0.25, 0.25])
    # Voices 1 and 1/3. Reached: (1, 1/3, 1/3, 1/3); against: (0, 1, 1, 1).
    assert node["value"] == pytest.approx(30 + (20 + 20 + 30) / 6)
    # The unknown at its worst has a voice of 2/3 against all levels, at its best one for them.
    point = points_of(model_of(model), leaves)[""].band
    assert point.worst == pytest.approx(30 * (1 - 2 / 3 / 2) + (20 + 20 + 30) / 6)
    assert point.best == pytest.approx(30 + (20 + 20 + 30) / 3)


def test_nothing_known_of_a_fuzzy_node_shows_no_levels() -> None:
    model = content([leaf("a")], method="fuzzy", operator="weighted_average")
    node = nodes(scored(model, {"a": UNKNOWN}))[""]
    assert (node["value"], node["memberships"], node["low"], node["high"]) == (None, None, 0, 100)


def test_the_weighted_average_of_levels_is_the_mean_with_the_same_interval() -> None:
    leaves = {"a": metric(30, 5), "b": metric(80, 5)}
    mean = scored(content([leaf("a"), leaf("b")]), leaves)
    fuzzy = scored(content([leaf("a"), leaf("b")], method="fuzzy", operator="weighted_average"), leaves)
    assert [fuzzy[name] for name in ("score", "low", "high")] == pytest.approx(
        [mean[name] for name in ("score", "low", "high")]
    )


def test_nodes_of_other_methods_say_what_they_said_before() -> None:
    node = nodes(scored(content([leaf("a")]), {"a": metric(50)}))[""]
    assert not {"operator", "memberships", "comparison"} & set(node)


def test_a_sibling_of_hardly_any_weight_may_be_the_only_one_known() -> None:
    """The draws of such a weight lie below the least double; they divide each other all the same."""
    model = content([leaf("a", weight=10_000), leaf("b")], weighting="given")
    result = scored(model, {"a": UNKNOWN, "b": metric(50, 2)})
    assert result["levels"]["share"] == [0, 0, 1, 0, 0]
    assert result["median"] == pytest.approx(50, abs=0.3)
