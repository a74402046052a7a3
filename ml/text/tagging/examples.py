"""Labelled texts as windows in batches of like length."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import torch

from ml.evaluation.spans import Span
from ml.text.tagging.network import Batch
from ml.text.tagging.windows import batch_of, cut
from ml.text.tagging.words import WordReader, label_words

POOL = 50  # batches whose windows are sorted by length together: mixed enough, and little padding


class Labelled(Protocol):
    """A text and the spans in it."""

    @property
    def text(self) -> str: ...

    @property
    def spans(self) -> Sequence[Span]: ...


class Examples:
    """Texts read once. ``batches`` gives them in a new order each time that its generator is drawn from."""

    def __init__(self, texts: Sequence[Labelled], reader: WordReader, entities: Sequence[str], *, window: int) -> None:
        self.words = reader.read([each.text for each in texts])
        self.labels = [label_words(words, each.spans, entities) for words, each in zip(self.words, texts, strict=True)]
        self.windows = [
            part for place, words in enumerate(self.words) for part in cut(words, text=place, size=window, overlap=0)
        ]
        self.marks = reader.marks()

    def count_batches(self, size: int) -> int:
        return -(-len(self.windows) // size)

    def batches(self, size: int, order: torch.Generator) -> Iterator[Batch]:
        """Each window once; ``size`` windows in a batch."""
        mixed = torch.randperm(len(self.windows), generator=order).tolist()
        for start in range(0, len(mixed), size * POOL):
            pool = sorted(mixed[start : start + size * POOL], key=lambda place: (len(self.windows[place]), place))
            groups = [pool[first : first + size] for first in range(0, len(pool), size)]
            for group in torch.randperm(len(groups), generator=order).tolist():
                yield self._batch(groups[group])

    def _batch(self, places: list[int]) -> Batch:
        return batch_of([self.windows[place] for place in places], self.words, self.marks, self.labels)
