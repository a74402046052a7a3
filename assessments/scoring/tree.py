"""The tree of a scoring model: plain data in, typed nodes out, wrong content refused with its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.common.errors import GovernError
from assessments.scoring.formulas import HIGHEST, LOWEST, Method
from assessments.scoring.fuzzy import OPERATORS, Operator, level_centres
from assessments.scoring.judgements import Comparison, comparison_of
from assessments.scoring.weights import FROM_UNITS, Weighting, combined_weights, entropy_weights, weights_of

DEEPEST, MOST_LEAVES, MOST_DRAWS = 12, 100_000, 100_000
PAIRWISE = "Write weighting: pairwise or combined, or leave the judgements out."
MOST_UNITS, MOST_JUDGES = 1000, 2000  # half a minute of comparisons: a document from outside must not ask for more
MOST_POINTS, MOST_GATES = 50, 50  # as the schema says; a document from outside was not held against it


@dataclass(frozen=True)
class Node:
    """A node with its share among its siblings; ``path`` joins the identifiers below the root, whose own is empty.

    ``weighting`` says where its children's shares come from, ``comparison`` the judgements behind them, ``units`` how
    many assessed units; ``operator`` and ``centres`` (of the levels) are there for the method fuzzy.
    """

    path: str
    parent: str
    name: Mapping[str, str]
    weight: float
    method: Method = "arithmetic"
    floor: float = 0.0
    operator: Operator | None = None
    centres: tuple[float, ...] = ()
    weighting: Weighting = "equal"
    comparison: Comparison | None = None
    units: int = 0
    concentration: float = 25.0
    children: tuple["Node", ...] = ()
    indicator: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    scale: tuple[tuple[float, float], ...] = ()
    validity_days: int = 0

    @property
    def leaf(self) -> bool:
        return not self.children

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> Iterator["Node"]:
        return (node for node in self.walk() if node.leaf)


@dataclass(frozen=True)
class Gate:
    """A named condition that caps the level: raised when its measured value is above ``at_most``."""

    identifier: str
    name: Mapping[str, str]
    indicator: str
    parameters: Mapping[str, Any]
    at_most: float
    cap: int


@dataclass(frozen=True)
class Model:
    root: Node
    cuts: tuple[float, ...]
    draws: int
    mass: float
    gates: tuple[Gate, ...]


Units = Sequence[Mapping[str, float]]


def model_of(content: Mapping[str, Any], units: Units | None = None) -> Model:
    """Read the content of a scoring model that its JSON Schema accepts; raises GovernError for what it cannot see.

    ``units`` are the scores (0 to 100) by path of the assessed units that weights by entropy come from. Without them
    it is the structure alone that is read, and such weights are taken as equal.
    """
    if units is not None and len(units) > MOST_UNITS:
        raise GovernError(f"Weights come from at most {MOST_UNITS} units.", where="units")
    cuts = tuple(float(cut) for cut in content["level_cuts"])
    if list(cuts) != sorted(set(cuts)):
        raise GovernError("The level cuts must ascend.", where="level_cuts")
    interval = content["interval"]
    if not 100 <= interval["draws"] <= MOST_DRAWS:
        raise GovernError(f"There must be from 100 to {MOST_DRAWS} draws.", where="interval.draws")
    if _judges(content["root"]) > MOST_JUDGES:
        raise GovernError(f"A scoring model has at most {MOST_JUDGES} judges in all.", where="judgements")
    root = _node(content["root"], content, units, path="", parent="", weight=1.0, depth=0)
    if sum(1 for _ in root.leaves()) > MOST_LEAVES:
        raise GovernError(f"A scoring model has at most {MOST_LEAVES} leaves.", where="root")
    if len(content.get("gates", [])) > MOST_GATES:
        raise GovernError(f"A scoring model has at most {MOST_GATES} gates.", where="gates")
    gates = tuple(
        Gate(gate["id"], gate["name"], gate["indicator"], gate.get("parameters", {}), gate["at_most"], gate["cap"])
        for gate in content.get("gates", [])
    )
    return Model(root, cuts, interval["draws"], interval["mass"], gates)


def scores_of_units(evidence: Mapping[str, Any]) -> Units:
    """The scores of the assessed units that the evidence of an assessment keeps for its weights."""
    return [unit["scores"] for unit in evidence.get("units", [])]


def path_below(path: str, identifier: str) -> str:
    """The path of a child of the node at ``path``."""
    return f"{path}.{identifier}" if path else identifier


def _node(
    raw: Mapping[str, Any],
    content: Mapping[str, Any],
    units: Units | None,
    *,
    path: str,
    parent: str,
    weight: float,
    depth: int,
) -> Node:
    where = path or "root"
    if depth > DEEPEST:
        raise GovernError(f"A scoring model is at most {DEEPEST} nodes deep.", where=where)
    if "indicator" in raw:
        return Node(
            path=path,
            parent=parent,
            name=raw["name"],
            weight=weight,
            indicator=raw["indicator"],
            parameters=raw.get("parameters", {}),
            scale=_scale(raw["scale"], content.get("scales", {}), where),
            validity_days=raw["validity_days"],
        )
    children = raw["children"]
    identifiers = [child["id"] for child in children]
    if not children or len(set(identifiers)) != len(identifiers):
        raise GovernError("The children of a node need different identifiers, and there must be one.", where=where)
    weighting: Weighting = raw.get("weighting", "equal")
    comparison = _comparison(raw, where)
    shares = _shares(raw, comparison, path, units)
    method: Method = raw.get("method", "arithmetic")
    floor = float(raw.get("floor", 0.0))
    if method == "geometric" and not floor > 0:
        raise GovernError("A geometric mean needs a floor above 0.", where=where)
    if (operator := raw.get("operator")) not in (OPERATORS if method == "fuzzy" else (None,)):
        raise GovernError(
            f"The method {method} has no operator “{operator}”.",
            where=where,
            hint=f"The method fuzzy needs one of: {', '.join(OPERATORS)}; the others need none.",
        )
    return Node(
        path=path,
        parent=parent,
        name=raw["name"],
        weight=weight,
        method=method,
        floor=floor,
        operator=operator,
        centres=level_centres(content["level_cuts"]) if method == "fuzzy" else (),
        weighting=weighting,
        comparison=comparison,
        units=len(units or ()) if weighting in FROM_UNITS else 0,
        concentration=float(raw.get("concentration", content["interval"]["concentration"])),
        children=tuple(
            _node(
                child,
                content,
                units,
                path=path_below(path, child["id"]),
                parent=path,
                weight=share,
                depth=depth + 1,
            )
            for child, share in zip(children, shares, strict=True)
        ),
    )


def _judges(raw: Mapping[str, Any], depth: int = 0) -> int:
    """How many judges there are on the nodes from this one down, as deep as a scoring model may be."""
    below = raw.get("children", []) if depth <= DEEPEST else []
    return len(raw.get("judgements", [])) + sum(_judges(child, depth + 1) for child in below)


def _shares(raw: Mapping[str, Any], comparison: Comparison | None, path: str, units: Units | None) -> Sequence[float]:
    """The shares of a node's children, by its weighting; they sum to 1."""
    weighting: Weighting = raw.get("weighting", "equal")
    children = raw["children"]
    shares: Sequence[float]
    if weighting == "entropy":
        _refuse_weights(raw, path or "root", "assessed units")
    if comparison is not None:
        shares = comparison.priorities.weights
    else:
        by_weight: Weighting = "given" if weighting == "combined" else weighting
        shares = weights_of(by_weight, [child.get("weight", 1.0) for child in children])
    if weighting not in FROM_UNITS or units is None:
        return shares
    paths = [path_below(path, child["id"]) for child in children]
    try:
        found = entropy_weights([[unit[below] for below in paths] for unit in units])
        weights = combined_weights(shares, found) if weighting == "combined" else found
    except GovernError as error:
        raise GovernError(error.message, where=f"{path or 'root'}: {error.where}", hint=error.hint) from error
    for below, share in zip(paths, weights, strict=True):
        if not share > 0:
            raise GovernError(
                f"All {len(units)} units are alike in “{below}”, so that entropy gives it no weight.",
                where=below,
                hint="Give the weights of these parts, or compare them in pairs.",
            )
    return weights


