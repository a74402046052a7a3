"""What a model may learn from besides the interactions, as far as a single file tells it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ml.data.facts_reading import Table, read_facts
from ml.data.interactions import SHARED_CLOCK, Interactions
from ml.models.inputs import Inputs

LEARN_FROM_FACTS = ("perceptron", "wide_and_deep", "two_tower")


def inputs_of(
    model: str,
    train: Interactions,
    path: Path,
    roles: Mapping[str, str],
    *,
    unseen_only: bool,
    next_row: bool = False,
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None,
) -> Inputs:
    """The inputs of a model; facts of items and users only where it learns from them and the rows have times."""
    facts = None
    if model in LEARN_FROM_FACTS and train.clock == SHARED_CLOCK:
        facts = read_facts(train, Table(path, roles), None, None)
    return Inputs(facts=facts, unseen_only=unseen_only, next_row=next_row, on_epoch=on_epoch)
