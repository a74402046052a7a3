"""The result of an assessment as plain data: what is stored, shown, sealed and recomputed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from assessments.scoring.evaluation import Point, points_of
from assessments.scoring.formulas import Numeric, level_of, level_shares
from assessments.scoring.judgements import Comparison
from assessments.scoring.simulation import Simulation, quantile
from assessments.scoring.tree import Gate, Model, model_of, scores_of_units


def result_of(content: Mapping[str, Any], evidence: Mapping[str, Any], seed: str) -> dict[str, Any]:
    """Score ``evidence`` by the scoring model ``content``.

    ``evidence`` is ``{"leaves": {path: {"state", "measure", ...}}, "gates": {id: {"state", "measure", ...}}}``;
    with ``"units": [{"seal", "period", "scores": {path: score}}]`` where weights come from assessed units. ``seed`` is
    its digest. The levels' shares count the draws after the gates; ``by_score`` before them.
    """
    model = model_of(content, scores_of_units(evidence))
    points = points_of(model, evidence["leaves"])
    run = Simulation(model, evidence["leaves"], points, seed)
    gates = [gate_result(gate, evidence["gates"][gate.identifier]) for gate in model.gates]
    cap = min([gate["cap"] for gate in gates if gate["raised"]], default=len(model.cuts) + 1)
    root = points[""]
    score = None if root.band.value is None else float(root.band.value)
    by_score = None if score is None else level_of(score, model.cuts)
    low, high = run.intervals[""]
    return {
        "score": score,
        "median": None if run.root.value is None else quantile(run.root.value, 0.5),
        "low": low,
        "high": high,
        "mass": model.mass,
        "coverage": root.coverage or 0.0,
        "level": None if by_score is None else min(by_score, cap),
        "level_by_score": by_score,
        "levels": {
            "share": [] if score is None else capped(_shares(run.root.value, model), cap),
            "by_score": [] if score is None else _shares(run.root.value, model),
            "if_unknown_worst": capped(_shares(run.root.worst, model), cap),
            "if_unknown_best": capped(_shares(run.root.best, model), cap),
        },
        "gates": gates,
        "drivers": run.drivers(),
        "nodes": [_node_result(place, point, run) for place, point in enumerate(points.values())],
        "seed": seed,
        "draws": model.draws,
        "random_numbers": "numpy PCG64, standard normal",
    }


def gate_result(gate: Gate, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the gate is raised; an unknown condition raises nothing, and is shown as unknown."""
    known = evidence["state"] == "known"
    value = float(evidence["measure"]["count"]) if known else None
    return {
        "id": gate.identifier,
        "name": dict(gate.name),
        "state": evidence["state"],
        "value": value,
        "at_most": gate.at_most,
        "cap": gate.cap,
        "raised": value is not None and value > gate.at_most,
    }


def capped(shares: list[float], cap: int) -> list[float]:
    """Move what lies on the levels above ``cap`` onto it."""
    return [*shares[: cap - 1], sum(shares[cap - 1 :]), *[0.0] * (len(shares) - cap)] if cap < len(shares) else shares


def _shares(draws: Numeric | None, model: Model) -> list[float]:
    return level_shares(np.atleast_1d(np.asarray(draws, dtype=np.float64)), model.cuts)


def _node_result(place: int, point: Point, run: Simulation) -> dict[str, Any]:
    node = point.node
    how = {} if node.leaf else _how(point)
    applies = point.coverage is not None
    low, high = run.intervals.get(node.path, (None, None))
    return {
        "path": node.path,
        "parent": node.parent,
        "position": place,
        "name": dict(node.name),
        "method": node.indicator or node.method,
        "weight": point.weight,
        "share": point.share,
        "applies": applies,
        "value": None if point.band.value is None else float(point.band.value),
        "low": low if applies else None,
        "high": high if applies else None,
        "coverage": point.coverage or 0.0,
        "raw": point.raw,
        **how,
    }


def _how(point: Point) -> dict[str, Any]:
    """What a node adds to its row: operator and levels of fuzzy evaluation; judgements and units behind its weights."""
    node = point.node
    added: dict[str, Any] = {}
    if node.operator is not None:
        added["operator"] = node.operator
        added["memberships"] = None if point.levels is None else list(point.levels)
    if node.comparison is not None:
        added["comparison"] = _comparison_result(node.comparison)
    if node.units:
        added["units"] = node.units
    return added


def _comparison_result(comparison: Comparison) -> dict[str, Any]:
    found, worst = comparison.priorities, comparison.priorities.most_inconsistent
    names = comparison.names
    return {
        "judges": [{"by": by, "consistency_ratio": ratio} for by, ratio in comparison.judges],
        "eigenvalue": found.eigenvalue,
        "consistency_index": found.index,
        "random_index": found.random_index,
        "consistency_ratio": found.ratio,
        "most_inconsistent": None
        if worst is None
        else {
            "first": names[worst.first],
            "second": names[worst.second],
            "stated": worst.stated,
            "consistent": worst.consistent,
        },
    }
