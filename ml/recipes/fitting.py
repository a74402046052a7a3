"""Fitting the model of a specification: what it takes in, where it goes on from, and what to do without memory."""

import gc
import math
import shutil
import sys
from pathlib import Path
from typing import Any

from ml.data.facts import Facts
from ml.data.facts_reading import Table, read_facts
from ml.data.interactions import SHARED_CLOCK, Interactions
from ml.data.splits import parse_split
from ml.errors import DataError
from ml.models.base import Recommender, create
from ml.models.inputs import Inputs
from ml.models.options import check_options
from ml.models.options.gradient import GRADIENT
from ml.recipes.common import Events
from ml.recipes.features import title_vectors

BATCH = "batch_size"


def fit(spec: dict[str, Any], train: Interactions, facts: Facts | None, events: Events) -> Recommender:
    """A fitted model. Where the device's memory does not suffice the batch is halved, once, and it begins anew.

    A checkpoint that is there is gone on from; one that is damaged or of another training is put aside, and it begins
    anew. ``spec["batch_size"]`` is what an attempt before this one halved it to. Raises DataError for a device without
    the memory for half the batch.
    """
    options = check_options(spec["model"], spec["options"])
    halved = spec["batch_size"] is not None and BATCH in options
    if halved:
        options[BATCH] = int(spec["batch_size"])
    inputs = inputs_of(spec, options, train, facts, events)
    if spec["model"] not in GRADIENT:
        events.log("Training on CPU.")  # the others say themselves where they train
    try:
        return _fit(spec, options, train, inputs, events)
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error):
            raise
        if halved or int(options.get(BATCH, 1)) < 2:
            raise _too_small(options) from error
    before, options[BATCH] = int(options[BATCH]), int(options[BATCH]) // 2
    events.send("note", kind="batch_halved", **{"from": before, "to": options[BATCH]})
    events.log(f"The memory of the device did not suffice: the batch is halved from {before} to {options[BATCH]}.")
    _free(inputs.checkpoint)
    try:
        return _fit(spec, options, train, inputs, events)
    except (RuntimeError, MemoryError) as error:
        if out_of_memory(error):
            raise _too_small(options) from error
        raise


def out_of_memory(error: BaseException) -> bool:
    """Told by name: only a model that imported torch can raise torch's own error."""
    return type(error).__name__ == "OutOfMemoryError" or "out of memory" in str(error)


def facts_of(spec: dict[str, Any], train: Interactions) -> Facts | None:
    """What the tables say of items and users: to learn from, to judge by group, to say reasons by title.

    None for rows without a time in common, because nobody can tell what was known before the test.
    """
    if train.clock != SHARED_CLOCK:
        return None
    return read_facts(train, Table(Path(spec["interactions"]), spec["roles"]), *side_tables(spec))


def inputs_of(
    spec: dict[str, Any], options: dict[str, Any], train: Interactions, facts: Facts | None, events: Events
) -> Inputs:
    vectors = title_vectors(
        spec["model"],
        options,
        facts,
        encoder=spec["encoder"],
        device=spec["device"],
        tell=lambda message: events.progress(0.05, message),
    )
    return Inputs(
        facts=facts,
        title_vectors=vectors,
        unseen_only=spec["repeats"] == "masked",
        next_row=parse_split(spec["split"]).next_row,
        on_epoch=lambda epoch: events.send("epoch", **plain(epoch)),
        log=events.log,
        checkpoint=Path(spec["checkpoint"]) if spec["checkpoint"] else None,
    )


def side_tables(spec: dict[str, Any]) -> tuple[Table | None, Table | None]:
    items, users = (
        Table(Path(spec[side]["path"]), spec[side]["roles"]) if spec[side] else None for side in ("items", "users")
    )
    return items, users


def plain(epoch: dict[str, Any]) -> dict[str, Any]:
    """An epoch as JSON can say it: a number that is none becomes None."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in epoch.items()
    }


def _fit(
    spec: dict[str, Any], options: dict[str, Any], train: Interactions, inputs: Inputs, events: Events
) -> Recommender:
    progress = events.part(0.1, 0.75)
    try:
        model = create(spec["model"], options, seed=spec["seed"], device=spec["device"])
        return model.fit(train, features=inputs, progress=progress)
    except DataError as error:
        folder = inputs.checkpoint
        if folder is None or not error.where.startswith(str(folder)):
            raise
    events.log("The checkpoint cannot be gone on from, so the training begins anew.")
    _free(folder)
    model = create(spec["model"], options, seed=spec["seed"], device=spec["device"])
    return model.fit(train, features=inputs, progress=progress)


def _free(checkpoint: Path | None) -> None:
    """Give back what a broken attempt held: memory of the device, and the checkpoint of a training that is no more."""
    if checkpoint is not None:
        shutil.rmtree(checkpoint, ignore_errors=True)
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _too_small(options: dict[str, Any]) -> DataError:
    if BATCH not in options:
        return DataError(
            "The memory of the device does not suffice for this model.",
            where="memory",
            hint="Choose another model, or train on fewer items or events.",
        )
    return DataError(
        f"The memory of the device does not suffice, even for batches of {options[BATCH]}.",
        where="option batch_size",
        hint="Choose a smaller batch or a smaller network.",
    )
