"""Values of each user kept in a file give the same comparison as the evaluations that they came from."""

from pathlib import Path

import numpy as np
import pytest

from ml.errors import DataError
from ml.evaluation.harness import Evaluation, compare
from ml.evaluation.protocol import Protocol
from ml.evaluation.stored import compare_stored, read_values, write_values

PROTOCOL = Protocol(split="time:0.9", train_until="2026-01-01T00:00:00Z", test_until="")


def evaluation(seed: int, users: int = 200, protocol: Protocol = PROTOCOL) -> Evaluation:
    rng = np.random.default_rng(seed)
    values = {"ndcg@10": rng.random(users), "auc": rng.random(users)}
    values["auc"][:5] = np.nan
    return Evaluation(np.array([f"ü{n}" for n in range(users)], dtype=object), values, {}, protocol)


def test_a_comparison_of_files_is_that_of_the_evaluations(tmp_path: Path) -> None:
    ours, theirs = evaluation(1), evaluation(2)
    for name, each in (("ours", ours), ("theirs", theirs)):
        write_values(tmp_path / "deep" / f"{name}.parquet", each)
    stored = [read_values(tmp_path / "deep" / f"{name}.parquet") for name in ("ours", "theirs")]
    for metric in ("ndcg@10", "auc"):
        assert compare_stored(*stored, metric) == compare(ours, theirs, metric)
    assert np.isnan(stored[0].values["auc"][:5]).all()
    assert list(stored[0].users[:2]) == ["ü0", "ü1"]


@pytest.mark.parametrize(
    "other",
    [
        evaluation(2, users=199),
        evaluation(2, protocol=Protocol(split="loo", train_until="", test_until="")),
    ],
    ids=["users", "protocol"],
)
def test_different_users_or_protocols_are_refused(tmp_path: Path, other: Evaluation) -> None:
    write_values(tmp_path / "a.parquet", evaluation(1))
    write_values(tmp_path / "b.parquet", other)
    with pytest.raises(DataError, match="measured differently"):
        compare_stored(read_values(tmp_path / "a.parquet"), read_values(tmp_path / "b.parquet"), "auc")


def test_an_unknown_metric_names_those_there_are(tmp_path: Path) -> None:
    write_values(tmp_path / "a.parquet", evaluation(1))
    stored = read_values(tmp_path / "a.parquet")
    with pytest.raises(DataError) as caught:
        compare_stored(stored, stored, "ndcg@5")
    assert "auc, ndcg@10" in caught.value.hint


@pytest.mark.parametrize("content", [None, b"", b"PAR1 nothing"])
def test_a_missing_or_broken_file_is_an_error_that_is_explained(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read"):
        read_values(path)
