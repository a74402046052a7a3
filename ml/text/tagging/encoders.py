"""The encoder that the tagger starts from, and one of the same build without its weights."""

import hashlib
import os
from pathlib import Path
from typing import Any

from ml.errors import DataError
from ml.text.encoder import check_folder, default_folder

TOKENIZER = "tokenizer.json"


def encoder_folder(folder: str | Path = "") -> Path:
    """The named folder, else that of GOVERN_ENCODER_MODEL, else the packaged one."""
    chosen = str(folder) or os.environ.get("GOVERN_ENCODER_MODEL", "")
    return check_folder(Path(chosen) if chosen else default_folder())


def read_encoder(folder: Path) -> tuple[Any, str]:
    """The encoder with its weights, and the text of its tokenizer."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from safetensors import SafetensorError
    from transformers import AutoModel

    where = transformer_folder(folder)
    try:
        document = (where / TOKENIZER).read_text(encoding="utf-8")
        encoder = AutoModel.from_pretrained(
            str(where), local_files_only=True, trust_remote_code=False, use_safetensors=True
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise DataError(
            "The sentence encoder cannot be loaded.",
            where=str(folder),
            hint="Name a folder that sentence-transformers has saved, with safetensors weights.",
        ) from error
    return encoder, document


def transformer_folder(folder: Path) -> Path:
    """Where the transformer of a sentence encoder lies: its own folder, or the first module's."""
    inner = folder / "0_Transformer"
    return inner if inner.is_dir() else folder


def empty_encoder(config: dict[str, Any]) -> Any:
    """An encoder of this configuration with random weights. Raises DataError for an unknown kind."""
    from transformers import AutoConfig, AutoModel

    try:
        return AutoModel.from_config(  # type: ignore[no-untyped-call]
            AutoConfig.for_model(**config), trust_remote_code=False
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError("The encoder of the tagger is of an unknown kind.", where="encoder") from error


def encoder_digest(folder: Path) -> str:
    """SHA-256 over the encoder's weights and tokenizer."""
    digest = hashlib.sha256()
    where = transformer_folder(folder)
    for path in sorted([*where.glob("*.safetensors"), where / TOKENIZER]):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
