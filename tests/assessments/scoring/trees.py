"""Small scoring models and evidence for tests, and strategies that make them."""

from itertools import combinations
from typing import Any

from hypothesis import strategies as st

LEVEL_SCALE = [[1, 0], [1.5, 20], [2.5, 40], [3.5, 60], [4.5, 80], [5, 100]]
STRAIGHT = [[0, 0], [100, 100]]
SHARE = [[0, 0], [1, 100]]


def leaf(name: str, scale: Any = None, **more: Any) -> dict[str, Any]:
    scale = STRAIGHT if scale is None else scale
    return {"id": name, "name": {"en": name}, "indicator": "x", "scale": scale, "validity_days": 9, **more}


def branch(name: str, children: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"id": name, "name": {"en": name}, "children": children, **more}


def content(children: list[dict[str, Any]], *, draws: int = 1000, concentration: float = 25.0, **root: Any) -> Any:
    return {
        "level_cuts": [20, 40, 60, 80],
        "interval": {"draws": draws, "mass": 0.9, "concentration": concentration},
        "root": {"name": {"en": "total"}, "children": children, **root},
        "gates": [],
    }


def metric(value: float, error: float = 0.0) -> dict[str, Any]:
    part = {"value": value, "standard_error": error}
    return {"state": "known", "measure": {"kind": "metric", "groups": [{"parts": [part]}]}}


def rate(passing: int, checked: int) -> dict[str, Any]:
    part = {"passing": passing, "checked": checked}
    return {"state": "known", "measure": {"kind": "rates", "groups": [{"parts": [part]}]}}


def answers(*levels: int, spread: float = 0.5) -> dict[str, Any]:
    part = {"levels": list(levels), "spread": spread}
    return {"state": "known", "measure": {"kind": "answers", "groups": [{"parts": [part]}]}}


UNKNOWN: dict[str, Any] = {"state": "unknown", "measure": None}
NOT_APPLICABLE: dict[str, Any] = {"state": "not_applicable", "measure": None}

METHODS = st.sampled_from(
    [
        {"method": "arithmetic"},
        {"method": "geometric", "floor": 5},
        {"method": "minimum"},
        {"method": "fuzzy", "operator": "max_min"},
        {"method": "fuzzy", "operator": "weighted_average"},
    ]
)
STATES = st.one_of(
    st.lists(st.integers(1, 5), min_size=1, max_size=4).map(lambda levels: answers(*levels)),
    st.just(UNKNOWN),
    st.just(NOT_APPLICABLE),
)


@st.composite
def assessed(draw: st.DrawFn, states: st.SearchStrategy[dict[str, Any]] = STATES) -> tuple[Any, dict[str, Any]]:
    """A tree of two levels of any methods and weights, every leaf on the scale of levels, with evidence."""
    leaves: dict[str, Any] = {}
    branches = []
    names = "abc"[: draw(st.integers(1, 3))]
    judged = draw(st.booleans())
    for name in names:
        children = []
        for number in range(draw(st.integers(1, 3))):
            children.append(leaf(f"l{number}", LEVEL_SCALE, weight=draw(st.floats(0.1, 10))))
            leaves[f"{name}.l{number}"] = draw(states)
        weight = {} if judged else {"weight": draw(st.floats(0.1, 10))}
        branches.append(branch(name, children, weighting="given", **weight, **draw(METHODS)))
    pairs = [[one, other, draw(st.floats(1 / 9, 9))] for one, other in combinations(names, 2)]
    weighting = {"weighting": "pairwise", "judgements": [{"by": "Ada", "pairs": pairs}]}
    return content(branches, draws=200, **(weighting if judged else {"weighting": "given"}), **draw(METHODS)), leaves
