"""What a model may learn from besides the interactions, as far as a single file tells it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ml.data.facts import Facts
from ml.data.facts_reading import Table, read_facts
from ml.data.features import Floats
from ml.data.interactions import SHARED_CLOCK, Interactions
from ml.errors import DataError
from ml.models.inputs import Inputs
from ml.models.options import check_options

LEARN_FROM_FACTS = ("perceptron", "wide_and_deep", "two_tower")
WITHOUT_TITLES = ("two_tower",)  # use titles where there are some, and do without where there are none


def inputs_of(
    model: str,
    train: Interactions,
    path: Path,
    roles: Mapping[str, str],
    *,
    unseen_only: bool,
    next_row: bool = False,
    options: Mapping[str, Any] | None = None,
    device: str = "auto",
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None,
) -> Inputs:
    """The inputs of a model; facts of items and users only where it learns from them and the rows have times."""
    facts = None
    if model in LEARN_FROM_FACTS and train.clock == SHARED_CLOCK:
        facts = read_facts(train, Table(path, roles), None, None)
    wanted = check_options(model, options or {})
    vectors = title_vectors(model, wanted, facts, device=device)
    return Inputs(facts=facts, title_vectors=vectors, unseen_only=unseen_only, next_row=next_row, on_epoch=on_epoch)


def title_vectors(
    model: str,
    options: Mapping[str, Any],
    facts: Facts | None,
    *,
    encoder: str = "",
    device: str = "auto",
    tell: Callable[[str], None] = lambda message: None,
) -> Floats | None:
    """[n_items, dimensions] of the items' titles, where the options ask for them; ``encoder`` names a model's folder.

    Raises DataError where a model that cannot do without is to have titles and there are none.
    """
    if not options.get("titles"):
        return None
    titles = facts.titles if facts is not None else []
    if not any(titles):
        if model in WITHOUT_TITLES:
            return None
        raise DataError(
            "The items have no titles to encode.",
            where="option titles",
            hint="Give a table of items with a column of the role title, or leave the option out.",
        )
    from ml.text.encoder import SentenceEncoder
    from ml.text.vectors import text_vectors
    from ml.training.device import choose_device

    tell(f"Encoding the titles of {len(titles)} items")
    return text_vectors(titles, SentenceEncoder(encoder, device=choose_device(device).type))
