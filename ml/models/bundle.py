"""A model on disk: weights as safetensors, everything else as JSON, each file under its SHA-256.

The manifest's ``digest`` covers what the answers depend on: name, configuration, weights, vocabulary. So the same model
keeps its digest when it is evaluated again or made on another machine. Its ``seal`` covers the whole manifest, with the
provenance and the SHA-256 of the model card. The card itself is for people and may be edited by them: that changes no
answer, does not stop loading, and is told by ``card_is_original``.

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
from ml.models.card import card_text
from ml.models.provenance import provenance

FORMAT, VERSION = "govern-bundle", 1
MANIFEST, WEIGHTS, VOCABULARY, CARD = "manifest.json", "weights.safetensors", "vocabulary.json", "README.md"
PARTS = (WEIGHTS, VOCABULARY)
CORE = frozenset({"format", "version", "name", "config", "files", "digest"})  # all that the first bundles had
DESCRIBED = CORE | {"provenance", "card", "seal"}


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
    way leaves the former folder as it was.
    """
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        save_file({key: _array(value) for key, value in arrays.items()}, str(draft / WEIGHTS))
        (draft / VOCABULARY).write_text(_canonical(vocabulary), encoding="utf-8")
        manifest = _manifest(draft, name=name, config=json.loads(_canonical(config)))
        manifest = _describe(draft, manifest, data=None, evaluation=None, use="")
        for part in (*PARTS, MANIFEST, CARD):
            _sync(draft / part)
        draft.chmod(0o755)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def describe_bundle(
    folder: Path, *, data: dict[str, Any] | None = None, evaluation: dict[str, Any] | None = None, use: str = ""
) -> dict[str, Any]:
    """Write the manifest and the card of a bundle anew with what is known by now, and return the manifest.

    ``data`` is of ``provenance.data_facts``, or None to keep what was recorded; ``evaluation`` a document of ``suite``,
    or {"protocol", "ranking"}; ``use`` who should use the model for what. The digest stays. Raises DataError for a
    folder that is not a bundle.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    known = data if data is not None else manifest.get("provenance", {}).get("data")
    return _describe(folder, manifest, data=known, evaluation=evaluation, use=use)


def card_is_original(folder: Path) -> bool:
    """Whether the model card is the one that was written with the manifest."""
    card = Path(folder) / CARD
    return card.is_file() and _file_digest(card) == read_manifest(Path(folder)).get("card", {}).get("sha256")


def read_bundle(folder: Path) -> Bundle:
    """The bundle of this folder after every digest was verified.

    Raises DataError for a folder that is not a bundle, is of another version, or differs by one byte from what was
    written.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
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


def read_manifest(folder: Path) -> dict[str, Any]:
    """The verified manifest of a bundle. Raises DataError for a folder that is not one, and for a changed manifest."""
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
    sealed = set(manifest) == DESCRIBED and manifest["seal"] == _digest(manifest, DESCRIBED - {"seal"})
    if not (sealed or set(manifest) == CORE) or manifest["digest"] != _digest(manifest, CORE - {"digest"}):
        raise DataError("The manifest of the model bundle was changed.", where=str(folder / MANIFEST))
    files = manifest["files"]
    whole = isinstance(files, dict) and all(isinstance(files.get(part), dict) for part in PARTS)
    if not whole or not isinstance(manifest["name"], str) or not isinstance(manifest["config"], dict):
        raise foreign
    return manifest


def _manifest(folder: Path, *, name: str, config: dict[str, Any]) -> dict[str, Any]:
    files = {part: {"sha256": _file_digest(folder / part), "bytes": (folder / part).stat().st_size} for part in PARTS}
    body = {"format": FORMAT, "version": VERSION, "name": name, "config": config, "files": files}
    return {**body, "digest": _digest(body, frozenset(body))}


def _describe(
    folder: Path, manifest: dict[str, Any], *, data: dict[str, Any] | None, evaluation: dict[str, Any] | None, use: str
) -> dict[str, Any]:
    described = {key: manifest[key] for key in sorted(CORE)} | {"provenance": provenance(manifest["config"], data)}
    _replace(folder / CARD, card_text(described, evaluation, use))
    described["card"] = {"sha256": _file_digest(folder / CARD)}
    described["seal"] = _digest(described, DESCRIBED - {"seal"})
    _replace(folder / MANIFEST, json.dumps(described, indent=1, ensure_ascii=False))
    return described


def _digest(manifest: dict[str, Any], keys: frozenset[str]) -> str:
    return hashlib.sha256(_canonical({key: manifest[key] for key in keys}).encode()).hexdigest()


def _replace(path: Path, text: str) -> None:
    """Put a new text in place of the old in one step."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    _sync(fresh)
    fresh.replace(path)


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
