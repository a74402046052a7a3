"""Titles reach the models that ask for them, from the command line too."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.data.facts import Facts
from ml.errors import DataError
from ml.recipes.features import title_vectors

FACTS = Facts(
    np.full(3, np.nan, np.float32),
    np.full(3, -1, np.int32),
    titles=["red lamp", "", "blue lamp"],
    groups=np.zeros((1, 0), np.float32),
)


def test_titles_are_encoded_where_the_options_ask_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVERN_VECTOR_CACHE", str(tmp_path))
    told: list[str] = []
    vectors = title_vectors("perceptron", {"titles": True}, FACTS, device="cpu", tell=told.append)
    assert vectors is not None
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0, 0.0, 1.0], abs=1e-5)
    assert told == ["Encoding the titles of 3 items"]
    assert len(list(tmp_path.iterdir())) == 1
    assert title_vectors("perceptron", {"titles": False}, FACTS) is None
    assert title_vectors("ease", {}, FACTS) is None


@pytest.mark.parametrize("facts", [None, replace(FACTS, titles=["", "", ""])])
def test_without_titles_two_towers_go_by_ids_and_others_say_what_is_missing(facts: Facts | None) -> None:
    assert title_vectors("two_tower", {"titles": True}, facts) is None
    with pytest.raises(DataError, match="no titles to encode"):
        title_vectors("perceptron", {"titles": True}, facts)
