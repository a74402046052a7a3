"""Finds personal data in texts: names, addresses, places, organisations, dates and the like, by a trained network.

    tagger = Tagger.load("models/tagger")
    tagger.spans(["Ms. Rossi lives in Bologna."])

gives for each text its spans: first character, one past the last, entity, score. The network is a sentence encoder
fine-tuned by ``ml.recipes.train_tagger`` on texts that ``ml.text.personal_texts`` makes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from ml.errors import DataError
from ml.evaluation.spans import Span
from ml.models.bundle import read_named_bundle, write_bundle
from ml.text.tagging.decoding import spans_of
from ml.text.tagging.encoders import empty_encoder
from ml.text.tagging.labels import count_labels
from ml.text.tagging.network import TaggerNetwork
from ml.text.tagging.windows import Window, batch_of, centre_distance, cut
from ml.text.tagging.words import WordReader, Words
from ml.training.device import one_thread

NAME = "tagger"
CONFIG_KEYS = ("encoder", "thresholds", "window", "overlap", "training")
CHUNK = 2048  # texts that are held as sub-tokens at once
BATCH_TOKENS = 4096


class Tagger:
    """A network with its tokenizer. ``thresholds``: spans whose score is lower are not given."""

    def __init__(
        self,
        network: TaggerNetwork,
        reader: WordReader,
        *,
        entities: Sequence[str],
        thresholds: Mapping[str, float] | None = None,
        window: int = 160,
        overlap: int = 40,
        training: Mapping[str, Any] | None = None,
    ) -> None:
        self.network, self.reader = network.eval(), reader
        self.entities = tuple(entities)
        self.thresholds = dict(thresholds or {})
        self.window, self.overlap = window, overlap
        self.training = dict(training or {})  # what it was trained from: seed, versions, digests, figures
        self.marks = reader.marks()

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text in its order. Equal texts give equal spans, up to the last digits of the score."""
        found: list[list[Span]] = []
        for start in range(0, len(texts), CHUNK):
            words = self.reader.read(texts[start : start + CHUNK])
            with one_thread():
                scores = self.word_scores(words)
            found += [
                spans_of(each, score, self.entities, self.thresholds) for each, score in zip(words, scores, strict=True)
            ]
        return found

    @torch.inference_mode()
    def word_scores(self, texts: Sequence[Words]) -> list[NDArray[np.float32]]:
        """[words, labels] log probabilities of each text; a word in two windows is judged by the one around it."""
        labels = count_labels(self.entities)
        scores = [np.zeros((len(words), labels), np.float32) for words in texts]
        best = [np.full(len(words), -1) for words in texts]
        windows = [
            window
            for text, words in enumerate(texts)
            for window in cut(words, text=text, size=self.window, overlap=self.overlap)
        ]
        for group in self._groups(windows):
            logits = self.network(batch_of(group, texts, self.marks))
            answers = torch.log_softmax(logits.float(), dim=-1).numpy()  # [B, W, labels]
            for window, answer in zip(group, answers, strict=True):
                here = slice(window.first, window.last)
                distance = centre_distance(window)
                better = distance > best[window.text][here]
                scores[window.text][here][better] = answer[: len(distance)][better]
                best[window.text][here][better] = distance[better]
        return scores

    @staticmethod
    def _groups(windows: list[Window]) -> list[list[Window]]:
        """Windows of like length together, about BATCH_TOKENS sub-tokens in a group."""
        groups: list[list[Window]] = []
        for window in sorted(windows, key=len):
            if groups and (len(groups[-1]) + 1) * (len(window) + 2) <= BATCH_TOKENS:
                groups[-1].append(window)
            else:
                groups.append([window])
        return groups

    def save(self, folder: str | Path) -> dict[str, Any]:
        """Write the bundle and return its manifest. Weights are kept in half precision."""
        state = {
            key: value.half() if value.is_floating_point() else value
            for key, value in self.network.state_dict().items()
        }
        config = {
            "encoder": self.network.encoder.config.to_dict(),
            "thresholds": self.thresholds,
            "window": self.window,
            "overlap": self.overlap,
            "training": self.training,
        }
        vocabulary = {"entities": list(self.entities), "tokenizer": [self.reader.document]}
        return write_bundle(Path(folder), name=NAME, config=config, arrays=state, vocabulary=vocabulary)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Raises DataError for a folder that holds no tagger, or a damaged one."""
        bundle = read_named_bundle(Path(folder), NAME)
        broken = DataError("The bundle of the tagger is not complete.", where=str(folder), hint="Train it again.")
        config, vocabulary = bundle.config, bundle.vocabulary
        if any(key not in config for key in CONFIG_KEYS) or len(vocabulary.get("tokenizer", [])) != 1:
            raise broken
        entities = [str(entity) for entity in vocabulary.get("entities", [])]
        network = TaggerNetwork(empty_encoder(config["encoder"]), count_labels(entities))
        weights = {key: torch.from_numpy(value) for key, value in bundle.arrays.items()}
        try:
            network.load_state_dict(weights)  # copies into the network's own precision
        except RuntimeError as error:
            raise broken from error
        return cls(
            network,
            WordReader(vocabulary["tokenizer"][0]),
            entities=entities,
            thresholds=config["thresholds"],
            window=config["window"],
            overlap=config["overlap"],
            training=config["training"],
        )
