"""Vectors of many texts, each different text encoded once and the result kept on disk for the next time.

Kept under GOVERN_VECTOR_CACHE, else under the user's cache folder, as safetensors named by a digest of the encoder and
the texts: another encoder, one changed text, and they are encoded anew. A folder that cannot be written costs the
keeping alone. What nobody has asked for longest goes when the folder grows beyond ``LARGEST_FOLDER``.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ml.text.encoder import SentenceEncoder

Floats = NDArray[np.float32]

LARGEST_FOLDER = 4 * 2**30  # bytes: about 2.8 million texts in 384 dimensions


def text_vectors(texts: Sequence[str], encoder: SentenceEncoder, *, folder: Path | None = None) -> Floats:
    """[len(texts), dimensions] as ``SentenceEncoder.encode`` gives them; ``folder`` in place of the usual one."""
    distinct = sorted(set(texts))
    path = (folder or cache_folder()) / f"{_digest(distinct, encoder)}.safetensors"
    vectors = _kept(path, len(distinct))
    if vectors is None:
        vectors = encoder.encode(distinct)
        with contextlib.suppress(OSError, SafetensorError):
            _keep(path, vectors)
    place = {text: row for row, text in enumerate(distinct)}
    return vectors[np.array([place[text] for text in texts], np.int64)] if len(texts) else vectors


def cache_folder() -> Path:
    named = os.environ.get("GOVERN_VECTOR_CACHE", "")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "govern" / "vectors"


def _digest(texts: list[str], encoder: SentenceEncoder) -> str:
    digest = hashlib.sha256()
    for path in sorted([*encoder.folder.rglob("*.safetensors"), *encoder.folder.rglob("*.json")]):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    digest.update(json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _kept(path: Path, rows: int) -> Floats | None:
    """What an earlier call has kept; None where there is nothing, or nothing whole."""
    try:
        arrays = load_file(str(path))
    except (OSError, SafetensorError):
        return None
    with contextlib.suppress(OSError):
        path.touch()
    vectors: Floats | None = arrays.get("vectors")
    whole = vectors is not None and vectors.ndim == 2 and len(vectors) == rows and vectors.dtype == np.float32
    return vectors if whole else None


def _keep(path: Path, vectors: Floats) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".draft-", dir=path.parent)
    os.close(handle)
    try:
        save_file({"vectors": vectors}, draft)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    _make_room(path)


def _make_room(newest: Path) -> None:
    """Remove what was asked for longest ago until the folder is small enough; ``newest`` stays, however large."""
    others = {each: each.stat() for each in newest.parent.glob("*.safetensors") if each != newest}
    size = newest.stat().st_size + sum(found.st_size for found in others.values())
    for path, found in sorted(others.items(), key=lambda each: each[1].st_mtime):
        if size <= LARGEST_FOLDER:
            return
        path.unlink(missing_ok=True)
        size -= found.st_size
