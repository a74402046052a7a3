"""What weights by entropy need: the scores of assessed units, taken into the evidence so that they are sealed with it.

Pure: documents of published assessments in, plain data out. A unit is there without its name: its seal leads who holds
its document to it, and tells nobody else whose the scores are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from assessments.scoring.tree import Model, Node, model_of
from assessments.scoring.weights import FROM_UNITS


def weighed_paths(model: Model) -> list[str]:
    """The paths of the nodes whose weights come from assessed units; none for most scoring models."""
    nodes = [node for node in model.root.walk() if node.weighting in FROM_UNITS]
    return [child.path for node in nodes for child in node.children]


def units_of(model: Model, documents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """``{"seal", "period", "scores": {path: score}}`` of each document that can be compared, by seal.

    Its scoring model must give each of the nodes the same meaning, whatever their names and their weights among their
    siblings, and each must have a score. Other documents are left out.
    """
    paths = weighed_paths(model)
    asked = {node.path: meaning_of(node) for node in model.root.walk() if node.path in paths}
    found = []
    for document in documents:
        there = {node.path: meaning_of(node) for node in model_of(document["model"]).root.walk() if node.path in asked}
        scores = {node["path"]: node["value"] for node in document["result"]["nodes"] if node["path"] in asked}
        if there == asked and None not in scores.values():
            found.append({"seal": document["seal"]["seal"], "period": document["period"], "scores": scores})
    return sorted(found, key=lambda unit: str(unit["seal"]))


def meaning_of(node: Node) -> tuple[Any, ...]:
    """All that a node's score depends on but its evidence: two nodes of the same meaning may be compared."""
    return (
        (node.method, node.floor, node.operator, node.centres, node.weighting),
        (node.indicator, node.parameters, node.scale, node.validity_days),
        [(child.path, child.weight, meaning_of(child)) for child in node.children],
    )
