"""A training that can go on after its process ended at any moment: one file, written beside and renamed, no pickle.

The file is safetensors with a SHA-256 over all that it says, so a damaged checkpoint is refused, never resumed wrongly.
A rename is atomic, so whenever the process dies the folder holds the former checkpoint or the new one, whole.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from ml.errors import DataError

FILE = "checkpoint.safetensors"
FORMAT = "govern-checkpoint-1"
DRAFT = ".draft-"


def write_checkpoint(folder: Path, tensors: Mapping[str, Tensor], facts: dict[str, Any]) -> None:
    """Replace the folder's checkpoint in one step. Raises OSError, the former one untouched, when it cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    remove_drafts(folder)
    whole = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    text = json.dumps(facts, sort_keys=True)  # NaN and infinity are written and read as Python does
    metadata = {"format": FORMAT, "facts": text, "sha256": _digest(whole, text)}
    handle, name = tempfile.mkstemp(prefix=DRAFT, dir=folder)
    os.close(handle)
    draft = Path(name)
    try:
        save_file(whole, str(draft), metadata=metadata)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(folder / FILE)
        _sync_folder(folder)
    except SafetensorError as error:  # its way of saying that the disk is full
        raise OSError(str(error)) from error
    finally:
        draft.unlink(missing_ok=True)


def read_checkpoint(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """(tensors, facts), or None when nothing was kept yet. Raises DataError when one byte has changed since."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in list(file.keys())}
        text = metadata["facts"]
        whole = metadata["format"] == FORMAT and metadata["sha256"] == _digest(tensors, text)
        facts = json.loads(text)
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise _damaged(path) from error
    if not whole:
        raise _damaged(path)
    return tensors, facts


def check_same(folder: Path, begun: Any, now: dict[str, Any]) -> None:
    """Raises DataError when the checkpoint was begun with other options or examples than ``now``, naming them."""
    changed = sorted(name for name in now if not isinstance(begun, dict) or begun.get(name) != now[name])
    if changed:
        raise DataError(
            f"The checkpoint belongs to another training: {', '.join(changed)} changed.",
            where=str(folder),
            hint="Remove the folder to begin anew.",
        )


def under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose name begins with ``prefix``, without it."""
    return {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}


def remove_drafts(folder: Path) -> None:
    """What a process that was killed while it wrote has left behind."""
    for draft in folder.glob(f"{DRAFT}*"):
        draft.unlink(missing_ok=True)


def _digest(tensors: Mapping[str, Tensor], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        array = np.atleast_1d(tensors[name].numpy())
        digest.update(f"{name}|{array.dtype}|{tuple(tensors[name].shape)}|".encode())
        digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _damaged(path: Path) -> DataError:
    return DataError(
        "The checkpoint is damaged.", where=str(path), hint="Remove the folder to begin the training anew."
    )


def moments_to_tensors(state: Mapping[int, Mapping[str, Any]]) -> dict[str, Tensor]:
    """The inner state of an optimiser as flat names; what is no tensor becomes one."""
    return {
        f"{row}.{key}": value if isinstance(value, Tensor) else torch.tensor(value)
        for row, values in state.items()
        for key, value in values.items()
        if value is not None
    }


def tensors_to_moments(flat: Mapping[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in flat.items():
        row, _, key = name.partition(".")
        state.setdefault(int(row), {})[key] = value
    return state
