"""What changes a protocol's digest, and what it refuses."""

from dataclasses import replace

import pytest

from ml.errors import DataError
from ml.evaluation.protocol import Protocol

PROTOCOL = Protocol(split="time:2011-10-10T00:00:00Z,28d", train_until="2011-10-10T00:00:00Z", test_until="")


def test_digest_is_the_same_for_the_same_protocol() -> None:
    again = Protocol(split="time:2011-10-10T00:00:00Z,28d", train_until="2011-10-10T00:00:00Z", test_until="")
    assert again.digest == PROTOCOL.digest == PROTOCOL.document()["digest"]
    assert len(PROTOCOL.digest) == 64


@pytest.mark.parametrize(
    "change",
    [{"repeats": "masked"}, {"cutoffs": (5,)}, {"split": "time:0.9"}, {"preparation": {"quantity": "any"}}],
)
def test_digest_changes_with_the_protocol(change: dict) -> None:
    assert replace(PROTOCOL, **change).digest != PROTOCOL.digest


@pytest.mark.parametrize(
    ("change", "where"), [({"repeats": "some"}, "repeats"), ({"cutoffs": (0,)}, "k"), ({"cutoffs": ()}, "k")]
)
def test_impossible_protocols_are_refused(change: dict, where: str) -> None:
    with pytest.raises(DataError) as caught:
        replace(PROTOCOL, **change)
    assert caught.value.where == where


def test_what_the_split_implies_is_told_but_changes_no_digest() -> None:
    told = replace(PROTOCOL, split_ties="by the greatest id", tied_share=0.25)
    assert told.digest == PROTOCOL.digest
    assert told.document()["tied_share"] == 0.25


def test_the_digest_of_a_stored_protocol_stands() -> None:
    stored = Protocol(split="time:0.9", train_until="2011-10-10T00:00:00Z", test_until="")
    assert stored.digest == "94d3f45210702c98ed5f76c54758a836869338478d863bab9486f76333dcdbf1"
