"""From the network's probabilities to spans: the likeliest legal sequence of labels, then a threshold per entity."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.spans import Span
from ml.text.tagging.labels import OUTSIDE, begin, entity_of, is_inside, starts, transitions
from ml.text.tagging.words import Words


def best_labels(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """[W] the legal sequence with the largest sum (Viterbi 1967). ``scores`` are [W, labels] log probabilities."""
    count, labels = scores.shape
    if count == 0:
        return np.zeros(0, np.int64)
    plain = scores.argmax(axis=1)
    if _legal(plain):
        return np.asarray(plain, np.int64)
    move = transitions(labels)
    back = np.zeros((count, labels), np.int64)
    total = scores[0] + starts(labels)
    for word in range(1, count):
        reached = total[:, None] + move
        back[word] = reached.argmax(axis=0)
        total = reached.max(axis=0) + scores[word]
    path = np.zeros(count, np.int64)
    path[-1] = total.argmax()
    for word in range(count - 1, 0, -1):
        path[word - 1] = back[word, path[word]]
    return path


def _legal(labels: NDArray[np.integer]) -> bool:
    """Whether each inside follows its own entity; then the largest of each word is the best sequence."""
    before = np.concatenate(([OUTSIDE], labels[:-1]))
    inside = (labels > 0) & (labels % 2 == 0)
    return bool(np.all(~inside | (before == labels) | (before == labels - 1)))


def spans_of(
    words: Words, scores: NDArray[np.float32], entities: Sequence[str], thresholds: Mapping[str, float] | None = None
) -> list[Span]:
    """The spans in order of the text, each with the mean probability of its entity over its words as its score."""
    path = best_labels(scores)
    found = []
    for first, last in _runs(path):
        entity = entity_of(int(path[first]))
        label = begin(entity)
        score = float(np.exp(scores[first : last + 1, label : label + 2]).sum(axis=1).mean())
        name = entities[entity]
        if score >= (thresholds or {}).get(name, 0.0):
            place = words.places
            found.append(Span(int(place[first, 0]), int(place[last, 1]), name, round(min(score, 1.0), 4)))
    return found


def _runs(path: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last word of each entity."""
    runs: list[tuple[int, int]] = []
    for place, label in enumerate(path.tolist()):
        if label == OUTSIDE:
            continue
        if is_inside(label) and runs:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
