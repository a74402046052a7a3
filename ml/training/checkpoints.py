"""A training that can go on after its process ended: model, optimiser and random state, without pickle.

The file format is that of a bundle (``ml.models.bundle``), so a damaged checkpoint is refused, never resumed wrongly.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from ml.errors import DataError
from ml.models.bundle import read_named_bundle, write_bundle

if TYPE_CHECKING:
    from ml.training.loop import Progressing

NAME = "checkpoint"


def save_checkpoint(
    folder: Path,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    order: torch.Generator,
    state: "Progressing",
    *,
    of: dict[str, Any],
) -> None:
    """``of`` says which training this is: its examples and the options that must not change on the way."""
    arrays: dict[str, Any] = {"order": order.get_state()}
    arrays |= {f"model.{key}": value for key, value in model.state_dict().items()}
    arrays |= {f"best.{key}": value for key, value in state.best_weights.items()}
    moments = optimiser.state_dict()["state"]
    arrays |= {f"optimiser.{row}.{key}": value for row, values in moments.items() for key, value in values.items()}
    config = {"of": of, "epochs": state.epochs, "best": state.best, "best_epoch": state.best_epoch}
    write_bundle(folder, name=NAME, config=config, arrays=arrays, vocabulary={})


def load_checkpoint(
    folder: Path,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    order: torch.Generator,
    state: "Progressing",
    *,
    of: dict[str, Any],
) -> None:
    """Put everything back in place. Raises DataError when the checkpoint is not one of this model and training."""
    bundle = read_named_bundle(folder, NAME)
    begun = bundle.config.get("of")
    changed = sorted(name for name in of if not isinstance(begun, dict) or begun.get(name) != of[name])
    if changed:
        raise DataError(
            f"The checkpoint belongs to another training: {', '.join(changed)} changed.",
            where=str(folder),
            hint="Remove the folder to begin anew.",
        )
    tensors = {key: torch.from_numpy(np.array(value)) for key, value in bundle.arrays.items()}
    try:
        model.load_state_dict(_under(tensors, "model."))
        saved = optimiser.state_dict()
        saved["state"] = _moments(_under(tensors, "optimiser."))
        optimiser.load_state_dict(saved)
        order.set_state(tensors["order"])
        state.epochs, state.best = list(bundle.config["epochs"]), float(bundle.config["best"])
        state.best_epoch, state.best_weights = int(bundle.config["best_epoch"]), _under(tensors, "best.")
    except (KeyError, RuntimeError, ValueError) as error:
        raise DataError(
            "The checkpoint belongs to another model.", where=str(folder), hint="Remove the folder to begin anew."
        ) from error


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}


def _moments(flat: dict[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in flat.items():
        row, _, key = name.partition(".")
        state.setdefault(int(row), {})[key] = value
    return state
