"""The only way from this app to ``ml``: how alike texts are, by the sentence encoder. Loads torch; for workers only."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings

from assessments.common.errors import GovernError


def likenesses(texts: Sequence[str], anchors: Sequence[str]) -> list[list[float]]:
    """[len(texts)][len(anchors)] cosines from -1 to 1; the anchors are encoded once in a process.

    Raises GovernError when there is no encoder, or none that can be read.
    """
    from ml.errors import DataError

    try:
        encoder = _encoder(settings.ENCODER_MODEL)
        vectors = encoder.encode(list(texts))
        return [[float(value) for value in row] for row in vectors @ _anchors(settings.ENCODER_MODEL, tuple(anchors)).T]
    except DataError as error:
        raise GovernError(error.message, where=error.where, hint=error.hint) from error


@lru_cache(maxsize=1)
def _encoder(folder: str) -> Any:
    from ml.text.encoder import SentenceEncoder

    return SentenceEncoder(folder)


@lru_cache(maxsize=8)
def _anchors(folder: str, texts: tuple[str, ...]) -> Any:
    return _encoder(folder).encode(list(texts))
