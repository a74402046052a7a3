"""Asking every indicator of a scoring model for its evidence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assessments.accounts.models import Organisation
from assessments.common.progress import Progress, silent
from assessments.scoring.indicators import indicator_get
from assessments.scoring.indicators.registry import Ask, Context
from assessments.scoring.selectors import documents_of_units
from assessments.scoring.tree import model_of
from assessments.scoring.units import units_of, weighed_paths


def evidence_collect(
    *,
    organisation: Organisation,
    period: str,
    as_of: datetime,
    content: Mapping[str, Any],
    progress: Progress = silent,
) -> dict[str, Any]:
    """``{"leaves": {path: what its indicator found}, "gates": {id: what its indicator found}}``.

    And ``"units"``, the scores of assessed units, where the weights of a node come from them.
    """
    model = model_of(content)
    context = Context(organisation=organisation, period=period, as_of=as_of)
    leaves = list(model.root.leaves())
    found = {}
    for number, leaf in enumerate(leaves):
        progress(number / len(leaves), leaf.name["en"])
        ask = Ask(context, leaf.parameters, leaf.validity_days)
        found[leaf.path] = indicator_get(leaf.indicator)(ask).document()
    gates = {
        gate.identifier: indicator_get(gate.indicator)(Ask(context, gate.parameters)).document() for gate in model.gates
    }
    evidence: dict[str, Any] = {"leaves": found, "gates": gates}
    if weighed_paths(model):
        evidence["units"] = units_of(model, documents_of_units(organisation, content["id"], as_of))
    return evidence