def _comparison(raw: Mapping[str, Any], where: str) -> Comparison | None:
    """The judgements behind the weights of a node's children; None where they come from elsewhere."""
    weighting = raw.get("weighting")
    if weighting == "combined" and "judgements" not in raw:
        return None
    if weighting not in ("pairwise", "combined"):
        if "judgements" in raw:
            raise GovernError("Judgements are there, but the weights come from elsewhere.", where=where, hint=PAIRWISE)
        return None
    _refuse_weights(raw, where, "judgements")
    try:
        return comparison_of([child["id"] for child in raw["children"]], raw.get("judgements", []))
    except GovernError as error:
        raise GovernError(error.message, where=f"{where}: {error.where}", hint=error.hint) from error


def _refuse_weights(raw: Mapping[str, Any], where: str, source: str) -> None:
    """Refuse weights of children that would not count."""
    weighed = [child["id"] for child in raw["children"] if "weight" in child]
    if weighed:
        raise GovernError(
            f"“{weighed[0]}” has a weight, but the weights come from {source}.", where=where, hint="Leave one out."
        )


def _scale(raw: Any, scales: Mapping[str, Any], where: str) -> tuple[tuple[float, float], ...]:
    if isinstance(raw, str) and raw not in scales:
        raise GovernError(f"There is no scale named “{raw}”.", where=where, hint="Name one under scales.")
    raw = scales[raw] if isinstance(raw, str) else raw
    if len(raw) > MOST_POINTS:
        raise GovernError(f"A scale has at most {MOST_POINTS} points.", where=where)
    points = tuple((float(unit), float(score)) for unit, score in raw)
    units, scores = [unit for unit, _ in points], [score for _, score in points]
    if len(points) < 2 or units != sorted(set(units)):
        raise GovernError("A scale needs two or more points whose units ascend.", where=where)
    if scores not in (sorted(scores), sorted(scores, reverse=True)):
        raise GovernError("The scores of a scale must ascend, or descend, all the way.", where=where)
    if min(scores) < LOWEST or max(scores) > HIGHEST:
        raise GovernError("The scores of a scale lie between 0 and 100.", where=where)
    return points
