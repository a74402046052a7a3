"""A model on disk: weights as safetensors, everything else as JSON, each file under its SHA-256.

Nothing in a bundle can run code when it is read. The module knows no torch, so that a process that only wants to look
at a bundle stays small.
"""

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ml.errors import DataError

FORMAT, VERSION = "govern-bundle", 1
MANIFEST, WEIGHTS, VOCABULARY = "manifest.json", "weights.safetensors", "vocabulary.json"
PARTS = (WEIGHTS, VOCABULARY)


@dataclass(frozen=True)
class Bundle:
    """What a verified folder held."""

    name: str
    config: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    vocabulary: dict[str, Any]
    manifest: dict[str, Any]


def write_bundle(
    folder: Path, *, name: str, config: dict[str, Any], arrays: dict[str, Any], vocabulary: dict[str, Any]
) -> dict[str, Any]:
    """Write the bundle in one step, in place of what the folder held, and return its manifest.

    ``arrays`` are NumPy arrays or torch tensors; ``vocabulary`` maps a name to the ids behind its codes. A crash on the
    way leaves the former folder as it was. The manifest's ``digest`` covers the name, the configuration and the parts.
    """
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        save_file({key: _array(value) for key, value in arrays.items()}, str(draft / WEIGHTS))
        (draft / VOCABULARY).write_text(_canonical(vocabulary), encoding="utf-8")
        manifest = _manifest(draft, name=name, config=json.loads(_canonical(config)))
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        for part in (*PARTS, MANIFEST):
            _sync(draft / part)
        draft.chmod(0o755)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def read_bundle(folder: Path) -> Bundle:
    """The bundle of this folder after every digest was verified.

    Raises DataError for a folder that is not a bundle, is of another version, or differs by one byte from what was
    written.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    for part in PARTS:
        expected = manifest["files"].get(part, {}).get("sha256")
        if not (folder / part).is_file() or _file_digest(folder / part) != expected:
            raise DataError(
                "The model bundle is damaged.", where=str(folder / part), hint="Train the model again or restore it."
            )
    try:
        arrays = load_file(str(folder / WEIGHTS))
        vocabulary = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
    except (SafetensorError, ValueError, RecursionError) as error:
        raise DataError("The model bundle cannot be read.", where=str(folder)) from error
    if not isinstance(vocabulary, dict) or not all(isinstance(ids, list) for ids in vocabulary.values()):
        raise DataError("The model bundle cannot be read.", where=str(folder / VOCABULARY))
    return Bundle(
        name=manifest["name"], config=manifest["config"], arrays=arrays, vocabulary=vocabulary, manifest=manifest
    )


def read_named_bundle(folder: Path, name: str) -> Bundle:
    """The bundle of this folder. Raises DataError also when it is another model's."""
    bundle = read_bundle(folder)
    if bundle.name != name:
        raise DataError(f"This is the bundle of a model '{bundle.name}', not of '{name}'.", where=str(folder))
    return bundle


def bundle_bytes(manifest: dict[str, Any]) -> int:
    """The size in bytes of the parts that the manifest lists."""
    return sum(int(part["bytes"]) for part in manifest["files"].values())


def _manifest(folder: Path, *, name: str, config: dict[str, Any]) -> dict[str, Any]:
    files = {part: {"sha256": _file_digest(folder / part), "bytes": (folder / part).stat().st_size} for part in PARTS}
    body = {"format": FORMAT, "version": VERSION, "name": name, "config": config, "files": files}
    return {**body, "digest": hashlib.sha256(_canonical(body).encode()).hexdigest()}


def _read_manifest(folder: Path) -> dict[str, Any]:
    foreign = DataError("This folder is not a model bundle.", where=str(folder), hint="Name the folder of a bundle.")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise foreign from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise foreign
    if manifest.get("version") != VERSION:
        raise DataError(
            f"The model bundle has version {manifest.get('version')}; this program reads version {VERSION}.",
            where=str(folder),
        )
    body = {key: value for key, value in manifest.items() if key != "digest"}
    if hashlib.sha256(_canonical(body).encode()).hexdigest() != manifest.get("digest"):
        raise DataError("The manifest of the model bundle was changed.", where=str(folder / MANIFEST))
    files = manifest.get("files")
    whole = isinstance(files, dict) and all(isinstance(files.get(part), dict) for part in PARTS)
    if not whole or not isinstance(manifest.get("name"), str) or not isinstance(manifest.get("config"), dict):
        raise foreign
    return manifest


def _array(value: Any) -> NDArray[Any]:
    if hasattr(value, "detach"):  # a torch tensor, told without importing torch
        value = value.detach().cpu().numpy()
    array: NDArray[Any] = np.ascontiguousarray(value)
    if array.dtype.kind not in "fiub":
        raise DataError(f"A bundle holds numbers only, not {array.dtype}.")
    return array


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a bundle")


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _put_in_place(draft: Path, folder: Path) -> None:
    """Rename the draft to the folder; a folder that is there already is moved aside first, then removed."""
    if not folder.exists():
        draft.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(aside / folder.name)
    draft.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
