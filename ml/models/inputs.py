"""What a model may be fitted with besides the interactions. Knows no torch, so that closed forms stay light."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.data.facts import Facts
from ml.data.features import Floats


class EnoughTraining(Exception):  # noqa: N818 - it is no error
    """Raised by ``on_epoch`` to end a training there: the model keeps what its best epoch learned."""


@dataclass(frozen=True)
class Inputs:
    """All of it may be missing; a model takes what it can use and leaves the rest.

    ``on_epoch`` gets each dict of the learning curve; a training whose ``checkpoint`` is there goes on from it.
    """

    facts: Facts | None = None
    title_vectors: Floats | None = None  # [n_items, dimensions]
    unseen_only: bool = False  # the ranking leaves out what the user met before
    next_row: bool = False  # the test asks for the row that follows, which may share its instant with rows of train
    on_epoch: Callable[[dict[str, Any]], None] = lambda epoch: None
    log: Callable[[str], None] = lambda message: None
    checkpoint: Path | None = None  # a folder; made when it is missing
    tensorboard: Path | None = None  # a folder for TensorBoard's event files
