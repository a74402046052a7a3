"""Agreement over seeds, against definitions spelled out and known values."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ml.data.splits import Parts
from ml.errors import DataError
from ml.evaluation.protocol import Protocol
from ml.evaluation.rankings import Rankings, rank
from ml.evaluation.stability import _agreement, _rank_biased, stability
from ml.models.base import create


def test_rank_biased_overlap_by_its_definition() -> None:
    rng, p, k = np.random.default_rng(0), 0.9, 6
    one, other = (np.stack([rng.permutation(9)[:k] for _ in range(40)]).astype(np.int32) for _ in range(2))
    agreement = _agreement(one, other)
    for user in range(40):
        common = [len(set(one[user, :depth]) & set(other[user, :depth])) for depth in range(1, k + 1)]
        assert agreement[user] == pytest.approx([x / d for d, x in enumerate(common, 1)])
        expected = common[-1] / k * p**k + (1 - p) / p * sum(p**d * x / d for d, x in enumerate(common, 1))
        assert _rank_biased(agreement)[user] == pytest.approx(expected)


def test_equal_lists_overlap_wholly_and_strangers_not_at_all() -> None:
    one = np.arange(10, dtype=np.int32)[None, :]
    assert _rank_biased(_agreement(one, one)).tolist() == pytest.approx([1])
    assert _rank_biased(_agreement(one, one + 10)).tolist() == [0]
    ended = np.array([[1, -1, -1]], np.int32)
    assert _agreement(ended, ended)[0].tolist() == pytest.approx([1, 1 / 2, 1 / 3])


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    one, other = (np.stack([rng.permutation(20)[:5] for _ in range(30)]).astype(np.int32) for _ in range(2))
    whole = _agreement(one, other)
    monkeypatch.setattr("ml.evaluation.stability.CELLS", 75)
    assert np.array_equal(_agreement(one, other), whole)


@pytest.fixture(scope="module")
def lists(parts: Parts, protocol: Protocol) -> Rankings:
    return rank(create("ease", {"l2": 10}).fit(parts.train), parts, protocol)


def test_the_document_over_seeds(lists: Rankings, protocol: Protocol) -> None:
    rng = np.random.default_rng(2)
    changed = replace(lists, ranked=rng.permuted(lists.ranked, axis=1), hits=np.roll(lists.hits, 1, axis=1))
    document = stability({0: lists, 1: lists, 2: changed}, protocol)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["values"][0] == document["values"][1] != document["values"][2]
    assert document["deviation"] == pytest.approx(np.std(document["values"], ddof=1))
    assert document["overlap"]["value"] == 1  # the same ten items, in another order
    assert 0.4 < document["rank_overlap"]["value"] < 1
    with pytest.raises(DataError, match="two seeds"):
        stability({0: lists}, protocol)
