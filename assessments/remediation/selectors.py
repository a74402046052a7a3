"""What to look at first: the parts of an assessment by what they could add to its score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.scoring.evaluation import KNOWN, points_of
from assessments.scoring.formulas import HIGHEST
from assessments.scoring.models import Assessment
from assessments.scoring.tree import model_of


@dataclass(frozen=True)
class FirstThing:
    """A raised gate (``cap`` is the level that it holds), or a leaf and ``gain``: points of the whole at full marks.

    ``name`` holds the texts by language. ``value`` is the leaf's score, or the number that raised the gate.
    """

    kind: str
    path: str
    name: Mapping[str, str]
    value: float
    gain: float | None = None
    cap: int | None = None
    sources: tuple[Mapping[str, Any], ...] = ()


def first_things(assessment: Assessment) -> list[FirstThing]:
    """The raised gates, lowest cap first, then the known leaves that can gain anything, largest gain first.

    The gain is found by computing the tree again with that leaf at 100 and all else as it is.
    """
    document = assessment.document
    if not document:
        return []
    gates = [
        FirstThing(
            "gate",
            gate["id"],
            gate["name"],
            gate["value"],
            cap=gate["cap"],
            sources=tuple(document["evidence"]["gates"].get(gate["id"], {}).get("sources", [])),
        )
        for gate in document["result"]["gates"]
        if gate["raised"]
    ]
    leaves = sorted(_leaves(document), key=lambda thing: -(thing.gain or 0.0))
    return [*sorted(gates, key=lambda gate: gate.cap or 0), *leaves]


def _leaves(document: Mapping[str, Any]) -> list[FirstThing]:
    model, evidence = model_of(document["model"]), document["evidence"]["leaves"]
    points = points_of(model, evidence)
    whole = points[""].band.value
    found = []
    for leaf in model.root.leaves():
        if evidence[leaf.path]["state"] != KNOWN or whole is None:
            continue
        raised = points_of(model, evidence, {leaf.path: HIGHEST})[""].band.value
        value = points[leaf.path].band.value
        if raised is None or value is None:
            continue
        gain = float(raised) - float(whole)
        if gain > 0:
            found.append(FirstThing("leaf", leaf.path, leaf.name, float(value), gain=gain))
    return found
